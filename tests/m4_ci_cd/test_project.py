"""Grade *A pipeline for Causeway*: run once by gitlab-ci-local, and played by the model.

The run is that of main, everything clicked. What its jobs call is answered in the judge's process
(project/machine.py), which knows what was built and what each cluster has in the end; of what
gitlab-ci-local says only its exit status counts. What a cheat can still do: call linters and tests
without meaning it, and behave otherwise where the judge's programs are on the path.
"""

import re
import sys
from pathlib import Path

import pytest

from workbook import pipeline

DATA = Path(__file__).with_name("project")
sys.path.insert(0, str(DATA))
import machine  # noqa: E402 - stands beside this exercise's answers

sys.path.remove(str(DATA))

pytestmark = pytest.mark.needs("gitlab-ci-local", "node", "git", "rsync", "hadolint", "sh")

FILE, DOCKERFILE, MANIFEST = ".gitlab-ci.yml", "Dockerfile", "deployment.yaml"
LINTERS = ("ruff", "flake8", "pylint", "pre-commit", "black", "mypy", "make lint")
GUARDS = {"a linter": LINTERS, "hadolint": ("hadolint",), "pytest": ("pytest",)}
LOG = """\
src/my_devops_project/windows.py      40      2     12      1    94%   12-14
{line}
Required test coverage of 90.0% reached.
"""
PLAYED = """
def reached(run, names):
    return [name for name in names if run["jobs"].get(name, {}).get("end") is not None]

def coverage(pattern):
    found = [re.search(pattern[1:-1], line) for line in LOG.splitlines()] if pattern else []
    return [re.search(r"[0-9.]+", each[each.re.groups and 1 or 0])[0] for each in found if each]

def played():
    told = problems(FILE)
    if told:
        return {"problems": told}
    plans = {event: plan(FILE, event) for event in EVENTS}
    every = [job["name"] for job in plans["main"]]
    patterns = {job["name"]: job["coverage"] for job in plans["main"] if job["coverage"]}
    try:
        read = {name: coverage(each) for name, each in patterns.items()}
    except (re.error, IndexError, TypeError):
        read = {name: ["nothing"] for name in patterns}
    return {"problems": [], "plans": plans, "jobs": _jobs(FILE, []), "coverage": read,
            "waiting": play(FILE, "main"), "clicked": play(FILE, "main", (), every),
            "failing": {name: play(FILE, "main", [name], every) for name in every}}
"""


@pytest.mark.points(1)
@pytest.mark.hint(
    "Push to the branch of a merge request, and then to main. How many pipelines start each time?",
    "workflow:rules: https://docs.gitlab.com/ci/yaml/workflow/",
)
def test_one_pipeline_for_each_push(submission, advise):
    """A push to a merge request or to main starts one pipeline, and one alone."""
    plans = played(submission)["plans"]
    lacking = [event for event in ("merge request", "main") if not plans[event]]

    advise(lacking, "Who tries a change before it is on main?")
    advise(not lacking and plans["branch"], "The branch has a merge request. Who runs what twice?")
    assert not lacking, f"No pipeline starts for {' and '.join(lacking)}. Expected one."
    assert not plans["branch"], (
        "A branch has a pipeline beside that of its merge request. Expected one."
    )


@pytest.mark.points(3)
@pytest.mark.hint(
    "Let each job fail in your mind, one at a time. What is deployed all the same?",
    "needs: https://docs.gitlab.com/ci/yaml/#needs",
)
def test_nothing_is_deployed_past_a_failure(submission, advise):
    """A linter, hadolint and pytest run, and while one of them fails nothing is deployed."""
    model, run = played(submission), real(submission)
    guards = {
        what: sorted({job for job, call in run.calls if job and called(names, call)})
        for what, names in GUARDS.items()
    }
    lacking = [what for what, jobs in guards.items() if not jobs]
    advise(lacking, "Who looks at the code, at the Dockerfile, and at what they do together?")
    assert not lacking, f"No job of main runs {' or '.join(lacking)}{run.why}.\n{run.said}"
    skipped = [
        what for what, jobs in guards.items()
        if not any(each["name"] in jobs for each in model["plans"]["merge request"])
    ]  # fmt: skip
    advise(skipped, "When is the change examined: before it is on main, or after?")
    assert not skipped, f"A merge request does not run {' or '.join(skipped)}. Expected it to."
    deploys = [job["name"] for job in deploying(model, "main")]
    past = sorted(
        name for jobs in guards.values() for name in jobs if name in model["failing"]
        and any(model["failing"][name]["jobs"][each]["end"] is not None for each in deploys)
    )  # fmt: skip
    allowed = [
        name for name in past
        if model["failing"][name]["jobs"][name]["status"] == "warning"
    ]  # fmt: skip
    advise(allowed, "It is allowed to fail. Who reads the warning, and when?")
    advise(past, "What does the deploy wait for, and what was still running?")
    assert not past, f"{', '.join(past)} fails, and there is a deploy all the same. Expected none."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Touch nothing after a push to main. What has been deployed, and what does GitLab wait for?",
    "Manual jobs: https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs",
)
def test_production_waits_for_a_click(submission, advise):
    """main reaches staging by itself, and production behind it, for a click that it waits for."""
    model = played(submission)
    deploys = deploying(model, "main")
    places = {place: [job["name"] for job in deploys if job["environment"] == place]
              for place in ("staging", "production")}  # fmt: skip
    lacking = [place for place, jobs in places.items() if not jobs]
    waiting, clicked = model["waiting"]["jobs"], model["clicked"]["jobs"]

    advise(lacking, "Where does GitLab keep what is deployed where, and since when?")
    assert not lacking, f"No job of main deploys to the environment {' or '.join(lacking)}."
    early = [name for name in places["production"] if waiting[name]["end"] is not None]
    stuck = [name for name in places["staging"] if waiting[name]["end"] is None]
    astray = [name for name in places["production"]
              if not set(clicked[name]["after"]) & {*places["staging"]}]  # fmt: skip
    advise(early, "Who has decided that drivers get this, and when?")
    advise(stuck, "Who is to look at a version that nobody can look at?")
    advise(not early and not stuck and model["waiting"]["status"] != "blocked",
           "The pipeline is green. Have drivers got the new version?")  # fmt: skip
    advise(astray, "Somebody clicks while staging is deployed. What has staging said by then?")
    assert not early, "Production is deployed without a click. Expected it to wait for one."
    assert not stuck, "Staging is not deployed by itself. Expected it to be."
    status = model["waiting"]["status"]
    assert status == "blocked", f"Without a click the pipeline is {status}. Expected it blocked."
    assert not astray, "Production does not wait for staging. Expected it to."
    others = [f"{job['name']} ({event})" for event in ("branch", "tag", "merge request")
              for job in deploying(model, event) if job["environment"] in places]  # fmt: skip
    advise(others, "Who has reviewed the change that is deployed there?")
    assert not others, f"{', '.join(others)} deploys there too. Expected main alone."


@pytest.mark.points(1)
@pytest.mark.hint(
    "Two merges within a minute. What do their deploys do to each other?",
    "resource_group: https://docs.gitlab.com/ci/resource_groups/",
)
def test_one_deploy_at_a_time(submission, advise):
    """Each environment has one deploy at a time, and a newer push cuts none short."""
    model = played(submission)
    jobs = [
        job for job in deploying(model, "main") if job["environment"] in ("staging", "production")
    ]
    assert jobs, "No job of main deploys to staging or production. Expected both."
    alone = sorted(job["name"] for job in jobs if not job["resource_group"])
    cut = sorted(job["name"] for job in jobs if job["interruptible"])

    advise(alone, "Two pipelines deploy at once. Which of them is live in the end?")
    advise(cut, "The runner is stopped between apply and undo. What is left in the cluster?")
    assert not alone, f"{', '.join(alone)} has no resource_group. Expected one."
    assert not cut, f"{', '.join(cut)} is interruptible. Expected it not to be."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Follow the image: which job builds it, by what name is it deployed, and who says that name?",
    "Passing a variable on: https://docs.gitlab.com/ci/variables/job_scripts/",
)
def test_one_image_goes_everywhere(submission, advise):
    """One image is built, and staging and production get that very one, by its digest."""
    run = real(submission)
    digests = run.machine.digests
    builders = sorted(set(digests.values()))
    images = {place: run.tried(place) for place in ("staging", "production")}
    tags = [image for tried in images.values() for image in tried if "@" not in image]
    strange = [place for place, tried in images.items()
               if not any(image.partition("@")[2] in digests for image in tried)]  # fmt: skip

    advise(not digests, "What is deployed, and who has built it?")
    advise(len(digests) > 1, "Which of the images was tested on staging?")
    advise(strange and tags, "Another pipeline pushes the same name. What does it name then?")
    advise(len(digests) == 1 and strange, "Which way does the digest come to the job that deploys?")
    assert len(digests) == 1, (
        f"{len(digests)} images are pushed{f' by {chr(44).join(builders)}' if builders else ''}."
        f" Expected one{run.why}.\n{run.said}"
    )
    assert not strange, (
        f"{' and '.join(strange)} did not get the digest that was built.\n{run.said}"
    )


@pytest.mark.points(3)
@pytest.mark.hint(
    "What does your deploy do in python play.py crash?",
    "Rolling back: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"
    "#rolling-back-a-deployment",
)
def test_a_failed_rollout_is_taken_back(submission, advise):
    """A good rollout is green when it is done; a failed one is red, and production goes back."""
    run = real(submission)
    staging, production = (run.machine.clusters[each] for each in ("staging", "production"))
    tried = {place: run.tried(place) for place in ("staging", "production")}
    lacking = [place for place, images in tried.items() if not images]

    advise(lacking == ["production"], "Staging was good. What kept production from being tried?")
    assert not lacking, f"{' and '.join(lacking)} was not deployed to{run.why}.\n{run.said}"
    advise(not staging.is_done, "What did staging's pods do when the job was green?")
    assert staging.is_done, "Staging's rollout was not waited for."
    back = run.image("production") in machine.IMAGES
    advise(not back, "Production's pods crash. Who tells the cluster to stop trying?")
    advise(back and run.code == 0, "It went back. Is the new version deployed, as green says?")
    advise(production.over, "Production's rollout never ended. For how long did the job wait?")
    assert not production.over, "The deploy to production did not end within ten minutes."
    assert back, "Production is left with a version that crashes. Expected the one before."
    assert run.code != 0, "Production's rollout failed, and the pipeline is green. Expected red."


@pytest.mark.points(1)
@pytest.mark.hint(
    "Ten merge requests are open. Where does each of them run, and until when?",
    "Stopping an environment: https://docs.gitlab.com/ci/environments/#stopping-an-environment",
)
def test_review_apps_end(submission, advise):
    """A merge request has an environment of its own, and a job that stops it."""
    model = played(submission)
    jobs = model["jobs"]
    there = {job["name"] for job in model["plans"]["merge request"]}
    found = {name: environment for name in sorted(there)
             if isinstance(environment := jobs.get(name, {}).get("environment"), dict)}  # fmt: skip
    starts = {name: each for name, each in found.items() if each.get("action", "start") == "start"}
    shared = [name for name, each in starts.items() if "$CI_" not in str(each.get("name"))]
    stops = {name for name, each in found.items() if each.get("action") == "stop"}
    lost = [name for name, each in starts.items() if each.get("on_stop") not in stops
            or found[each["on_stop"]].get("name") != each.get("name")]  # fmt: skip
    held = [job["name"] for job in model["plans"]["merge request"] if job["name"] in stops
            and not (job["when"] == "manual" and job["allow_failure"])]  # fmt: skip

    advise(not starts, "Where does a reviewer see what the change does?")
    advise(shared, "Two merge requests are open. Whose change does the reviewer see?")
    advise(lost, "The merge request is closed. What becomes of its pods?")
    advise(held, "When does the job that stops it run, and what waits for it?")
    assert starts, "No job of a merge request deploys to an environment. Expected a review app."
    assert not shared, f"All merge requests share the environment of {', '.join(shared)}."
    assert not lost, f"Nothing stops the environment of {', '.join(lost)}. Expected on_stop."
    assert not held, f"{', '.join(held)} does not wait for a click, or blocks without one."


@pytest.mark.points(1)
@pytest.mark.hint(
    "What does GitLab show of a test run, beside green and red, and where does it read that?",
    "coverage: https://docs.gitlab.com/ci/yaml/#coverage",
)
def test_gitlab_reads_the_results(submission, advise):
    """GitLab reads the coverage and the tests' report, and the cache carries no result."""
    model, run = played(submission), real(submission)
    tests = {job for job, call in run.calls if "pytest" in call}
    read = [value for name, values in model["coverage"].items() if name in tests
            for value in values[-1:]]  # fmt: skip
    reports = [model["jobs"].get(name, {}).get("artifacts") for name in sorted(tests)]
    reports = [each.get("reports") for each in reports if isinstance(each, dict)]
    carried = sorted({path for job in model["jobs"].values() for path in state_in_cache(job)})

    advise(not read, "What does pytest-cov print last, and who reads it?")
    advise(read and read[0] != "97", "Which of the two percentages did the expression read?")
    advise(carried, "The cache is empty, or that of another branch. What is different?")
    assert read, "No job that runs pytest tells GitLab where the coverage stands."
    assert read[0] in ("97", "97.0"), f"The coverage is read as {read[0]}, expected 97."
    assert any(isinstance(each, dict) and "junit" in each for each in reports), (
        "No job that runs pytest hands its junit report over."
    )
    assert not carried, f"The cache carries {', '.join(carried)}. Expected downloads alone."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What of the first stage do you find again in the image that runs?",
    "Multi-stage builds: https://docs.docker.com/build/building/multi-stage/",
)
def test_image_holds_what_it_needs(submission, advise):
    """hadolint is content; two stages, what is locked, and a user who is not root."""
    said = submission.run("hadolint", "--no-color", "--disable-ignore-pragma", "--config",
                          "/dev/null", DOCKERFILE)  # fmt: skip
    rules = sorted(set(re.findall(r"\b(?:DL|SC)\d{4}\b", said.stdout)))
    steps = instructions(submission.read(DOCKERFILE))
    stages = [words for name, words in steps if name == "FROM"]
    last = steps[max([i for i, (name, _) in enumerate(steps) if name == "FROM"], default=0) :]
    users = [words for name, words in last if name == "USER"]
    installs = [words for name, words in steps if name == "RUN"
                and re.search(r"\b(pip3?|uv|poetry)\b.*\b(install|sync)\b", words)]  # fmt: skip
    loose = [words for words in installs if not re.search(
        r"--require-hashes|uv sync.*--(locked|frozen)|--no-deps\b", words)]  # fmt: skip

    advise(len(stages) < 2, "What does an attacker find in the image that no driver needs?")
    advise(not users or is_root(users[-1]), "As whom does Causeway run in the container?")
    advise(loose, "The index answers with other bytes tomorrow. Who notices?")
    advise(rules, "What does hadolint say, and which of it would you want to explain?")
    assert not rules, f"hadolint reports {', '.join(rules)}. Expected nothing."
    assert said.returncode == 0, "hadolint cannot read the Dockerfile."
    assert len(stages) > 1, f"The Dockerfile has {len(stages)} stage. Expected two at least."
    name = users[-1] if users else "root"
    assert not is_root(name), f"The image runs as {name:.40}. Expected a user by number."
    assert installs, "No RUN of the Dockerfile installs anything. Expected the lock."
    assert not loose, "What is installed is not compared with the hashes of the lock."


def is_root(user):
    """Whether nobody but the image knows that this user is not root."""
    return not re.match(r"[1-9]\d*\b", user)


def instructions(text):
    """Give each instruction of a Dockerfile, its name and its words."""
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\s*\n", " ", text).splitlines()
    parts = [line.strip().partition(" ") for line in lines if line.strip()]
    return [(name.upper(), words.strip()) for name, _, words in parts]


def state_in_cache(job):
    """Name what a job's cache carries that is no download: reports, builds, what was installed."""
    caches = job.get("cache") or []
    found = []
    for cache in caches if isinstance(caches, list) else [caches]:
        key = cache.get("key") if isinstance(cache, dict) else None
        locked = isinstance(key, dict) and key.get("files")
        paths = cache.get("paths") if isinstance(cache, dict) else None
        for path in paths if isinstance(paths, list) else ():
            installed = re.search(r"(^|/)\.?v?env\b|site-packages|node_modules", str(path))
            result = re.search(
                r"(^|/)(results?|dist|build|public|reports?)\b|\.(env|xml|tar)$", str(path)
            )
            found += [str(path)] if result or (installed and not locked) else []
    return found


def called(names, call):
    """Whether a call is one of a program among *names*, itself or by way of another."""
    return any(re.search(rf"(^|[\s/=]){re.escape(name)}(\s|:|$)", call) for name in names)


def deploying(model, event):
    """Give the jobs of *event* that deploy somewhere: those with an environment that they start."""
    found = []
    for job in model["plans"][event]:
        own = model["jobs"].get(job["name"], {}).get("environment")
        action = own.get("action", "start") if isinstance(own, dict) else "start"
        if job["environment"] and action == "start":
            found.append(job)
    return found


def played(submission):
    """Play the pipeline in the learner's process: its expressions may take for ever."""
    text = submission.read(FILE)
    if text not in [each for each, _ in PLAYS]:
        file = submission.yaml(FILE)
        setup = pipeline.setup(FILE=file, LOG=LOG.format(line=TOTAL)) + PLAYED
        PLAYS[:] = [(text, submission.evaluate("played()", setup=setup))]
    [(_, found)] = PLAYS
    assert isinstance(found, dict), f"The pipeline could not be played: {found!r:.100}."
    told = found["problems"][:3]
    assert not told, f"{' '.join(told)} Expected a file that GitLab takes."
    return found


TOTAL = "TOTAL                                197      6     28      1    97%"
PLAYS, RUNS = [], []  # the last file's only: all checks ask about the same


def real(submission):
    """Have gitlab-ci-local run the pipeline of main, with every manual job clicked."""
    model = played(submission)
    given = {name: submission.read(name) for name in (FILE, MANIFEST)}
    if given not in [each for each, _ in RUNS]:
        manual = [job["name"] for job in model["plans"]["main"] if job["when"] == "manual"]
        deployment, text = machine.deployment_of(given[MANIFEST])
        assert deployment, f"{MANIFEST} holds no Deployment that could be deployed."
        file = submission.yaml(FILE)
        RUNS[:] = [(given, machine.run(submission, file, manual, deployment, text))]
    return RUNS[0][1]
