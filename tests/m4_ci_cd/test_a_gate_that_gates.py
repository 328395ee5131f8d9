"""Grade *The gate that everybody walked round*: clicks, failures, forks, two pipelines at once.

workbook/pipeline.py plays the file, in the learner's process. A job has the key of production when
its environment has that name and its ref is protected, as GitLab gives a variable that is scoped
and protected: https://docs.gitlab.com/ci/variables/
"""

import pytest

from workbook import pipeline

JOBS = {
    "test": "pytest --cov=src",
    "build": "./ci/build --digest-to build.env",
    "staging": './ci/roll-out staging "$IMAGE"',
    "production": './ci/roll-out production "$IMAGE"',
    "announce": './ci/tell-the-harbour-office "$IMAGE"',
}
BEFORE = ("test", "build", "staging")
# What differs between the variables of two pipelines for main.
LATER = {"CI_COMMIT_SHA": "7" * 40, "CI_COMMIT_SHORT_SHA": "7" * 8, "CI_PIPELINE_IID": "43",
         "CI_PIPELINE_ID": "1043", "CI_JOB_ID": "9043"}  # fmt: skip
FORK = {"CI_COMMIT_REF_PROTECTED": "false"}
PLAYED = """
def named(job, key):
    text = job[key] or ""
    for _ in range(3):
        text = re.sub(r"\\$(?:(\\w+)|\\{(\\w+)\\})",
                      lambda found: job["variables"].get(found[1] or found[2], ""), text)[:200]
    return text

def planned(event, more):
    return {job["name"]: {
        "script": [line.strip() for each in job["script"] for line in each.split("\\n")],
        "interruptible": job["interruptible"],
        "environment": named(job, "environment"),
        "group": named(job, "resource_group"),
    } for job in plan(FILE, event, more)}

def played():
    told = problems(FILE)
    if told:
        return {"problems": told}
    plans = {event: [planned(event, FORK), planned(event, {})] for event in EVENTS}
    every = list(plans["main"][1])
    return {"problems": [], "plans": plans, "later": planned("main", LATER),
            "waiting": play(FILE, "main"), "clicked": play(FILE, "main", (), every),
            "failing": {name: play(FILE, "main", [name], every) for name in every}}
"""


@pytest.mark.points(1)
@pytest.mark.hint(
    "What does GitLab's own lint say, and is everything still done that was done before?",
    "Every keyword of a job: https://docs.gitlab.com/ci/yaml/",
)
def test_the_jobs_do_their_work(submission, advise):
    """GitLab takes the file, and on main its five jobs still do what they did."""
    main = played(submission)["plans"]["main"][1]

    lost = [name for name in JOBS if name not in main]
    changed = [name for name in JOBS if name in main and JOBS[name] not in main[name]["script"]]
    advise(lost, "For which event is the job made now?")
    assert not lost, f"A push to main makes no job {', '.join(lost)}. Expected all five."
    assert not changed, f"{', '.join(changed)} does something else. Expected its line to stay."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Push to main in your mind and touch nothing. Which jobs have run after an hour?",
    "Jobs that wait for a click: https://docs.gitlab.com/ci/jobs/job_control/#create-a-job-that-must-be-run-manually",
)
def test_production_waits_for_a_click(submission, advise):
    """A push to main reaches staging by itself, and production with a click alone."""
    found = found_jobs(submission)
    waiting, clicked = found["waiting"]["jobs"], found["clicked"]["jobs"]

    by_itself = "production" in reached(waiting)
    stuck = [name for name in BEFORE if name not in reached(waiting)]
    advise("staging" in stuck, "Who has seen the version run, when they decide about production?")
    advise(by_itself, "Who has decided that drivers get this, and when?")
    assert not stuck, f"Without a click {', '.join(stuck)} does not run. Expected it to."
    assert not by_itself, "Production is reached without a click. Expected it to wait for one."
    assert "production" in reached(clicked), "A click changes nothing. Expected it to roll out."


@pytest.mark.points(3)
@pytest.mark.hint(
    "The gate is closed. What colour is the pipeline, and what goes on behind the gate?",
    "When a manual job blocks: https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs",
)
def test_the_gate_holds_up_what_follows(submission, advise):
    """Until the click the pipeline is blocked, and it is announced when production has it."""
    found = found_jobs(submission)
    waiting, clicked = found["waiting"], found["clicked"]["jobs"]

    early = "announce" in reached(waiting["jobs"])
    late = "production" not in clicked["announce"]["after"]
    despite = "announce" in reached(found["failing"]["production"]["jobs"])
    advise(early and waiting["status"] == "blocked", "What does the job that announces wait for, "
           "once it says so itself?")  # fmt: skip
    advise(early, "Nobody has clicked, and the harbour office is told. What may this gate do "
           "without?")  # fmt: skip
    advise(waiting["status"] == "success", "The pipeline is green. What do you believe that "
           "drivers have?")  # fmt: skip
    advise(despite, "What is announced when the roll-out has failed?")
    assert not early, "Without a click the new version is announced. Expected nothing of it."
    assert waiting["status"] == "blocked", (
        f"Without a click the pipeline is {waiting['status']}. Expected it to be blocked."
    )
    assert not late, "Announce does not wait for production. Expected it to."
    assert not despite, "It is announced although production failed. Expected it not to be."


@pytest.mark.points(2)
@pytest.mark.hint(
    "For each job that can fail: can somebody still click afterwards?",
    "What a job waits for: https://docs.gitlab.com/ci/yaml/#needs",
)
def test_a_click_is_no_way_past_a_failure(submission, advise):
    """Production is out of reach when the tests, the build or staging have failed."""
    found = found_jobs(submission)

    past = [name for name in BEFORE if "production" in reached(found["failing"][name]["jobs"])]
    blind = "build" not in found["clicked"]["jobs"]["production"]["artifacts"]
    advise(past == ["staging"], "It was built, and it did not run on staging. Whom does the click "
           "ask?")  # fmt: skip
    advise(past, "What was the job told to wait for, and what did it stop waiting for by that?")
    advise(blind, "What is in $IMAGE when the job starts?")
    assert not past, f"Production is reached although {', '.join(past)} failed. Expected it not."
    assert not blind, "Production has no IMAGE: the artifact of build does not reach it. " \
                      "Expected it to."  # fmt: skip


@pytest.mark.points(2)
@pytest.mark.hint(
    "Two pipelines of main are clicked in the same minute. Which jobs run at the same time?",
    "One at a time: https://docs.gitlab.com/ci/resource_groups/",
)
def test_one_rolls_out_at_a_time(submission, advise):
    """Two pipelines never roll out to one environment at once, and none is ended half way."""
    found = found_jobs(submission)
    one, other = found["plans"]["main"][1], found["later"]

    both = {name: (one[name]["group"], other.get(name, one[name])["group"])
            for name in ("staging", "production")}  # fmt: skip
    free = [name for name, groups in both.items() if not groups[0]]
    apart = [name for name, groups in both.items() if groups[0] and groups[0] != groups[1]]
    cut = [name for name in both if one[name]["interruptible"]]
    advise(free, "Both images are rolled out, one over the other. Which of them stays?")
    advise(apart, "What is the name of the group in one pipeline, and in the next?")
    advise(cut, "Somebody pushes while it rolls out. On which image are the three pods?")
    assert not free, f"{' and '.join(free)} may run in two pipelines at once. Expected one."
    assert not apart, (
        f"{' and '.join(apart)}: the group is {both[apart[0]][0]} in one pipeline and "
        f"{both[apart[0]][1]} in another. Expected one group."
    )
    assert not cut, f"A newer push ends {' and '.join(cut)} half way. Expected it to go on."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which jobs carry the name of the environment, and in which pipelines are they made?",
    "What a protected variable is: https://docs.gitlab.com/ci/variables/",
)
def test_only_what_is_protected_reaches_production(submission, advise):
    """The key comes to the job production alone, and a ref that nobody protects has no such job."""
    found = found_jobs(submission)
    plans, main = found["plans"], found["plans"]["main"][1]

    holders = sorted({name for _, kept in plans.values() for name in kept
                      if kept[name]["environment"] == "production"})  # fmt: skip
    foreign = [event for event, (fork, _) in plans.items() if "production" in fork]
    advise(main["production"]["environment"] != "production", "To which environment does the key "
           "belong, and how does GitLab know that the job rolls out there?")  # fmt: skip
    advise(set(holders) - {"production"}, "Who can read the key in that job, and does it need it?")
    advise("tag" in foreign, "Who may push a tag, and who has seen the commit that it names?")
    advise({"merge request", "branch"} & {*foreign}, "Who has reviewed this, and who may click?")
    advise(foreign, "In a fork the branch has the same name. Who decides there what is on it?")
    assert main["production"]["environment"] == "production", (
        f"The environment of production is {main['production']['environment'] or 'not named'}. "
        "Expected production, for which the key is meant."
    )
    assert holders == ["production"], (
        f"The key comes to {', '.join(holders)}. Expected production alone."
    )
    assert not foreign, (
        f"The job production is made though nobody protects the ref: {', '.join(foreign)}. "
        "Expected none."
    )


LAST = []  # the last file, and how it went: all checks ask about the same


def played(submission):
    """Play the file in the learner's process: the expressions of rules may never end."""
    text = submission.read(".gitlab-ci.yml")
    if text not in [each for each, _ in LAST]:
        setup = pipeline.setup(FILE=submission.yaml(".gitlab-ci.yml"), FORK=FORK, LATER=LATER)
        LAST[:] = [(text, submission.evaluate("played()", setup=setup + PLAYED))]
    [(_, found)] = LAST
    assert isinstance(found, dict), f"The pipeline could not be played: {found!r:.100}."
    told = found["problems"][:3]
    assert not told, f"{' '.join(told)} Expected a file that GitLab takes."
    return found


def found_jobs(submission):
    """Play the file, which has to make the five jobs for main."""
    found = played(submission)
    lost = [name for name in JOBS if name not in found["plans"]["main"][1]]
    assert not lost, f"A push to main makes no job {', '.join(lost)}. Expected all five."
    return found


def reached(jobs):
    """Name the jobs that ran."""
    return [name for name, job in jobs.items() if job["start"] is not None]
