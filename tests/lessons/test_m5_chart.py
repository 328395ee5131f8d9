"""Causeway's manifest, its chart, and every other manifest of the course: a cluster takes them."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest

from workbook.course import ROOT
from workbook.manifests import documents, findings, pod_templates, restricted

CAUSEWAY = ROOT / "solutions/my-devops-project"
HANDED_OUT = ROOT / "exercises/m5_kubernetes/one_chart_three_environments"
GRADER = ROOT / "tests/m5_kubernetes/one_chart_three_environments"
HELM = Path(sys.prefix) / "bin" / "helm"
ENVIRONMENTS = ("dev", "staging", "production")
VERSIONS = ("1.33", "1.37")  # from what many clusters run to the latest that is known here
KEYS = ("TIDE_API_KEY", "WARDEN_PASSWORD", "SESSION_KEY")
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "causeway"},
          "data": dict.fromkeys(KEYS, "eA==")}  # fmt: skip
TIDES = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "causeway-tides"}}
THERE = [SECRET, TIDES]  # made in each namespace, as the README says
# Handed out to be found wanting: what a strict validation says first of each.
REFUSED = {
    "exercises/my-devops-project/deployment.yaml": "'selector' is a required property",
    "exercises/m5_kubernetes/what_does_it_lack/manifest.yaml": "'selector' is a required property",
    # To find what is wrong with it is the exercise.
    "exercises/m8_full_project/audit/my-devops-project/deployment.yaml": (
        "'selector' is a required property"
    ),
    # Module 4 takes the handed-out one: to repair it is not its subject.
    "tests/m4_ci_cd/project/right/docker_and_the_old_manifest/deployment.yaml": (
        "'selector' is a required property"
    ),
}
each_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)


def helm(command: str, *words: str) -> str:
    """Run helm; give what it printed."""
    argv = [str(HELM), command, *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def rendered(environment: str, *words: str, folder: Path = CAUSEWAY) -> list[dict]:
    """Render a chart as the pipeline does."""
    values = str(folder / f"chart/values-{environment}.yaml")
    return documents(helm("template", "causeway", str(folder / "chart"), "-f", values, *words))


def by_kind(objects: list[dict]) -> dict[str, dict]:
    return {each["kind"]: each for each in objects}


def unlabelled(value: object) -> object:
    """Leave out what a release adds: labels, selectors by them, and annotations."""
    release = {"labels", "annotations", "selector", "labelSelector", "podSelector"}
    if isinstance(value, dict):
        return {key: unlabelled(part) for key, part in value.items() if key not in release}
    return [unlabelled(part) for part in value] if isinstance(value, list) else value


def validate(objects: list[dict], version: str) -> None:
    """Validate strictly; what a cluster's owner adds has no schema here."""
    for each in objects:
        if not each["apiVersion"].startswith("gateway."):
            kubernetes_validate.validate(each, version, strict=True)


def manifests() -> list[str]:
    """List the manifests of the course, but the wrong answers and templates of charts."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.yaml", "*.yml"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]
    return [name for name in files
            if not re.search(r"/(wrong|templates)/", name)
            and re.search(r"^apiVersion:", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
            and not name.endswith("Chart.yaml")]  # fmt: skip


@each_environment
def test_chart_is_taken_in_each_environment(environment):
    """helm lints and renders the chart, and strict validation has nothing to say, old and new."""
    values = str(CAUSEWAY / f"chart/values-{environment}.yaml")
    helm("lint", "--strict", str(CAUSEWAY / "chart"), "-f", values)
    objects = rendered(environment)

    for version in VERSIONS:
        validate(objects, version)
    assert findings(objects, THERE) == []
    assert [each for one in pod_templates(objects) for each in restricted(one)] == []


def test_manifest_is_taken():
    """deployment.yaml is valid as it stands, restricted, and refers to nothing that is missing."""
    objects = documents((CAUSEWAY / "deployment.yaml").read_text(encoding="utf-8"))

    for version in VERSIONS:
        validate(objects, version)
    assert findings(objects, THERE) == []
    assert [each for one in pod_templates(objects) for each in restricted(one)] == []


def test_manifest_is_what_production_gets_from_the_chart():
    """But for labels and the configuration's name, deployment.yaml and the chart are one."""
    text = (CAUSEWAY / "deployment.yaml").read_text(encoding="utf-8")
    plain = by_kind(documents(text.replace("causeway-margin-15", "causeway")))
    chart = by_kind(rendered("production"))

    assert plain.keys() == chart.keys()
    assert plain["ConfigMap"]["data"] == chart["ConfigMap"]["data"]
    for kind in ("Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"):
        assert unlabelled(plain[kind]) == unlabelled(chart[kind])


@each_environment
def test_another_margin_rolls_the_pods_and_more_replicas_do_not(environment):
    """What a pod is made of changes with the configuration, and with nothing else."""
    now, margin, more = (
        by_kind(rendered(environment, *words))["Deployment"]["spec"]["template"]
        for words in ((), ("--set", "safetyMarginMin=33"), ("--set", "replicas=9"))
    )

    assert margin != now
    assert more == now


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("image=causeway:latest", "Does not match pattern"),
        ("replica=3", "Additional property replica is not allowed"),
        ("safetyMarginMin=a-quarter", "Invalid type"),
    ],
)
def test_values_that_make_no_sense_are_refused(value, said):
    """The chart's schema refuses a tag, a misspelt value and a word for a number."""
    argv = [str(HELM), "template", str(CAUSEWAY / "chart"), "--set", value]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert said in done.stderr


def test_every_manifest_of_the_course_is_taken():
    """Each manifest in the course validates strictly, but those handed out to be repaired."""
    found = manifests()

    assert set(REFUSED) < set(found)
    for name in found:
        objects = documents((ROOT / name).read_text(encoding="utf-8"))
        if name in REFUSED:
            with pytest.raises(kubernetes_validate.ValidationError) as caught:
                validate(objects, VERSIONS[-1])
            assert caught.value.message == REFUSED[name], name
            continue
        try:
            validate(objects, VERSIONS[-1])
        except Exception as error:
            pytest.fail(f"{name}: {getattr(error, 'message', error)}")


def test_what_runs_is_what_was_handed_out():
    """The graders' picture of production is the handed-out chart's, but for the key."""
    drawn = documents((GRADER / "production.yaml").read_text(encoding="utf-8"))

    said = rendered("production", folder=HANDED_OUT)
    for each in (*drawn, *said):
        each.get("data", {}).pop("TIDE_API_KEY", None)
    assert drawn == said
