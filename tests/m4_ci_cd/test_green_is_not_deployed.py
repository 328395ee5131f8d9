"""Grade *Green is not deployed*: the script is run on six clusters, and those are looked at.

The clusters are those that the learner was handed, in the judge's process: what a script says
counts for nothing, and it cannot change what it asked for. Their images and settings are new in
each run, their order too, and the runs share no folder.
"""

import copy
import re
import secrets
import sys
from dataclasses import dataclass

import pytest
import yaml

from workbook.course import ROOT

# The handed-out files of this exercise, not those of the submission.
HANDED_OUT = ROOT / "exercises/m4_ci_cd/green_is_not_deployed"
sys.path.insert(0, str(HANDED_OUT))
import play  # noqa: E402 - stands in that folder
from cluster import SCENARIOS, Cluster  # noqa: E402 - and so does this

sys.path.remove(str(HANDED_OUT))

pytestmark = pytest.mark.needs("sh")

SCRIPT, MANIFEST = "deploy.sh", "deployment.yaml"
BAD = ("crash", "quota", "hang")  # in which something was changed, and did not become ready
IMAGE = "registry.example/causeway"
SHOWN = 1500  # characters of what a script said
WHEN = {
    "good": "When the new image is good",
    "again": "When the image runs there already",
    "crash": "When the new pods crash",
    "quota": "When the quota leaves no room for new pods",
    "refused": "When the cluster refuses the change",
    "hang": "When the rollout never begins",
}


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which image do the pods have after python play.py good, and which one was asked for?",
    "kubectl set image: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_set/kubectl_set_image/",
)
def test_good_image_is_live(submission, advise):
    """A good image ends the job with 0, and it is what runs, with the settings of its manifest."""
    run = runs(submission)["good"]
    image, settings = (run.container.get(key) for key in ("image", "env"))

    advise(run.cluster.over, "The pods needed two and a half minutes. Who waited for longer?")
    advise(
        run.code and image == run.before["image"],
        "It went back from an image that was about to be ready. How long is a good rollout?",
    )
    advise(
        run.code == 0 and image != run.wanted["image"],
        "Green. Where in the cluster does the digest stand that the pipeline built?",
    )
    advise(
        image == run.wanted["image"] and settings != run.wanted["env"],
        "The image is new. And the margin that deployment.yaml asks for?",
    )
    advise(run.code == 0 and not run.is_done, "Are its pods ready when the job says so?")
    advise(run.cluster.outages, "Who answered drivers while the old pods were gone?")
    assert image == run.wanted["image"], f"{WHEN['good']}, it is not what is to run.\n{run.said}"
    assert settings == run.wanted["env"], "The settings of deployment.yaml are not in the cluster."
    assert run.is_done, "The job ended with 0 before the new pods were ready."
    assert not run.cluster.outages, "The old pods went before there were new ones."
    assert run.code == 0, f"{WHEN['good']}, the job ended with {run.code}.\n{run.said}"


@pytest.mark.points(1)
@pytest.mark.hint("Run python play.py again. What is there to do?")
def test_same_image_is_left_alone(submission, advise):
    """The image that runs already is no failure, and nothing is rolled out."""
    run = runs(submission)["again"]

    advise(run.code and not run.changed, "Nothing changed, and nothing is broken. Why red?")
    advise(run.changed, "Which pods did that replace, and for whom?")
    assert run.code == 0, f"{WHEN['again']}, the job ended with {run.code}.\n{run.said}"
    assert not run.changed, f"{WHEN['again']}, the script rolled something out all the same."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Write down how each command ended, and then how the script did. Which of them decides?",
    "The exit status of sh: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html",
)
def test_failure_is_red(submission, advise):
    """Whatever keeps the new image from running, the job does not end with 0."""
    found = runs(submission)
    green = [name for name in (*BAD, "refused") if found[name].code == 0]
    back = [name for name in green if found[name].is_back]

    advise(len(back) == len(green) == 1, "Refused, and green. Which command's end was looked at?")
    advise(
        green and len(back) == len(green),
        "The old pods run, and that is good. Was the new version deployed?",
    )
    advise(
        any(
            re.search("^rollout status|^wait", each) for name in green for each in found[name].asked
        ),
        "kubectl knew, and said so. What became of its exit status on its way out?",
    )
    advise(green, "Who asked the pods? kubectl apply is done when the cluster has taken note.")
    assert not green, f"{'; '.join(WHEN[name] for name in green)}, the job ends with 0."


@pytest.mark.points(3)
@pytest.mark.hint(
    "List the revisions before and after: kubectl rollout history. Which one is one step back?",
    "Rolling back: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"
    "#rolling-back-a-deployment",
)
def test_goes_back(submission, advise):
    """After a failure the cluster is to run what it ran before, and no other revision."""
    found = runs(submission)
    forward = [name for name in (*BAD, "refused") if not found[name].is_back]
    never = [name for name in forward if not undone(found[name])]

    advise(
        forward == ["refused"], "Nothing had been changed. From what did the script go back then?"
    )
    advise(
        forward and not never,
        "It went one step back. How many revisions did this deploy make?",
    )
    advise(
        forward == ["hang"] and found["hang"].cluster.over,
        "The runner ended the job. Who was left to go back?",
    )
    advise(forward, "The pods of the failed rollout are still wanted. Who takes that wish back?")
    told = "; ".join(WHEN[name] for name in forward)
    assert not forward, f"{told}, the cluster is left with something else than it had before."


@pytest.mark.points(2)
@pytest.mark.hint(
    "python play.py hang: which command is it that never ends?",
    "kubectl rollout status: https://kubernetes.io/docs/reference/kubectl/generated/"
    "kubectl_rollout/kubectl_rollout_status/",
)
def test_ends_by_itself(submission, advise):
    """Whatever happens, the script ends within the ten minutes that the runner gives it."""
    found = runs(submission)
    over = [name for name in SCENARIOS if found[name].cluster.over]

    advise(over == ["hang"], "The controller is down. What was the script waiting for, until when?")
    advise(over, "How long may each step wait, so that all of them fit into ten minutes?")
    assert not over, f"{'; '.join(WHEN[name] for name in over)}, the runner had to end the job."


def undone(run):
    """Whether the script asked for something after the failed change that takes it back."""
    return any(re.search("rollout undo", each) for each in run.asked)


@dataclass(frozen=True)
class Run:
    """How the script ended in a scenario, and what the cluster has then."""

    code: int
    said: str
    cluster: Cluster
    wanted: dict  # the container that is to run when all goes well
    before: dict  # the one that ran before
    revisions: dict  # those of before

    @property
    def container(self):
        """The container that is to run now."""
        there = self.cluster.deployment
        return there["spec"]["template"]["spec"]["containers"][0] if there else {}

    @property
    def asked(self):
        return self.cluster.asked

    @property
    def changed(self):
        return self.cluster.revisions != self.revisions

    @property
    def is_back(self):
        """Whether what is to run is, all of it, what ran before."""
        there = self.cluster.deployment
        return there is not None and there["spec"]["template"] == [*self.revisions.values()][-1]

    @property
    def is_done(self):
        return self.cluster.deployment is not None and self.cluster.is_done


RUNS = {}  # the last script only: the checks ask about the same runs


def runs(submission):
    """Run the script once in each scenario, in an order that it cannot know."""
    script = submission.read(SCRIPT)
    if script not in RUNS:
        RUNS.clear()
        order = secrets.SystemRandom().sample([*SCENARIOS], len(SCENARIOS))
        found = {scenario: run(submission, scenario) for scenario in order}
        RUNS[script] = {scenario: found[scenario] for scenario in SCENARIOS}
    return RUNS[script]


def run(submission, scenario):
    """Run the script on a cluster in *scenario*, with images and settings of its own."""
    older, last, new = (
        f"registry.example/causeway@sha256:{secrets.token_hex(32)}" for _ in range(3)
    )
    manifest = yaml.safe_load((HANDED_OUT / MANIFEST).read_text(encoding="utf-8"))
    wanted = with_settings(manifest, "35", image=new)
    there = with_settings(manifest, "10", image=last)
    cluster = Cluster(scenario, there, [older, last], wanted)
    revisions = copy.deepcopy(cluster.revisions)
    with submission.apart() as alone:
        given = copy.deepcopy(wanted)
        containers(given)[0]["image"] = containers(manifest)[0]["image"]
        (alone.path / MANIFEST).write_text(yaml.safe_dump(given, sort_keys=False))
        folder = alone.path / "standin"
        folder.mkdir()
        with play.on_path(folder, play.Desk(cluster)):
            (folder / "run.sh").write_text(f"IMAGE={new} exec standin/job sh {SCRIPT}")
            ran = alone.run("sh", "standin/run.sh")
    said = ran.stdout + ran.stderr
    for image, name in (
        (new, "(the image)"),
        (last, "(the last image)"),
        (older, "(an old image)"),
    ):
        said = said.replace(image, name)
    before = containers(there)[0]
    return Run(
        int(ran.returncode), said[-SHOWN:], cluster, containers(wanted)[0], before, revisions
    )


def containers(manifest):
    return manifest["spec"]["template"]["spec"]["containers"]


def with_settings(manifest, margin, image):
    """Give the manifest with another margin, and another image."""
    found = copy.deepcopy(manifest)
    containers(found)[0]["image"] = image
    containers(found)[0]["env"][0]["value"] = margin
    return found
