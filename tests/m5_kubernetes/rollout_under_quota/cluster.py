"""The arithmetic of a rollout and of a drain, in a namespace with a quota and on three nodes.

From the Deployment controller and the disruption controller in Kubernetes' own sources:
pkg/controller/deployment/rolling.go, util/deployment_util.go, pkg/controller/disruption.
Simpler than these: a pod that is stopped has left before the next one comes, and one that found
its place is ready a step later.
"""

from dataclasses import dataclass
from fractions import Fraction

QUOTA = {"requests.cpu": Fraction(1), "requests.memory": Fraction(2**30),
         "limits.memory": Fraction(1536 * 2**20)}  # fmt: skip
NODES = 3
ROOM = {"requests.cpu": Fraction(1, 2), "requests.memory": Fraction(512 * 2**20)}  # of each node
STEPS = 300  # more than any rollout of MOST pods takes
MOST = 50  # pods that a Deployment may have here


@dataclass(frozen=True)
class Plan:
    """What the manifest says: pods, their steps, what each takes, and what a drain must leave.

    *healthy* is how many pods a disruption budget wants, None without one.
    """

    replicas: int
    surge: int
    unavailable: int
    pod: dict[str, Fraction]
    healthy: int | None = None


def scaled(value: int | str, total: int, up: bool) -> int:
    """Give a number of pods: percentages of *total* are rounded up, or down."""
    if isinstance(value, int):
        return value
    part = int(value.removesuffix("%")) * total
    return -(-part // 100) if up else part // 100


def fenceposts(surge: int | str, unavailable: int | str, replicas: int) -> tuple[int, int]:
    """Resolve both: surge is rounded up, unavailable down, and both can never be 0."""
    more, fewer = scaled(surge, replicas, True), scaled(unavailable, replicas, False)
    return more, fewer if more or fewer else 1


def fitting(given: dict[str, Fraction], pod: dict[str, Fraction]) -> int:
    """Give how many such pods fit into what is *given*."""
    counts = [given[key] // pod[key] for key in given if pod.get(key)]
    return min([2 * MOST, *counts])


class Nodes:
    """Where pods are: each goes to the node with the most room."""

    def __init__(self, pod: dict[str, Fraction]) -> None:
        self.room = fitting(ROOM, pod)
        self.pods = [0] * NODES

    def place(self, closed: int | None = None) -> bool:
        """Find a place for a pod; none is on the node *closed*."""
        free = [node for node in range(NODES) if node != closed and self.pods[node] < self.room]
        if free:
            self.pods[min(free, key=lambda node: self.pods[node])] += 1
        return bool(free)

    def leave(self) -> None:
        """Take one away where there are most."""
        self.pods[max(range(NODES), key=lambda node: self.pods[node])] -= 1


def rest(plan: Plan) -> tuple[Nodes, int, int]:
    """Start all pods: the nodes, how many the quota refused, how many found no room."""
    nodes = Nodes(plan.pod)
    admitted = min(plan.replicas, fitting(QUOTA, plan.pod))
    placed = sum(nodes.place() for _ in range(admitted))
    return nodes, plan.replicas - admitted, admitted - placed


def rollout(plan: Plan) -> dict[str, int | bool]:
    """Replace all pods. Gives whether it ends, how few served, how many pods there were at most.

    *refused* is by the quota, *waiting* for room, the most at one time.
    """
    nodes, _, _ = rest(plan)
    old, wanted, new, ready = sum(nodes.pods), 0, 0, 0  # new: told to be, made, serving
    found = {"ends": False, "fewest": old, "most": old, "refused": 0, "waiting": 0}
    least = plan.replicas - plan.unavailable
    for _ in range(STEPS):
        before = (old, wanted, new, ready)
        wanted += max(0, min(plan.replicas + plan.surge - old - wanted, plan.replicas - wanted))
        new += max(0, min(wanted - new, fitting(QUOTA, plan.pod) - old - new))
        placed = ready + sum(nodes.place() for _ in range(new - ready))
        found["most"] = max(found["most"], old + new)
        found["refused"] = max(found["refused"], wanted - new)
        found["waiting"] = max(found["waiting"], new - placed)
        # Only new pods that serve let old ones go: the others are no help to anybody.
        for _ in range(max(0, min(old, old + ready - least))):
            nodes.leave()
            old -= 1
        found["fewest"] = min(found["fewest"], old + ready)
        ready = placed
        if not old and ready == plan.replicas:
            found["ends"] = True
            break
        if before == (old, wanted, new, ready):
            break
    return found


def drain(plan: Plan) -> dict[str, int | bool]:
    """Empty one node after the other, as an upgrade does: whether it ends, how few served."""
    nodes, _, _ = rest(plan)
    fewest = sum(nodes.pods)
    for node in range(NODES):
        while nodes.pods[node]:
            serving = sum(nodes.pods)
            allowed = serving if plan.healthy is None else serving - plan.healthy
            evicted = max(0, min(allowed, nodes.pods[node]))
            if not evicted:
                return {"ends": False, "fewest": fewest}
            nodes.pods[node] -= evicted
            fewest = min(fewest, serving - evicted)
            for _ in range(plan.replicas - sum(nodes.pods)):
                nodes.place(closed=node)
        for _ in range(plan.replicas - sum(nodes.pods)):  # the node is back: who waited finds room
            nodes.place()
    return {"ends": True, "fewest": fewest}
