"""Grade *Roll out in a small room*: a rollout and a drain are played by their arithmetic."""

import re
import runpy
from functools import cache
from pathlib import Path

import pytest

from workbook import manifests
from workbook.relations import selects
from workbook.schemas import mapping, parts

pytestmark = pytest.mark.needs("kubernetes-validate")
DATA = Path(__file__).with_name("rollout_under_quota")
NEED = 4  # pods that serve, at every moment
CPU, MEMORY = manifests.quantity("140m"), manifests.quantity("110Mi")  # of a pod under load
AMOUNTS = ("requests.cpu", "requests.memory", "limits.memory")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Multiply what one pod says by the number of pods. What does the quota say to the sum?",
    "What a quota asks of every pod: https://kubernetes.io/docs/concepts/policy/resource-quotas/",
)
def test_every_pod_is_admitted(submission, advise):
    """The API server takes the manifest, and the quota and the nodes take every pod of it."""
    found = [
        each
        for each in manifests.findings(manifests.read(submission, "causeway.yaml"))
        if "image" not in each.code
    ]
    told = ". ".join(map(str, found[:3]))
    assert not found, f"{told}. Expected nothing that the API server refuses."

    plan, unsaid = read_plan(submission)
    advise(unsaid, "The quota counts what pods ask for. What does it do with a pod that says "
           "nothing?")  # fmt: skip
    assert not unsaid, f"The quota refuses a pod that says nothing of {', '.join(unsaid)}."
    _, refused, waiting = model()["rest"](plan)
    advise(refused, "How many pods of this size fit into the quota, with nothing going on?")
    assert not refused, f"Of {plan.replicas} pods the quota refuses {refused}. Expected none."
    assert not waiting, f"Of {plan.replicas} pods {waiting} find no room on a node. Expected none."


@pytest.mark.points(1)
@pytest.mark.hint(
    "What was measured, and what is promised to the pod?",
    "What happens beyond a request and a limit: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run",
)
def test_each_pod_asks_for_what_it_takes(submission, advise):
    """Each pod asks for no less than it was measured to take."""
    _, container = workload(submission)

    says = amounts(container)
    less = [name for name, least in zip(AMOUNTS, (CPU, MEMORY, MEMORY), strict=True)
            if name in says and says[name] < least]  # fmt: skip
    advise("limits.memory" in less, "What does the kernel do with a process above its limit?")
    advise(less, "The sum fits now. Did the pods become smaller, or what they say of themselves?")
    assert not less, f"Less than measured: {', '.join(less)}. Expected 140m and 110Mi at least."


@pytest.mark.points(2)
@pytest.mark.hint(
    "How many pods are there at the fullest moment, and which of them does the quota refuse?",
    "How far a rollout may go: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment",
)
def test_the_rollout_ends_within_the_quota(submission, advise):
    """The rollout ends, and at no moment of it is a pod refused or left waiting for room."""
    plan = play(submission)

    run = model()["rollout"](plan)
    said = f"{plan.replicas} pods, {plan.surge} more and {plan.unavailable} fewer allowed"
    advise(run["refused"] and not run["ends"], "The new pod waits for room in the quota, the old "
           "one for the new. Which of them gives way?")  # fmt: skip
    advise(run["refused"], "How many pods are there while old and new stand side by side?")
    assert run["ends"], f"{said}: the rollout never ends. Expected it to."
    assert not run["refused"], f"{said}: the quota refuses {run['refused']}. Expected none."
    assert not run["waiting"], f"{said}: {run['waiting']} wait for a node. Expected none."


@pytest.mark.points(2)
@pytest.mark.hint(
    "At the worst moment of the rollout: how many old pods have gone, how many new ones serve?",
    "What may be missing: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable",
)
def test_four_serve_during_the_rollout(submission, advise):
    """At every moment of a rollout at least four pods serve."""
    plan = play(submission)

    run = model()["rollout"](plan)
    strategy = mapping(workload(submission)[0].owner, "spec", "strategy")
    advise(strategy.get("type") == "Recreate", "What serves between the last old pod and the first "
           "new one?")  # fmt: skip
    advise(not strategy.get("rollingUpdate"), "You have not said how many may be missing. What is "
           "it then?")  # fmt: skip
    advise(run["fewest"] == 0, "Everything may be missing at once. Who answers meanwhile?")
    assert run["fewest"] >= NEED, (
        f"{plan.replicas} pods, {plan.unavailable} may be missing: {run['fewest']} serve at the "
        f"worst moment. Expected {NEED}."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "How many pods may a drain take at the moment it begins?",
    "How a budget is counted: https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
)
def test_a_drain_ends(submission, advise):
    """Each node can be drained: the budget lets pods go, and they find another place."""
    plan = play(submission)

    run = model()["drain"](plan)
    full = plan.healthy is not None and plan.healthy >= plan.replicas
    advise(full, "The budget wants as many pods as there are. When does the drain end?")
    advise(not run["ends"] and not full, "Where does an evicted pod go, while one node of three is "
           "closed?")  # fmt: skip
    assert run["ends"], (
        f"{plan.replicas} pods, of which the budget wants {plan.healthy}: a drain never ends. "
        "Expected it to."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "A node is drained. Who says how many of its pods may go at once?",
    "What a budget is for: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
)
def test_four_serve_during_a_drain(submission, advise):
    """At every moment of a drain at least four pods serve."""
    plan = play(submission)

    run = model()["drain"](plan)
    spare = plan.replicas - NEED
    advise(plan.healthy is None, "A drain takes every pod of the node at once, unless somebody "
           "says otherwise. Who does?")  # fmt: skip
    advise(spare <= 0, "Four are needed and one has to move. How many must there be?")
    advise(plan.healthy is not None and plan.healthy < NEED, "How many does the budget leave, once "
           "its percentage is made a number of pods?")  # fmt: skip
    wanted = "no budget" if plan.healthy is None else f"a budget that wants {plan.healthy}"
    assert run["fewest"] >= NEED, (
        f"{plan.replicas} pods, {wanted}: {run['fewest']} serve during a drain. Expected {NEED}."
    )


@cache
def model():
    """Load the cluster's arithmetic."""
    return runpy.run_path(str(DATA / "cluster.py"))


def workload(submission):
    """Give the template of the Deployment and its container."""
    template = manifests.deployment(manifests.read(submission, "causeway.yaml"))
    containers = [each for _, each in parts(template.spec, "containers")]
    assert len(containers) == 1, f"There are {len(containers)} containers. Expected the one."
    return template, containers[0]


def amounts(container):
    """Give what the pod takes of the quota; what is not requested is the limit."""
    limits, requests = (mapping(container, "resources", kind) for kind in ("limits", "requests"))
    given = {"requests.cpu": requests.get("cpu", limits.get("cpu")),
             "requests.memory": requests.get("memory", limits.get("memory")),
             "limits.memory": limits.get("memory")}  # fmt: skip
    known = {name: manifests.quantity(value) for name, value in given.items()}
    return {name: value for name, value in known.items() if value is not None and value > 0}


def read_plan(submission):
    """Give the plan, and what the quota misses in it."""
    template, container = workload(submission)
    spec = mapping(template.owner, "spec")
    replicas = spec.get("replicas", 1)
    most = model()["MOST"]
    fits = isinstance(replicas, int) and not isinstance(replicas, bool) and 0 < replicas <= most
    assert fits, f"replicas is {replicas!r}. Expected 1 to {most}."
    strategy = mapping(spec, "strategy")
    rolling = mapping(strategy, "rollingUpdate")
    surge, unavailable = (
        share(rolling.get(key, "25%"), key) for key in ("maxSurge", "maxUnavailable")
    )
    more, fewer = model()["fenceposts"](surge, unavailable, replicas)
    if strategy.get("type") == "Recreate":
        more, fewer = 0, replicas
    says = amounts(container)
    healthy = budget(submission, template, replicas)
    plan = model()["Plan"](replicas, more, min(fewer, replicas), says, healthy)
    return plan, [name for name in AMOUNTS if name not in says]


def play(submission):
    """Give the plan of pods that the quota can count."""
    plan, unsaid = read_plan(submission)
    _, refused, waiting = model()["rest"](plan)
    assert not unsaid, f"No pod runs: the quota misses {', '.join(unsaid)}. Expected them to run."
    missing = refused + waiting
    assert not missing, f"Of {plan.replicas} pods {missing} never run. Expected all of them."
    return plan


def budget(submission, template, replicas):
    """Give how many healthy pods the budgets want, None where none of them is for these pods."""
    wanted = []
    for each in manifests.read(submission, "causeway.yaml"):
        chosen = mapping(each, "spec").get("selector")
        mine = mapping(each).get("kind") == "PodDisruptionBudget" and isinstance(chosen, dict)
        if not mine or not selects(chosen, mapping(template.metadata, "labels")):
            continue
        spec = mapping(each, "spec")
        said = [key for key in ("minAvailable", "maxUnavailable") if spec.get(key) is not None]
        assert len(said) == 1, (
            f"The budget says {len(said)} of minAvailable and maxUnavailable. Expected one of them."
        )
        pods = model()["scaled"](share(spec[said[0]], said[0]), replicas, True)
        wanted.append(pods if said == ["minAvailable"] else replicas - pods)
    assert len(wanted) < 2, (
        f"{len(wanted)} budgets are for these pods. Expected one: eviction fails."
    )
    return max(0, wanted[0]) if wanted else None


def share(value, key):
    """Read a number of pods or a percentage."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9999
    fits = fits or (isinstance(value, str) and bool(re.fullmatch("[0-9]{1,4}%", value)))
    assert fits, f"{key} is {value!r}. Expected a number of pods, or a percentage like '25%'."
    return value
