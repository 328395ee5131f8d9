"""Grade *Ask the right question*: a small kubelet plays the probes over what may happen."""

import runpy
from functools import cache
from pathlib import Path

import pytest

from workbook import manifests
from workbook.schemas import mapping, parts

pytestmark = pytest.mark.needs("kubernetes-validate")
DATA = Path(__file__).with_name("probes")
PORT = 8000
FIELDS = {"delay": "initialDelaySeconds", "period": "periodSeconds", "timeout": "timeoutSeconds",
          "successes": "successThreshold", "failures": "failureThreshold"}  # fmt: skip
KINDS = ("startup", "readiness", "liveness")
SOON, STALE, HUNG = 15, 30, 60  # seconds, as the task has them
MOST = 1_000_000  # of any number in a probe: the model counts no further


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which field does the message name, and what may stand there?",
    "All fields of a probe: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe",
)
def test_the_api_server_takes_the_probes(submission, advise):
    """The API server takes the Deployment, with every probe in it."""
    found = [
        each
        for each in manifests.findings(manifests.read(submission, "deployment.yaml"))
        if "image" not in each.code
    ]

    advise(any(each.code == "unknown-field" for each in found), "A field that nobody knows asks "
           "nothing. Who would have told you?")  # fmt: skip
    advise(any("successThreshold" in each.message for each in found), "How often does a process "
           "have to answer before it counts as alive?")  # fmt: skip
    told = ". ".join(map(str, found[:3]))
    assert not found, f"{told}. Expected nothing that the API server refuses."
    container(submission)


@pytest.mark.points(2)
@pytest.mark.hint(
    "At which second does each probe ask for the first time, and how often may it fail by then?",
    "What a startup probe holds back: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#types-of-probe",
)
def test_a_slow_start_is_waited_for(submission, advise):
    """Whether it starts in seconds or in a minute and a half, it is waited for, and no longer."""
    quick, slow = (played(submission, name) for name in ("quick", "slow"))

    ready = {"quick": app("quick").ready, "slow": app("slow").ready}
    early = [each for each, name in ((quick, "quick"), (slow, "slow")) if first(each) < ready[name]]
    late = [name for each, name in ((quick, "quick"), (slow, "slow"))
            if first(each) > ready[name] + SOON]  # fmt: skip
    advise(slow["restarts"], "Who ended the container that was still starting, and what did the "
           "next one have to do?")  # fmt: skip
    advise(early, "Who sends requests to it before it has its tide table, and who told them to?")
    advise("quick" in late, "It was ready after a few seconds. What did it wait for then?")
    for each in (quick, slow):
        assert not each["restarts"], f"While it started: {restarts(each)}. Expected none."
    assert not early, f"It got requests at {clock(first(early[0]))}, before it was ready for them."
    assert not late, (
        f"Requests came {when(first(quick))} (quick start) and {when(first(slow))} (slow start), "
        f"ready at 0:06 and 1:35. Expected at most {SOON} s of waiting."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "The table expires at 5:00 and a new one comes at 15:00. What does each probe see between?",
    "What a failed readiness probe does: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe",
)
def test_a_stale_table_takes_it_out_of_service(submission, advise):
    """Without a table that holds, it gets no requests; it is not restarted, and comes back."""
    runs = [played(submission, name) for name in ("stale", "stale_at_start")]

    since, until = app("stale").stale
    wrong = [each for each in runs if any(start < until and end > since + STALE
                                          for start, end in each["ready"])]  # fmt: skip
    back = [each for each in runs if not serves(each, until + STALE)]
    probes = read_probes(submission)
    advise(runs[0]["restarts"], "Who caused the restarts, and did any of them bring a new table?")
    advise(runs[1]["restarts"], "This one started while the table was stale. Was it broken?")
    advise(wrong and "readiness" not in probes, "Who keeps requests away from a pod that cannot "
           "answer them?")  # fmt: skip
    advise(wrong, "Which path tells that the table has expired, and how soon is it believed?")
    for each in runs:
        assert not each["restarts"], f"Stale from 5:00 to 15:00: {restarts(each)}. Expected none."
    assert not wrong, f"It {service(wrong[0])}; the table was stale from 5:00 to 15:00."
    assert not back, f"It {service(back[0])}. Expected some again {STALE} s after 15:00."


@pytest.mark.points(2)
@pytest.mark.hint(
    "The harbour office answers nothing for ten minutes. Can Causeway still answer a driver?",
    "How long a probe waits, and how often it may fail: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes",
)
def test_trouble_of_others_is_not_its_own(submission, advise):
    """While the harbour office is down it is neither restarted nor taken out of service."""
    run = played(submission, "upstream")

    probes = read_probes(submission)
    deep = [kind for kind, probe in probes.items() if probe.path == "/healthz"]
    hasty = [kind for kind in KINDS[1:] if kind in probes and probes[kind].timeout < 2]
    lost = not any(start <= 60 and end >= app("upstream").ends for start, end in run["ready"])
    advise(deep, "Whose health does that path tell, and what does a restart of yours do for it?")
    advise((lost or run["restarts"]) and hasty, "An answer takes a second and a half now. Is a "
           "process that answers late a dead one?")  # fmt: skip
    advise((lost or run["restarts"]) and not hasty, "One answer in a minute is late. How many does "
           "it take until you believe that something is wrong?")  # fmt: skip
    assert not run["restarts"], f"Down from 2:00 to 12:00: {restarts(run)}. Expected none."
    assert not lost, f"It {service(run)}. Expected some all the time from 1:00 on."


@pytest.mark.points(2)
@pytest.mark.hint(
    "All threads wait for one another. Which question would still be answered, and which not?",
    "When a container is restarted: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#liveness-probe",
)
def test_a_deadlock_ends(submission, advise):
    """Half a minute after a deadlock it gets no requests, a minute after it is restarted, once."""
    run = played(submission, "deadlock")

    hangs = app("deadlock").hangs
    probes = read_probes(submission)
    took = [end for start, end in run["ready"] if start < hangs]
    late = not run["restarts"] or run["restarts"][0] > hangs + HUNG
    advise("liveness" not in probes, "The process hangs and does not end. Who would restart it?")
    advise("liveness" in probes and probes["liveness"].path is None, "The kernel still takes "
           "connections for a process that hangs. What does that probe see?")  # fmt: skip
    advise(late and "liveness" in probes, "It hung at 0:40. When does the liveness probe ask for "
           "the first time, and when for the last?")  # fmt: skip
    advise(not late and took and took[0] > hangs + STALE, "Who keeps the requests away until the "
           "container is replaced?")  # fmt: skip
    assert not late, f"Hung at {clock(hangs)}: {restarts(run)}. Expected one by 1:40."
    assert len(run["restarts"]) == 1, f"Hung at 0:40 once: {restarts(run)}. Expected one."
    assert not took or took[0] <= hangs + STALE, (
        f"It got requests until {clock(took[0])}. Expected none from {clock(hangs + STALE)} on."
    )
    assert serves(run, app("deadlock").ends - 1), f"It {service(run)}, and none after the restart."


def container(submission):
    """Give the pod's spec and its container."""
    spec = manifests.deployment(manifests.read(submission, "deployment.yaml")).spec
    ours = [each for _, each in parts(spec, "containers") if each.get("name") == "causeway"]
    assert ours, "There is no container called causeway. Expected it with its probes."
    return spec, ours[0]


def is_whole(value, least):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST


@cache
def model():
    """Load the kubelet."""
    return runpy.run_path(str(DATA / "kubelet.py"))


def app(name):
    return model()["TRACES"][name]


def read_probes(submission):
    """Give the probes as the kubelet reads them, what is not said by default."""
    _, given = container(submission)
    named = {each.get("name"): each.get("containerPort") for _, each in parts(given, "ports")
             if isinstance(each.get("name"), str)}  # fmt: skip
    found = {}
    for kind in KINDS:
        probe = given.get(f"{kind}Probe")
        if probe is None:
            continue
        how = mapping(probe, "httpGet") or mapping(probe, "tcpSocket")
        text = "The kubelet of this exercise knows httpGet and tcpSocket"
        assert how, f"{kind}Probe asks in no way that can be played. {text}."
        port = how.get("port")
        port = named.get(port) if isinstance(port, str) else port
        path = how.get("path") if mapping(probe, "httpGet") else None
        if mapping(probe, "httpGet") and not isinstance(path, str):
            path = "/"
        plain = how.get("scheme", "HTTP") == "HTTP" and "host" not in how
        numbers = {ours: probe[theirs] for ours, theirs in FIELDS.items()
                   if probe.get(theirs) is not None}  # fmt: skip
        for ours, value in numbers.items():
            least = 0 if ours == "delay" else 1
            fits = is_whole(value, least)
            assert fits, f"{kind}Probe: {FIELDS[ours]} is {value!r}. Expected {least} to {MOST}."
        found[kind] = model()["Probe"](kind, path, plain and port == PORT, **numbers)
    return found


def played(submission, name):
    """Play the trace *name*: the restarts, and the times in which requests came."""
    spec, _ = container(submission)
    grace = spec.get("terminationGracePeriodSeconds", 30)
    fits = is_whole(grace, 0)
    assert fits, f"terminationGracePeriodSeconds is {grace!r}. Expected 0 to {MOST}."
    kubelet = model()
    return kubelet["play"](kubelet["TRACES"][name], list(read_probes(submission).values()), grace)


def first(run):
    """Give when it got its first request; never is late."""
    return run["ready"][0][0] if run["ready"] else float("inf")


def serves(run, moment):
    return any(start <= moment < end for start, end in run["ready"])


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def when(seconds):
    return f"from {clock(seconds)} on" if seconds < float("inf") else "never"


def restarts(run):
    """Say when it was restarted: the first three times."""
    times = [clock(each) for each in run["restarts"]]
    more = f" and {len(times) - 3} times more" if len(times) > 3 else ""
    return f"restarted at {', '.join(times[:3])}{more}" if times else "never restarted"


def service(run):
    """Say from when to when requests came."""
    times = [f"{clock(start)} to {clock(end)}" for start, end in run["ready"]]
    more = " and more" if len(times) > 4 else ""
    return f"got requests {', '.join(times[:4])}{more}" if times else "got no requests"
