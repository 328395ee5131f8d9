"""What a pipeline's jobs find on their path, answered in the judge's process.

A registry that images are built for and pushed to, and a cluster for each environment. Everything
else that lints, tests or installs notes in a file who called it, and how: that takes a tenth of the
time, and whoever would forge a note could as well call the program.
"""

import copy
import hashlib
import re
import sys
from dataclasses import dataclass

import yaml

from workbook.course import ROOT
from workbook.intake import read_file

HANDED_OUT = ROOT / "exercises/m4_ci_cd/green_is_not_deployed"
if str(HANDED_OUT) not in sys.path:
    sys.path.append(str(HANDED_OUT))
import play  # noqa: E402 - stands in that folder
from cluster import Cluster  # noqa: E402 - and so does this

REGISTRY = "registry.example.com"
SHOWN = 1500  # characters of what the run said
RUN = """
set -e
git init -q -b main .
printf '%s\\n' standin .gitlab-ci-local >> .git/info/exclude
git add --all .
git -c user.name=Warden -c user.email=warden@causeway.example commit -q -m Work
git remote add origin git@gitlab.com:shore/causeway.git
git update-ref refs/remotes/origin/main HEAD
git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
export NODE_NO_WARNINGS=1
exec "$(command -v node)" "$(readlink -f "$(command -v gitlab-ci-local)")" \
    --shell-isolation --no-artifacts-to-source --force-shell-executor --no-color --home standin \
    {options}
"""
FILE, MANIFEST = ".gitlab-ci.yml", "deployment.yaml"
TIME = {"kubectl", "sleep", "date", "timeout", "job"}
BUILDERS = {"docker", "buildah", "podman", "nerdctl", "executor"}
READERS = {"skopeo", "crane", "regctl"}
ELSE = (
    "apk apt apt-get bandit black check-jsonschema coverage curl dockerd-entrypoint.sh flake8"
    " gunicorn hadolint helm isort kubeconform kubernetes-validate make mypy nox pip pip3 pipx"
    " poetry pre-commit pylint pytest python python3 robot ruff safety tox uv uvx virtualenv wget"
    " yamllint chromium chromedriver deptry pip-audit shellcheck cyclonedx-py detect-secrets"
    " detect-secrets-hook gitleaks schemathesis sphinx-build st trufflehog"
).split()
PROGRAMS = sorted({*TIME, *BUILDERS, *READERS})
# In one piece, so that jobs that run at the same time do not write into each other's notes.
NOTES = """\
#!/bin/sh
printf '%s\\0' "$CI_JOB_NAME" "${0##*/} $*" >> "${0%/*}/notes"
"""
IMAGES = [f"registry.example.com/old@sha256:{each * 64}" for each in "ab"]  # that ran before
TAGS = re.compile(r"(?:^|\0)(?:-t|--tag|--destination|-d)(?:\0|=)([^\0]+)")
FILES = re.compile(
    r"(?:^|\0)(--digestfile|--digest-file|--metadata-file|--iidfile)(?:\0|=)([^\0]+)"
)


class Machine(play.Desk):
    """Answers every program; *clusters* belong to environments, by their names."""

    def __init__(self, clusters):
        super().__init__(None)
        self.clusters = clusters
        self.calls = []  # of whom, and what
        self.built = {}  # the job that built what a tag names, and the digest
        self.pushed = {}  # likewise, once it can be pulled

    def answered(self, found):
        program, words = found["program"], found["words"]
        said = words.replace("\0", " ")
        if "again" not in found:
            self.calls.append((found["job"], f"{program} {said}".strip()))
        if program in TIME:
            place = found["environment"]
            self.cluster = self.clusters.get(place, self.clusters[""])
            return super().answered(found)
        return self.image(program, said, words, found["job"])

    def note(self, notes):
        """Keep in mind what the other programs noted of their calls."""
        words = [each.strip() for each in notes.decode("utf-8", "replace").split("\0")]
        self.calls += zip(words[::2], words[1::2], strict=False)

    def image(self, program, said, words, job):
        """Build, push, or tell a digest."""
        tags = TAGS.findall(words)
        if program == "executor" or re.match(r"(image |buildx |builder )*(build|bud|b)\b", said):
            digest = hashlib.sha256(f"{job} {len(self.built)} {said}".encode()).hexdigest()
            made = {tag: (job, f"sha256:{digest}") for tag in tags}
            self.built |= made
            if program == "executor" or re.search(r"--push|--output[ =]type=registry", said):
                self.pushed |= made
            return self.written(words, f"sha256:{digest}")
        last = said.split()[-1].removeprefix("docker://") if said.split() else ""
        if re.match(r"(image )?push\b", said):
            name = next(
                (
                    tag
                    for tag in self.built
                    if tag in said.split() or f"docker://{tag}" == said.split()[-1]
                ),
                None,
            )
            if name is None:
                return 1, "", f"An image does not exist locally with the tag: {last}\n"
            self.pushed[name] = self.built[name]
            return self.written(words, self.built[name][1])
        if re.match(r"(image |buildx imagetools |container |manifest )*(inspect|digest)\b", said):
            name = next(
                (each for each in self.pushed if each in said.replace("docker://", "").split()),
                None,
            )
            if name is None:
                return 1, "", f"Error: No such object: {last}\n"
            builder, digest = self.pushed[name]
            if builder != job:  # another pipeline has pushed the same name since
                digest = "sha256:" + hashlib.sha256(digest.encode()).hexdigest()
            repository = re.sub(r":[^/:]*$", "", name)
            bare = program in READERS or re.search(r"\.Digest|manifest", said, re.IGNORECASE)
            bare = bare and "RepoDigests" not in said
            return 0, (digest if bare else f"{repository}@{digest}") + "\n", ""
        return 0, "", ""

    def written(self, words, digest):
        """Tell a digest in the file that is asked for, if one is."""
        file = FILES.search(words)
        if not file:
            return 0, "", ""
        metadata = f'{{"containerimage.digest": "{digest}"}}'
        return 0, metadata if "metadata" in file[1] else digest, "", file[2]

    @property
    def digests(self):
        """The digests that can be pulled, and the job that built each."""
        return {digest: job for job, digest in self.pushed.values()}


def deployment_of(text):
    """Give the Deployment of a manifest, and the text with what no cluster would do without."""
    try:
        documents = [each for each in yaml.safe_load_all(text) if each]
        [found] = [each for each in documents if each["kind"] == "Deployment"]
        before = copy.deepcopy(found)
        found["apiVersion"], template = str(found["apiVersion"]), found["spec"]["template"]
        selector = found["spec"].setdefault("selector", {}).setdefault("matchLabels", {"app": "it"})
        template.setdefault("metadata", {}).setdefault("labels", dict(selector))
        if (
            not isinstance(found["metadata"]["name"], str)
            or not template["spec"]["containers"][0]["image"]
        ):
            return None, text
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None, text
    return found, text if found == before else yaml.safe_dump_all(documents, sort_keys=False)


def cluster_of(deployment, scenario):
    """Give a cluster that runs the Deployment with an earlier image."""
    cluster = Cluster(scenario, deployment, IMAGES, deployment)
    cluster.slow = 60
    return cluster


@dataclass(frozen=True)
class Run:
    """How the pipeline of main went."""

    code: int
    said: str
    machine: Machine

    @property
    def calls(self):
        return self.machine.calls

    @property
    def why(self):
        """Which jobs failed that should not have: what comes after them did not run."""
        names = sorted(set(re.findall(r"^ FAIL\s+(\S+)", self.said, re.MULTILINE)))
        return f"; what failed in the judge's run: {', '.join(names)}" if names else ""

    def tried(self, place):
        """Name the images that a cluster was told to run."""
        cluster = self.machine.clusters[place]
        found = [each["spec"]["containers"][0]["image"] for each in cluster.revisions.values()]
        return [image for image in found if image not in IMAGES]

    def image(self, place):
        """Name the image that a cluster is to run, if any."""
        there = self.machine.clusters[place].deployment
        return there["spec"]["template"]["spec"]["containers"][0]["image"] if there else ""


def run(submission, file, manual, deployment, text):
    """Run it once: staging's cluster takes the image, production's pods crash."""
    scenarios = {"": "good", "staging": "good", "production": "crash"}
    desk = Machine({place: cluster_of(deployment, scenario)
                            for place, scenario in scenarios.items()})  # fmt: skip
    given = {"CI_REGISTRY": REGISTRY, "CI_REGISTRY_IMAGE": f"{REGISTRY}/shore/causeway"}
    options = [f"--variable={name}={value}" for name, value in given.items()]
    options += [f"--ignore-predefined-vars={','.join(given)}"]
    options += [f"--manual={name}" for name in manual]
    with submission.apart() as alone:
        (alone.path / MANIFEST).write_text(text, encoding="utf-8")
        file = yaml.safe_dump(without(file, "services", "cache"), sort_keys=False)
        (alone.path / FILE).write_text(file, encoding="utf-8")
        folder = alone.path / "standin"
        folder.mkdir()
        script = RUN.replace("{options}", " ".join(map(quoted, options)))
        (folder / "run.sh").write_text(script, encoding="utf-8")
        for name in ELSE:
            (folder / name).write_text(NOTES, encoding="utf-8")
            (folder / name).chmod(0o755)
        with play.on_path(folder, desk, PROGRAMS):
            ran = alone.run("sh", "-c", "exec standin/job sh standin/run.sh")
        desk.note(read_file(alone.path, "standin/notes")[0] or b"")
    said = re.sub(r" in [\d.]+ m?s\b", "", ran.stdout + ran.stderr)
    said = "\n".join(line for line in said.splitlines() if re.search(r"^\S+\s+> |FAIL", line))
    said = re.sub(r"[0-9a-f]{40,}", "…", said)
    return Run(int(ran.returncode), said[-SHOWN:], desk)


def without(file, *names):
    """Give the pipeline without the keys *names*: what would start in containers, of which there
    are none, and what is there or not, as it happens: a cache.
    """
    if not isinstance(file, dict):
        return file
    return {name: without(each, *names) if isinstance(each, dict) and name != "variables" else each
            for name, each in file.items() if name not in names}  # fmt: skip


def quoted(text):
    """Quote a word for sh."""
    return "'" + text.replace("'", "'\\''") + "'"
