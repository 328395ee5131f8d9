"""Grade *The pipeline that deploys everything*: it is played for five events, with faults.

workbook/pipeline.py says which jobs run and whose artifacts they have; shell.py beside the fixtures
plays their scripts against a registry and a cluster, in the learner's process.
"""

from pathlib import Path

import pytest

from workbook import pipeline

SHELL = Path(__file__).with_name("repair_the_pipeline") / "shell.py"
ELSEWHERE = ("merge request", "branch", "tag")  # schedules run on main too: either is right there
GUARDS = ("flake8", "pytest")
BUILDS = ("docker build", "docker buildx", "docker image build", "podman build", "buildah b",
          "executor")  # fmt: skip
IDLE = {"", "echo", "printf", "true", ":", "sleep", "exit", "export", "set", "cat", "date", "ls",
        "pwd"}  # fmt: skip
# What is played: an event, the commands that fail, whether all is clicked.
CASES = [
    *((event, (), clicked) for event in pipeline.EVENTS for clicked in (False, True)),
    *(
        (event, (guard,), False)
        for guard in GUARDS
        for event in ("merge request", "branch", "main")
    ),
    *(("main", broken, True) for broken in (("flake8",), ("pytest",), BUILDS)),
]


@pytest.mark.points(1)
@pytest.mark.hint(
    "What would GitLab's own lint say: which stages, needs and keywords does it not find?",
    "Every keyword of a job: https://docs.gitlab.com/ci/yaml/",
)
def test_gitlab_takes_the_file(submission, advise):
    """GitLab takes the file, and a push to main starts a pipeline."""
    main = outcomes(submission, [("main", (), True)])[0]

    advise(not main["created"], "Which rule is meant to let a push to main through?")
    assert main["created"], f"A push to main starts no pipeline: {main['refusal']} Expected one."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does the pipeline of a change say when a test fails?",
    "When a failed job is no failure: https://docs.gitlab.com/ci/yaml/#allow_failure",
)
def test_every_change_is_examined(submission, advise):
    """Every change is linted and tested, before it is on main and there, and a failure is one."""
    cases = [(event, (guard,), False) for guard in GUARDS
             for event in ("merge request", "branch", "main")]  # fmt: skip
    found = dict(zip(cases, outcomes(submission, cases), strict=True))
    told = []
    for guard in GUARDS:
        before = [found[event, (guard,), False] for event in ("merge request", "branch")]
        places = {"before it is on main": before, "on main": [found["main", (guard,), False]]}
        for place, runs in places.items():
            advise(any(guard in flat(run) and run["status"] == "success" for run in runs),
                   "The tests are red and the pipeline is green. Who will look?")  # fmt: skip
            if not any(run["status"] == "failed" for run in runs):
                told.append(f"{guard} fails {place}, and no pipeline does")
    advise(told, "In which pipelines does a change meet the linter and the tests?")
    assert not told, f"{'; '.join(told)}. Expected it to fail."


@pytest.mark.points(2)
@pytest.mark.hint(
    "For which of the five events is each job made, when it says nothing about it?",
    "How a job chooses its events: https://docs.gitlab.com/ci/jobs/job_rules/",
)
def test_only_main_is_deployed(submission, advise):
    """Only main is deployed: no merge request, no other branch, no tag, and nobody's click."""
    cases = [(event, (), clicked) for event in ELSEWHERE for clicked in (False, True)]
    found = dict(zip(cases, outcomes(submission, cases), strict=True))

    told = [event for event in ELSEWHERE if found[event, (), True]["tried"]]
    early = [event for event in ELSEWHERE if found[event, (), False]["tried"]]
    advise(told and not early, "Who can click there, and what reaches the cluster when they do?")
    advise(told == ["merge request"], "Who has reviewed the change by then?")
    advise(told == ["tag"], "On which branch is a commit that somebody tagged?")
    advise(told, "Somebody pushes half a thought to a branch. What do drivers see?")
    assert not told, f"A roll-out runs for: {', '.join(told)}. Expected one for main alone."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Break one job in your mind, then another: which of those after it still start?",
    "What a job waits for: https://docs.gitlab.com/ci/yaml/#needs",
)
def test_nothing_is_deployed_past_a_failure(submission, advise):
    """When the linter, the tests or the build fail on main, nothing is deployed."""
    cases = [("main", ("flake8",), True), ("main", ("pytest",), True), ("main", BUILDS, True)]
    lint, test, build = outcomes(submission, cases)

    past = [name for name, run in (("the linter", lint), ("the tests", test), ("the build", build))
            if run["tried"] and (run is not build or run["failed"])]  # fmt: skip
    advise("the tests" in past and test["status"] == "success", "Who may fail in this pipeline "
           "without anybody being stopped?")  # fmt: skip
    advise({"the linter", "the tests"} & {*past}, "What does the job that deploys wait for, once "
           "it says so itself?")  # fmt: skip
    advise(past == ["the build"], "The build failed. What is it, then, that was deployed?")
    assert not past, f"{' and '.join(past)} failed on main, and the roll-out ran all the " \
                     "same. Expected none."  # fmt: skip


@pytest.mark.points(3)
@pytest.mark.hint(
    "Follow the image: who builds it, what is it called, and how does the next job know?",
    "How a value gets to a later job: https://docs.gitlab.com/ci/variables/dotenv_variables/",
)
def test_what_was_built_is_deployed(submission, advise):
    """On main one image is built, and a later job deploys just that one, by its digest."""
    main = outcomes(submission, [("main", (), True)])[0]

    digests = {digest: job for job, digest in main["builds"]}
    builders, deployers = set(digests.values()), {job for job, *_ in main["rollouts"]}
    strange = [name for _, name, digest in main["rollouts"] if digest not in digests]
    advise(not digests, "What is in the image that is deployed, and who built it?")
    advise(len(digests) > 1, "Which of the images that were built has been deployed, and why are "
           "there two?")  # fmt: skip
    advise(builders & deployers, "The roll-out failed for want of a network. What does a retry of "
           "that job do first?")  # fmt: skip
    advise(any("@" not in each for each in strange), "Another pipeline pushes the same name "
           "before yours deploys. What is deployed?")  # fmt: skip
    advise(strange, "At which moment was that digest asked for, and what had the name become?")
    advise(not deployers, "What is the value of the variable in the job that deploys, and which "
           "way has it come?")  # fmt: skip
    advice = f" This shell does not know {', '.join(main['unknown'])}." if main["unknown"] else ""
    assert len(digests) == 1, f"{len(digests)} images are built on main. Expected one.{advice}"
    assert deployers, (
        f"Nothing is rolled out on main; what fails: {', '.join(main['failed']) or 'no job'}. "
        f"Expected the image that was built.{advice}"
    )
    assert not strange, (
        f"Rolled out: {strange[0]:.160}, which is not the image that was built here, once other "
        f"runs have pushed the same names. Expected its digest.{advice}"
    )
    assert not builders & deployers, (
        f"{min(builders & deployers)} builds and rolls out. Expected two jobs."
    )


@pytest.mark.points(1)
@pytest.mark.hint(
    "Read each stage, and each job's script: what is different after it has run?",
    "What stages are for: https://docs.gitlab.com/ci/yaml/#stages",
)
def test_every_stage_works(submission, advise):
    """Each stage of the file has a job, and each job does something."""
    runs = outcomes(submission, [(event, (), True) for event in pipeline.EVENTS])
    staffed = played(submission)["jobs"].values()

    stages = submission.yaml(".gitlab-ci.yml").get("stages", [])
    empty = [stage for stage in stages if stage not in staffed]
    ran = {name: set() for run in runs for name in run["ran"]}
    for run in runs:
        for name, words in run["ran"].items():
            ran[name] |= set(words)
    failed = {name for run in runs for name in run["failed"]}  # they had more to do
    idle = sorted(name for name, words in ran.items() if words <= IDLE and name not in failed)
    advise(empty, "What does a stage without a job do, and who believes that it does more?")
    advise(idle, "What does a job prove that prints a sentence and succeeds?")
    assert not empty, f"No job is in the stage {', '.join(empty)}. Expected one, or no such stage."
    assert not idle, f"{', '.join(idle)} only talks. Expected a job that does something."


def flat(run):
    return {word for words in run["ran"].values() for word in words}


LAST = []  # the last file, and how it went: all checks ask about the same


def played(submission):
    """Play all cases in the learner's process: expressions of rules may never end."""
    text = submission.read(".gitlab-ci.yml")
    if text not in [each for each, _ in LAST]:
        setup = pipeline.setup(FILE=submission.yaml(".gitlab-ci.yml"), CASES=CASES)
        setup += SHELL.read_text(encoding="utf-8")
        LAST[:] = [(text, submission.evaluate("played(FILE, CASES)", setup=setup))]
    [(_, found)] = LAST
    assert isinstance(found, dict), f"The pipeline could not be played: {found!r:.100}."
    told = found["problems"][:3]
    assert not told, f"{' '.join(told)} Expected a file that GitLab takes."
    return found


def outcomes(submission, cases):
    """Give what came of each of some *cases*."""
    runs = played(submission)["runs"]
    found = [runs[CASES.index(case)] for case in cases]
    odd = [each["beyond"] for each in found if "beyond" in each]
    assert not odd, f"This exercise's shell does not know: {odd[0]:.120}. Expected plain commands."
    return found
