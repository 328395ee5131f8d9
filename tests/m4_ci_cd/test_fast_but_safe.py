"""Grade *Fast, and still safe*: the model of workbook/pipeline.py plays the file."""

import pytest

from workbook import pipeline

MINUTES = {"lint": 2, "types": 3, "unit": 6, "audit": 4, "build": 8, "browser": 12, "scan": 5,
           "deploy": 3}  # fmt: skip
CHECKS = [name for name in MINUTES if name != "deploy"]
SOURCES = ["lint", "types", "unit", "audit", "build"]  # work with what stands in the repository
READERS = {"review": ["browser", "scan"], "main": ["browser", "scan", "deploy"]}
BUDGET = {"review": 20, "main": 23}
SCRIPTS = {
    "lint": ["ruff check src tests"],
    "types": ["mypy --strict src"],
    "unit": ["pytest --cov=src"],
    "audit": ["pip-audit --strict -r requirements.txt"],
    "build": [
        'docker build --tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" --push'
        " --metadata-file pushed.json .",
        'echo "IMAGE=$CI_REGISTRY_IMAGE@$(jq -r \'."containerimage.digest"\' pushed.json)"'
        " > image.env",
    ],
    "browser": ['docker run --detach --publish 8000:8000 "$IMAGE"', "robot tests"],
    "scan": ['trivy image --exit-code 1 "$IMAGE"'],
    "deploy": [
        'kubectl set image deployment/causeway "causeway=$IMAGE"',
        "kubectl rollout status deployment/causeway --timeout=120s",
    ],
}

# What is played: the two pipelines that a push to a branch with an open merge request may make,
# and the others; a review is what the first of them made.
PLAYED = """
OPEN = {"CI_OPEN_MERGE_REQUESTS": "shore/causeway!7"}
WAYS = {"merge request": ("merge request", {}), "branch under review": ("branch", OPEN),
        "branch": ("branch", {}), "main": ("main", {}), "tag": ("tag", {}),
        "schedule": ("schedule", {})}

def of(name):
    told = problems(GIVEN[name])
    if told:
        return {"problems": told}
    def ran(way, failing=()):
        event, more = WAYS[way]
        return play(GIVEN[name], event, failing, (), MINUTES, more)
    whole = {way: ran(way) for way in WAYS}
    reviews = [way for way in list(WAYS)[:2] if whole[way]["created"]]
    ways = {"main": "main", **({"review": reviews[0]} if reviews else {})}
    scripts = {place: {job["name"]: job["script"] for job in plan(GIVEN[name], *WAYS[way])}
               for place, way in ways.items()}
    failed = {place: {job: ran(way, [job]) for job in MINUTES} for place, way in ways.items()}
    return {"problems": [], "whole": whole, "reviews": reviews, "ways": ways, "scripts": scripts,
            "failed": failed}
"""


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which jobs does a push to main make now, which a review, and do they all start by themselves?",
    "When a job is made: https://docs.gitlab.com/ci/jobs/job_rules/",
)
def test_every_job_still_does_its_work(submission, advise):
    """Each job is there and does its work: all eight on main, all but deploy in a review."""
    found = played(submission, advise)

    for place, names in (("review", CHECKS), ("main", list(MINUTES))):
        jobs = pipeline_of(found, place)["jobs"]
        absent = [name for name in names if name not in jobs]
        idle = [name for name in names if name in jobs and jobs[name]["start"] is None]
        changed = [name for name in names if name in jobs
                   and lines(found["scripts"][place][name])[-len(SCRIPTS[name]):]
                   != SCRIPTS[name]]  # fmt: skip
        advise(absent, "A pipeline is fast without it. Who hears now what it used to find?")
        advise(idle, "Every other job passed. What does this one wait for, and who gives it that?")
        advise(changed, "The pipeline was slow. Was it the work that was wrong with it?")
        assert not absent, f"{in_a(place)} lacks {listed(absent)}. Expected {listed(names)}."
        assert not idle, f"{in_a(place)} does not run {listed(idle)}. Expected it to run by itself."
        assert not changed, (
            f"{in_a(place)}: another script for {listed(changed)}. Expected its own."
        )


@pytest.mark.points(3)
@pytest.mark.hint(
    "Take the last job that ends. Which one did it wait for, and did it need that?",
    "Draw each job with what it works with. Which chain is the longest, and what is beside it?",
    "Starting earlier: https://docs.gitlab.com/ci/yaml/needs/",
)
def test_no_job_waits_for_what_it_does_not_work_with(submission, advise):
    """A review is done after 20 minutes, a push to main after 23."""
    found = played(submission, advise)

    for place, most in BUDGET.items():
        ran = pipeline_of(found, place)["jobs"].items()
        jobs = {name: job for name, job in ran if job["end"] is not None
                and (place == "main" or name != "deploy")}  # fmt: skip
        minutes = max(job["end"] for job in jobs.values()) if jobs else 0
        late = [name for name in SOURCES if name in jobs and jobs[name]["start"]]
        images = [name for name in ("browser", "scan") if name in jobs]
        chained = [name for name in images if set(images) & set(jobs[name]["after"])]
        advise(late, f"What does each of these work with, what does it wait for: {listed(late)}?")
        advise(chained, "Which of browser and scan does the other work with?")
        assert minutes <= most, (
            f"{in_a(place)} takes {minutes} minutes: {longest(jobs)}. Expected {most} at most."
        )


@pytest.mark.points(4)
@pytest.mark.hint(
    "Let each job fail in turn, in your head. Where does the pipeline stop?",
    "Which jobs does deploy wait for, and which are still running when it starts?",
    "What a job with needs waits for: https://docs.gitlab.com/ci/yaml/needs/",
)
def test_deploy_waits_for_every_check(submission, advise):
    """Deploy starts after all seven others have passed, and one that fails turns a pipeline red."""
    found = played(submission, advise)

    jobs = pipeline_of(found, "main")["jobs"]
    assert "deploy" in jobs, "A push to main makes no deploy. Expected one."
    after = set(jobs["deploy"]["after"])
    running = [name for name in CHECKS if name not in after]
    runs = found["failed"]["main"]
    passed_over = [name for name in CHECKS if name in jobs and started(runs[name], "deploy")]
    green = {
        place: [name for name in CHECKS if name in runs[name]["jobs"]
                and runs[name]["status"] != "failed"]
        for place, runs in found["failed"].items()
    }  # fmt: skip
    advise(not after, "It starts at once. Which image does it bring, and who has tried that?")
    advise(set(running) & {"browser", "scan"}, "The image is built, and deploy starts. What is "
           "still running, and what if it fails?")  # fmt: skip
    advise(running, "Deploy says what it needs. Of what did it stop hearing by that?")
    advise(passed_over and not running, "It ran to its end, and failed. Who was told that this "
           "does not matter?")  # fmt: skip
    advise(green.get("review"), "What does the person see who is about to merge this?")
    assert not passed_over, (
        f"On main deploy starts when one of these fails: {listed(passed_over)}. Expected it not to."
    )
    assert not running, f"Deploy does not wait for {listed(running)}. Expected it to."
    for place, names in green.items():
        assert not names, (
            f"{in_a(place)} is green when one of these fails: {listed(names)}. Expected it to fail."
        )


@pytest.mark.points(2)
@pytest.mark.hint(
    "Where does the job get IMAGE from, and when is that written?",
    "Whose artifacts come: https://docs.gitlab.com/ci/jobs/job_artifacts/#fetching-artifacts",
)
def test_the_image_that_was_built_is_the_one_that_is_used(submission, advise):
    """Browser, scan and deploy find what the build wrote."""
    found = played(submission, advise)

    for place, names in READERS.items():
        run = pipeline_of(found, place)
        jobs = run["jobs"]
        blind = [name for name in names if started(run, name)
                 and "build" not in jobs[name]["artifacts"]]  # fmt: skip
        early = [name for name in blind if "build" not in jobs[name]["after"]]
        advise(early, "It starts before the build ends. What is in $IMAGE by then?")
        advise(blind, "It waits for the build. Does it also receive what the build wrote?")
        assert not blind, f"{in_a(place)}: no IMAGE for {listed(blind)}. Expected that of build."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of the five events is a push to main?",
    "What GitLab says about each: https://docs.gitlab.com/ci/variables/predefined_variables/",
)
def test_only_main_is_deployed(submission, advise):
    """Neither a merge request, nor a branch, nor a tag is deployed."""
    found = played(submission, advise)

    whole = found["whole"]
    deployed = [way for way in whole if way not in ("main", "schedule")
                and "deploy" in whole[way]["jobs"]]  # fmt: skip
    advise("merge request" in deployed, "Who has read the change when its merge request is opened?")
    advise(deployed, "Which of these was merged?")
    assert not deployed, (
        f"Deploy is in the pipeline of a {listed(deployed)}. Expected main's alone."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "Somebody pushes to a branch whose merge request is open. Which pipelines does GitLab make?",
    "One pipeline, not two: https://docs.gitlab.com/ci/jobs/job_rules/#avoid-duplicate-pipelines",
)
def test_a_push_makes_one_pipeline(submission, advise):
    """A push to a branch with an open merge request makes one pipeline, and so does one to main."""
    found = played(submission, advise)

    reviews = found["reviews"]
    jobs = [len(found["whole"][way]["jobs"]) for way in reviews]
    advise(len(reviews) == 2, "The same commit, two pipelines. What does the second one tell you "
           "that the first does not?")  # fmt: skip
    advise(not reviews, "What does a reviewer see of the checks, before it is merged?")
    assert len(reviews) == 1, (
        f"It makes {len(reviews)} pipelines{told(reviews, jobs)}. Expected one."
    )
    assert found["whole"]["main"]["created"], "A push to main makes no pipeline. Expected one."


LAST = []  # the last file, and how it went: all checks ask about the same


def played(submission, advise):
    """Play the file; in the learner's process, whose regular expressions may never end."""
    text = submission.read(".gitlab-ci.yml")
    if text not in [each for each, _ in LAST]:
        file = submission.yaml(".gitlab-ci.yml")
        setup = pipeline.setup(GIVEN={".gitlab-ci.yml": file}, MINUTES=MINUTES)
        LAST[:] = [(text, submission.evaluate("of('.gitlab-ci.yml')", setup=setup + PLAYED))]
    [(_, found)] = LAST
    assert isinstance(found, dict), ".gitlab-ci.yml could not be played. Expected a pipeline."
    problems = " ".join(found["problems"])
    advise("circle" in problems, "Which job of the circle could be the first to start?")
    advise(
        problems, "GitLab would refuse the file, and make no pipeline. What is it that it means?"
    )
    assert not problems, f"{problems} Expected a file that GitLab takes."
    return found


def pipeline_of(found, place):
    """Give the pipeline of main or of a review, which has to be there."""
    way = found["ways"].get(place, "merge request")
    run = found["whole"][way]
    assert run["created"], f"No pipeline for a {way}: {run['refusal']} Expected one."
    return run


def longest(jobs):
    """Tell the chain of jobs that ends last, each with its minutes."""
    chain, end = [], max((job["end"] for job in jobs.values()), default=0)
    while end:
        name = min(name for name, job in jobs.items() if job["end"] == end)
        end = jobs[name]["start"]
        chain.insert(0, f"{name} {jobs[name]['end'] - end}")
    return ", ".join(chain)


def lines(script):
    """Give the commands of a script, however they are broken and spaced."""
    return [" ".join(line.split()) for text in script for line in text.splitlines() if line.strip()]


def started(run, name):
    return name in run["jobs"] and run["jobs"][name]["start"] is not None


def in_a(place):
    return {"review": "A review", "main": "A push to main"}[place]


def told(ways, jobs):
    each = [f"one of {number} jobs for the {way}" for way, number in zip(ways, jobs, strict=True)]
    return f": {', '.join(each)}" if each else ""


def listed(names):
    return ", ".join(names)
