"""Grade *Evidence first*: quotes are looked up, patches are applied, and the night goes on."""

import copy
import hashlib
import re
from pathlib import Path

import pytest
import yaml

from workbook.manifests import documents, findings, quantity

pytestmark = pytest.mark.needs("kubernetes-validate")

DATA = Path(__file__).with_name("evidence_first")
CASES = yaml.safe_load((DATA / "cases.yaml").read_text(encoding="utf-8"))
CLUSTER = documents((DATA / "cluster.yaml").read_text(encoding="utf-8"))
CAUSES = (
    "leak", "limit", "no-image", "registry-refuses", "selector", "port", "network", "stale-data",
    "probe", "request", "nodes-full", "setting", "slow-start",
)  # fmt: skip
# What becomes visible where, of what may be wrong with Causeway.
SHOWS = {
    "rollout": {"not-pulled", "pending", "crashes", "not-ready"},
    "pods": {"not-pulled", "pending", "crashes", "not-ready"},
    "endpoints": {"unreachable", "pending", "crashes", "not-ready"},
    "memory": {"killed"},
    "nodes": set(),
    "apply": set(),
    "restart": set(),
}
TOLD = {
    "not-pulled": "the image cannot be pulled, and the old pods stay",
    "pending": "the pods are Pending: no node has the CPU that they request",
    "crashes": "the container does not start",
    "not-ready": "the pods are not ready: /readyz answers 503",
    "false-ready": "the pods are called ready, and answer drivers with 503",
    "unreachable": "the Service has no endpoints",
    "killed": "the pods grow until they are killed, as before",
    "other-margin": "signs keep another safety margin than 15 minutes",
    "out-of-service": "fewer than three pods serve",
}
FREE = 3  # CPUs that each of the three nodes has left
FRESH = "causeway-tides-2026-05"


@pytest.mark.points(3)
@pytest.mark.hint(
    "For each line that you quote: name another cause that would leave the same line.",
    "What commands show: https://kubernetes.io/docs/tasks/debug/debug-application/",
)
def test_evidence_rules_out_the_look_alikes(submission, advise):
    """Each quote stands in its transcript, and one of them leaves only one cause."""
    absent, weak, many = [], [], []
    for name, notes in diagnosis(submission).items():
        lines = transcript(submission, name)
        quotes = notes.get("evidence")
        quotes = [quotes] if isinstance(quotes, str) else quotes
        quotes = [flat(each) for each in quotes if isinstance(each, str) and flat(each)] if (
            isinstance(quotes, list)) else []  # fmt: skip
        found = [[line for line in lines if each in line] for each in quotes]
        if not quotes or not all(found):
            absent.append(name)
        elif len(quotes) > 3:
            many.append(name)
        elif not any(all(decides(name, line) for line in each) for each in found):
            weak.append(name)

    advise(many, "Of all these lines, which one would you show somebody who doubts it?")
    advise(absent, "Can somebody else find that line where you say that it stands?")
    advise("restarts" in weak, "A limit that is too low leaves that too. What tells them apart?")
    advise("dark-signs" in weak, "The probe only counts. What did it get to read?")
    advise(weak, "Which other causes leave that line as well, and what did they not leave?")
    assert not absent, f"Not in the transcript: {listed(absent)}. Expected lines copied from it."
    assert not many, f"More than three lines: {listed(many)}. Expected those that decide."
    assert not weak, f"Decides nothing: {listed(weak)}. Expected a line that one cause leaves."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which object do you have to change, so that this very line comes no more?",
    "Debugging pods: https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/",
    "Debugging Services: https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/",
)
def test_causes_are_those_of_the_transcripts(submission, advise):
    """Each cause is the one that its transcript shows, and not what is seen of it."""
    given = {name: notes.get("cause") for name, notes in diagnosis(submission).items()}

    unknown = [name for name, cause in given.items() if cause not in CAUSES]
    wrong = [name for name, cause in given.items() if cause != CASES[name]["cause"]]
    advise(given["restarts"] == "limit", "When was the same room enough, and what changed since?")
    advise(given["never-starts"] == "nodes-full", "How much of the node is asked for already?")
    advise(given["dark-signs"] == "probe", "Is the question wrong, or only the answer unwelcome?")
    advise(given["update-stuck"] == "registry-refuses", "What does a registry say that refuses?")
    advise(given["refused"] in ("port", "network"), "What did the Service find before any port?")
    advise(given["falls-over"] == "slow-start", "Who ended the container: itself, or a probe?")
    assert not unknown, f"No cause of the list: {listed(unknown)}. Expected one of the thirteen."
    assert not wrong, f"Not what the transcript shows: {listed(wrong)}. Expected its cause."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Play it: the patch is taken, new pods come. What do they find that the old ones did not?",
    "kubectl patch: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/",
)
def test_repairs_end_the_trouble(submission, advise):
    """With its repair, each night ends: all pods run, are ready, and answer what is true."""
    left, tried, fixed = {}, set(), False
    for name, notes in diagnosis(submission).items():
        refused, symptoms, changed = played(name, notes.get("repair"))
        if refused or symptoms:
            left[name] = refused or "; ".join(TOLD[each] for each in symptoms)
            tried |= {key for path in changed for key in path.split(".")}
            fixed |= "immutable" in refused

    advise(fixed, "What may still be changed of a Deployment that is there, and what may not?")
    advise("replicas" in tried, "Another pod is another pod with the same fault. Who asks for it?")
    advise("annotations" in tried, "What will the next pod find that this one did not?")
    advise("memory" in tried, "How long did it take to fill the room it had? And twice the room?")
    advise("imagePullPolicy" in tried, "When it is pulled more often, does it find more?")
    advise("readinessProbe" in tried, "The probe said no. A driver asks next. What do the "
           "pods answer?")  # fmt: skip
    advise({"livenessProbe", "startupProbe"} & tried, "Which line says that time is what it lacks?")
    advise("targetPort" in tried, "Where did the requests end: at a port, or before any pod?")
    advise(
        left, "Which line of the transcript would come again, and from which field does it come?"
    )
    told = ". ".join(f"After the repair of {name}, {what}" for name, what in left.items())
    assert not left, f"{told}. Expected Causeway to answer."


@pytest.mark.points(2)
@pytest.mark.hint("Leave each line of a patch out in turn. Without which of them is it still well?")
def test_repairs_leave_the_rest_alone(submission, advise):
    """A repair touches what is broken, and nothing else."""
    beside = {}
    for name, notes in diagnosis(submission).items():
        _, _, changed = played(name, notes.get("repair"))
        allowed = tuple(f"{each}." for each in CASES[name]["touches"])
        if more := [path for path in changed if not f"{path}.".startswith(allowed)]:
            beside[name] = more

    advise(
        beside, "If it is well tomorrow, which of your changes was it, and what did the others do?"
    )
    told = "; ".join(f"{name} {', '.join(paths[:3])}" for name, paths in beside.items())
    assert not beside, f"Changed as well: {told}. Expected only what the evidence is about."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Suppose that your repair was wrong. What would this command print, and what if it was right?",
    "What rollout status waits for: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status",
)
def test_next_command_can_prove_it_wrong(submission, advise):
    """What is run next prints something else after the repair than it did before."""
    given = {name: notes.get("next") for name, notes in diagnosis(submission).items()}

    chosen = {name: each if isinstance(each, str) else "" for name, each in given.items()}
    unknown = [name for name, each in chosen.items() if each not in SHOWS]
    blind = [name for name, each in chosen.items()
             if not SHOWS.get(each, set()) & {*played(name, {})[1]}]  # fmt: skip
    changing = [name for name in blind if chosen[name] in ("apply", "restart")]
    advise(changing, "That changes something once more. What does it tell you?")
    advise("refused" in blind, "What did that command say while nobody could reach Causeway?")
    advise("restarts" in blind, "How long after a restart did all look well, each time?")
    advise(blind, "What did that command show while it was broken, and what will it show now?")
    assert not unknown, f"No command of the table: {listed(unknown)}. Expected one of the seven."
    assert not blind, f"Shows the same before and after: {listed(blind)}. Expected a difference."


def diagnosis(submission):
    """Give the notes on each night."""
    found = submission.yaml("diagnosis.yaml")
    found = found if isinstance(found, dict) else {}
    absent = [name for name in CASES if not isinstance(found.get(name), dict)]
    assert not absent, (
        f"diagnosis.yaml has nothing on {listed(absent)}. Expected a mapping of each."
    )
    return {name: found[name] for name in CASES}


def transcript(submission, name):
    """Give the lines of a transcript, which has to be the one that was handed out."""
    file = f"transcripts/{name}.txt"
    text = submission.read(file)
    told = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]
    assert told == CASES[name]["sha256"], f"{file} was changed. Expected it as it was handed out."
    return [flat(line) for line in text.splitlines()]


def flat(text):
    return " ".join(text.split())


def decides(name, line):
    return any(flat(each) in line for each in CASES[name]["decides"])


def listed(names):
    return ", ".join(names)


def played(name, repair):
    """Apply a repair to the objects of a night.

    Give why the API server refuses it, what is wrong with Causeway then, and the paths it changed.
    """
    objects = {}
    for each in CLUSTER:
        objects.setdefault(each["kind"], []).append(each)
    ours = {kind: objects[kind].pop(0) for kind in ("Deployment", "Service", "ConfigMap")}
    there = [each for kind in objects for each in objects[kind]]
    night = {kind: merged(one, CASES[name]["fault"].get(kind, {})) for kind, one in ours.items()}
    if not isinstance(repair, dict) or not all(isinstance(each, dict) for each in repair.values()):
        return "there is nothing to patch: a repair maps a kind to a patch", ["crashes"], []
    strange = sorted(str(kind)[:40] for kind in repair if kind not in night)
    if strange:
        return f"there is no {listed(strange)} called causeway to patch", ["crashes"], []
    after = {kind: merged(one, repair.get(kind, {})) for kind, one in night.items()}
    before, now = leaves(night), leaves(after)
    changed = sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
    refused = [
        each for each in findings(after.values(), there) if not each.code.startswith("image-")
    ]
    fatal = [each for each in refused if not each.code.startswith("no-such-")]
    moved = [path for path in changed if path.startswith("Deployment.spec.selector")]
    if fatal or moved:
        why = str(fatal[0]) if fatal else "spec.selector cannot be changed: field is immutable"
        return f"the API server would refuse the patch: {why}", [], changed
    return "", symptoms(after, CASES[name], {each.code for each in refused}), changed


def symptoms(objects, case, codes):
    """Say what is wrong with Causeway when these objects are in the cluster."""
    deployment, config = objects["Deployment"]["spec"], objects["ConfigMap"].get("data") or {}
    pod = deployment["template"]["spec"]
    container = next((each for each in pod["containers"] if each.get("name") == "causeway"), {})
    asked = quantity(((container.get("resources") or {}).get("requests") or {}).get("cpu", 0))
    kind = case["images"].get(container.get("image"))
    variables = {each["name"]: each for each in container.get("env") or []}
    margin = variables.get("SAFETY_MARGIN_MIN", {})
    margin = margin.get("value", config.get("SAFETY_MARGIN_MIN")) if margin else "0"
    probe = ((container.get("readinessProbe") or {}).get("httpGet") or {}).get("path")
    volume = next((each for each in pod.get("volumes") or [] if each.get("name") == "tides"), {})
    fresh = (volume.get("configMap") or {}).get("name") == FRESH
    clean = isinstance(margin, str) and re.fullmatch("[0-9]{1,4}", margin)
    found = {
        "not-pulled": kind is None,
        "pending": asked is None or asked > FREE,
        "crashes": bool(codes & {"no-such-object", "no-such-key", "no-such-volume"}) or not clean,
        "not-ready": not fresh and probe == "/readyz",
        "false-ready": not fresh and probe != "/readyz",
        "unreachable": bool(codes & {"no-such-pods", "no-such-port"}),
        "killed": kind == "leaks",
        "other-margin": bool(clean) and int(margin) != 15,
        "out-of-service": deployment.get("replicas", 1) < 3,
    }
    return [each for each, here in found.items() if here]


def merged(value, patch):
    """Apply a strategic merge patch, as far as it goes here: null takes away, names tell parts."""
    if isinstance(value, dict) and isinstance(patch, dict):
        whole = {key: part for key, part in value.items() if patch.get(key, part) is not None}
        return whole | {
            key: merged(value.get(key), part) for key, part in patch.items() if part is not None
        }
    if isinstance(value, list) and isinstance(patch, list) and value and patch:
        names = [each.get("name") if isinstance(each, dict) else None for each in (*value, *patch)]
        if all(isinstance(each, str) for each in names):
            parts = {each["name"]: each for each in value}
            for each in patch:
                parts[each["name"]] = merged(parts.get(each["name"]), each)
            return list(parts.values())
    return merged({}, patch) if isinstance(patch, dict) else copy.deepcopy(patch)


def leaves(value, path=""):
    """Give each plain value with its path; in a list, parts are told by their names."""
    if isinstance(value, dict) and value:
        pairs = value.items()
    elif isinstance(value, list) and value:
        pairs = [(each.get("name", n) if isinstance(each, dict) else n, each)
                 for n, each in enumerate(value)]  # fmt: skip
    else:
        return {path: value}
    return {
        key: leaf
        for name, part in pairs
        for key, leaf in leaves(part, f"{path}.{name}".lstrip(".")).items()
    }
