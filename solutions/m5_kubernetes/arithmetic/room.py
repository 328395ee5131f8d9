"""Who gets in, who is put where, who may be taken away, and how many there should be."""

import math
from collections.abc import Mapping, Sequence

from solutions.m5_kubernetes.arithmetic.rollout import Amount, scaled

MiB = int
TOLERANCE = 0.1  # of the horizontal autoscaler, by default


def with_defaults(container: Mapping[str, Mapping[str, MiB]]) -> dict[str, dict[str, MiB]]:
    """Give a container's resources as the API keeps them: a limit alone is a request as well.

    (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
    """
    limits = dict(container.get("limits", {}))
    return {"requests": limits | dict(container.get("requests", {})), "limits": limits}


def quality(containers: Sequence[Mapping[str, Mapping[str, MiB]]]) -> str:
    """Give a pod's class, which tells roughly whom a node short of memory evicts first.

    Guaranteed: each container has limits for CPU and memory, and requests equal to them.
    BestEffort: none has any. Burstable: whatever is between.
    (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/)
    """
    full = [with_defaults(each) for each in containers]
    if not any(each["requests"] or each["limits"] for each in full):
        return "BestEffort"
    for each in full:
        if set(each["limits"]) != {"cpu", "memory"} or each["requests"] != each["limits"]:
            return "Burstable"
    return "Guaranteed"


def place(request: MiB, pods: int, nodes: Sequence[MiB]) -> list[int]:
    """Give how many of *pods* each node gets, by what they request; what they use is not asked.

    Each goes to the node with the most room left, if it fits; one that fits nowhere is Pending.
    (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    #how-pods-with-resource-requests-are-scheduled)
    """
    counts = [0] * len(nodes)
    for _ in range(pods):
        left = [node - request * count for node, count in zip(nodes, counts, strict=True)]
        best = left.index(max(left))
        if left[best] >= request:
            # Pods without a request all look alike to this rule: spread them.
            best = best if request else counts.index(min(counts))
            counts[best] += 1
    return counts


def admit(request: MiB | None, used: MiB, hard: MiB) -> str:
    """Say what a quota on requests.memory makes of one more pod.

    A pod that requests nothing is refused as well: it cannot be counted.
    (https://kubernetes.io/docs/concepts/policy/resource-quotas/)
    """
    if request is None:
        return "403 Forbidden: must specify requests.memory"
    if used + request > hard:
        return f"403 Forbidden: requested {request}Mi, used {used}Mi, limited {hard}Mi"
    return f"created: {used + request}Mi of {hard}Mi"


def may_be_evicted(
    healthy: int,
    replicas: int,
    *,
    min_available: Amount | None = None,
    max_unavailable: Amount | None = None,
) -> int:
    """Give how many pods a disruption budget lets a drain take now. Percentages are rounded up.

    (https://kubernetes.io/docs/tasks/run-application/configure-pdb/)
    """
    if min_available is None:
        needed = replicas - scaled(max_unavailable or 0, replicas, up=True)
    else:
        needed = scaled(min_available, replicas, up=True)
    return max(0, healthy - needed)


def autoscaled(replicas: int, measured: float, target: float) -> int:
    """Give how many replicas the horizontal autoscaler asks for; near the target it does nothing.

    (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details)
    """
    ratio = measured / target
    return replicas if abs(ratio - 1) <= TOLERANCE else math.ceil(replicas * ratio)
