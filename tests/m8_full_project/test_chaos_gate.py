"""Grade *Ten ways to break it*: ten faults and two clean commits go through the pipeline.

play.py, as it is handed out, plays it, one process for a commit; what counts is how that ends, with
the number of the job that stopped it. What a job says counts for nothing.
A gate may look for what it likes: it cannot know a commit by its bytes, for they are new each time.
"""

import inspect
import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from workbook import pipeline
from workbook.course import ROOT, read_tree

DATA = Path(__file__).with_name("chaos_gate")
HANDED_OUT = ROOT / "exercises/m8_full_project/chaos_gate"
sys.path.insert(0, str(DATA))
import chaos  # noqa: E402 - stands beside this exercise's answers

sys.path.remove(str(DATA))
# By its path: another exercise hands out a play.py too.
FOUND = spec_from_file_location("chaos_gate_play", HANDED_OUT / "play.py")
player = module_from_spec(FOUND)
FOUND.loader.exec_module(player)

pytestmark = pytest.mark.needs("sh", "ruff", "sha256sum", "timeout")

FILE = ".gitlab-ci.yml"
YOURS = (".gitlab-ci.yml", "ruff.toml", "gates/", "tests/")
MOST = 24  # jobs
SHOWN = 600  # characters of what a job said
LONGEST = 60_000  # characters of all jobs' scripts: the system takes no more in one argument
WITHIN = "timeout -s KILL 30"
PLAYED = """
def played():
    told = problems(FILE)
    jobs = [] if told else planned(FILE)
    every = [job["name"] for job in jobs]
    def passed(name):
        run = play(FILE, "main", [name], every)["jobs"]
        return [each for each in every if run[each]["end"] is not None]
    return {"problems": told, "jobs": jobs, "past": {name: passed(name) for name in every}}
"""
PLANNED = "import types\npipeline = types.SimpleNamespace(plan=plan, play=play)\n"
PLANNED += inspect.getsource(player.planned)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Read what the red job said. Is anything wrong with that commit?",
    "List what the commit changed. Which of it may change without harm?",
)
def test_clean_commits_reach_production(submission, advise):
    """A commit without a fault goes through every gate, to production."""
    found = gone(submission)
    stopped = [(what, run) for what, run in found.clean.items() if run.job]
    short = [what for what, run in found.clean.items() if not run.job and not run.production]
    jobs = {run.job for _, run in stopped}

    advise(
        len(stopped) == len(found.clean) and len(jobs) == 1,
        "It is red whatever the commit is. What does it tell whoever reads it?",
    )
    advise(stopped, "Nothing is wrong, and somebody waits. How often until they go round the gate?")
    advise(short, "Everything is green. What runs in production?")
    assert not stopped, (
        f"{stopped[0][0]}: {stopped[0][1].told}. Expected a clean commit to pass.\n"
        f"{stopped[0][1].said}"
    )
    assert not short, f"{short[0]}: no job of the stage production ran. Expected one."


@pytest.mark.points(3)
@pytest.mark.hint(
    "For each of the five: which file would you show a colleague to prove it?",
    "Break it yourself, and run python play.py. Which job should have known?",
)
def test_what_reading_shows_stops_in_check(submission, advise):
    """What can be read off the files stops in check, before anything of the commit runs."""
    judge(submission, advise, ("code", "keys", "lock", "manifests"))


@pytest.mark.points(2)
@pytest.mark.hint(
    "At which minute does the window change, and which of your tests stands there?",
    "Examples that are run: https://docs.python.org/3/library/doctest.html",
)
def test_what_running_shows_stops_in_test(submission, advise):
    """What only running the code shows stops in test, before anything is built."""
    judge(submission, advise, ("tests", "docs"))


@pytest.mark.points(2)
@pytest.mark.hint(
    "The tests ran in the checkout. What will run at the causeway?",
    "Which job sees the wheel first, and which one sees it last?",
)
def test_what_the_wheel_shows_stops_before_any_cluster(submission, advise):
    """A wheel that lacks something stops in build, one that was changed since in verify."""
    judge(submission, advise, ("wheel", "change"))


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does kubectl apply wait for?",
    "kubectl rollout status: https://kubernetes.io/docs/reference/kubectl/generated/"
    "kubectl_rollout/kubectl_rollout_status/",
)
def test_what_the_cluster_shows_stops_in_staging(submission, advise):
    """Pods that never get ready stop it in staging, and production never hears of them."""
    judge(submission, advise, ("rollout",))


@pytest.mark.points(2)
@pytest.mark.hint("Read the names of the red jobs, and nothing else. Do you know what is broken?")
def test_a_red_job_says_which_promise_broke(submission, advise):
    """Each kind of evidence has a job of its own, whose name says what broke."""
    found = gone(submission)
    gates = {}
    for fault, runs in found.faults:
        for run in runs:
            if run.job and run.job not in found.wolves:
                gates.setdefault(run.job, set()).add(fault.kind)
    shared = sorted((job, sorted(kinds)) for job, kinds in gates.items() if len(kinds) > 1)
    lacking = sorted({fault.kind for fault, _ in found.faults}.difference(*gates.values()))

    advise(
        any(len(kinds) > 3 for _, kinds in shared),
        "It is red. Where do you begin, and what has not been looked at yet?",
    )
    advise(shared, "Its first command failed. What would the second one have said?")
    advise(lacking, "Which of the ten does nobody look for?")
    assert not shared, (
        f"{shared[0][0]} is red for {' and for '.join(shared[0][1])}. Expected a job for each."
    )
    assert not lacking, f"No job is a gate for {' or '.join(lacking)}. Expected one for each."


def judge(submission, advise, kinds):
    """Hold the faults of some *kinds* against the stages that should stop them."""
    found = gone(submission)
    wrong = [(fault, run) for fault, runs in found.faults if fault.kind in kinds
             for run in runs
             if run.stage != fault.stage or run.past or run.job in found.wolves]  # fmt: skip
    free = [fault.kind for fault, run in wrong if not run.job]
    where = player.STAGES.index
    late = [(fault.kind, run.stage) for fault, run in wrong
            if run.job and where(run.stage) > where(fault.stage)]  # fmt: skip
    early = [fault.kind for fault, run in wrong
             if run.job and where(run.stage) < where(fault.stage)]  # fmt: skip

    advise(any(run.past for _, run in wrong), "It is red. Who waited for it?")
    advise(
        any(run.job in found.wolves for _, run in wrong),
        "It is red for a clean commit too. How do you tell the two apart?",
    )
    advise(
        early,
        "What does somebody who only mistyped a name wait for there, and what could it know yet?",
    )
    advise(
        any(stage in ("staging", "production") for _, stage in late),
        "The cluster had it by then. Who knew it before, without a cluster?",
    )
    advise(late, "What ran in vain before that? Which of it was needed to know?")
    advise("keys" in free, "In which files may a key stand, and which of them does the gate read?")
    advise("lock" in free, "What does the gate compare, and what does it only print?")
    advise("manifests" in free, "Two objects name the same pods. Do they still name the same?")
    advise("code" in free, "Which rules are chosen? Ask ruff what it would say with another one.")
    advise("tests" in free, "Which minute of the window does no test ask for?")
    advise("docs" in free, "The example failed, and said so. Where did its exit status go?")
    advise("wheel" in free, "Has anybody asked the wheel, with the checkout out of reach?")
    advise("change" in free, "What do you know of the wheel that left, to compare with this one?")
    advise("rollout" in free, "The cluster took note. Who asked whether the pods came up?")
    if wrong:
        fault, run = wrong[0]
        where = f"{fault.what[0].upper()}{fault.what[1:]}: {run.told}"
        pytest.fail(f"{where}. Expected {fault.stage} to stop it.\n{run.said}".strip(), False)


@dataclass(frozen=True)
class Run:
    """How one pipeline went: the job that stopped it, its stage, and what ran all the same."""

    job: str = ""
    stage: str = ""
    said: str = ""
    past: tuple = ()  # jobs that a red one does not hold up, and that touch a cluster
    production: bool = False

    @property
    def told(self):
        if not self.job:
            return "nothing stopped it"
        more = f", and {self.past[0]} ran all the same" if self.past else ""
        return f"stopped in {self.stage}, by {self.job}{more}"


@dataclass(frozen=True)
class Found:
    """What became of the clean commits, by what they are, and of each form of the faults."""

    clean: dict
    faults: list

    @property
    def wolves(self):
        """The jobs that are red for clean commits."""
        return {run.job for run in self.clean.values()} - {""}


LAST = []  # the last submission's, or why there is nothing: all checks ask about the same runs


def gone(submission):
    """Send the two clean commits and the ten faults through the pipeline."""
    given = {name: submission.read(name) for name in submission.files}
    if given not in [each for each, _ in LAST]:
        try:
            LAST[:] = [(given, all_sent(submission, given))]
        except AssertionError as error:
            LAST[:] = [(given, str(error).partition("\nassert ")[0])]
    found = LAST[0][1]
    if isinstance(found, str):
        pytest.fail(found, False)
    return found


def all_sent(submission, given):
    """Send each commit through the pipeline; what is no gate is as it was handed out."""
    model = plan(submission)
    mine = {name: content.encode() for name, content in given.items() if name.startswith(YOURS)}
    ours = {name: each for name, each in read_tree(HANDED_OUT, True).items()
            if not name.startswith(YOURS)}  # fmt: skip

    def ran(commit, happens=""):
        options = {happens: True} if happens else {}
        return sent(submission, model, chaos.after(ours | mine, commit), options)

    clean = {what: ran(commit) for what, commit in chaos.clean().items()}
    faults = [(fault, [ran(commit, fault.happens) for commit in fault.forms or [()]])
              for fault in chaos.faults()]  # fmt: skip
    return Found(clean, faults)


def sent(submission, model, files, options):
    """Send one commit through the pipeline."""
    jobs = model["jobs"]
    if options:  # in the commit there is nothing to see: what does not build has nothing to add
        jobs = [job for job in jobs if job["artifacts"] or job["stage"] in player.STAGES[2:]]
    with submission.apart() as alone:
        player.laid_out(alone.path, files)
        ran = alone.run("sh", "-c", sendable(player.script(jobs, files, within=WITHIN, **options)))
    code, said = int(ran.returncode), (ran.stdout + ran.stderr).rpartition("\n-- ")[2]
    assert 0 <= code <= len(jobs), (
        f"A job ended the runner, with {code}. Expected it to end itself."
    )
    if code == 0:
        return Run(production=any(job["stage"] == "production" for job in jobs))
    name, stage = jobs[code - 1]["name"], jobs[code - 1]["stage"]
    order = player.STAGES.index
    stages = {job["name"]: job["stage"] for job in model["jobs"]}
    past = tuple(
        each for each in model["past"][name]
        if order(stages[each]) > order(stage) and stages[each] in player.STAGES[4:]
    )  # fmt: skip
    return Run(name, stage, said.partition("\n")[2].strip()[-SHOWN:], past)


def sendable(script):
    """Give a script as it was written, if a process can be handed it."""
    assert len(script) < LONGEST, "The scripts of the jobs are too long. Put them into gates/."
    try:
        assert b"\0" not in script.encode("utf-8"), "A script has a NUL in it. Expected text."
    except UnicodeEncodeError:
        raise AssertionError("A script has half a character in it. Expected text.") from None
    return script


def plan(submission):
    """Plan the pipeline in the learner's process: its expressions may take for ever."""
    setup = pipeline.setup(FILE=submission.yaml(FILE)) + PLANNED + PLAYED
    found = submission.evaluate("played()", setup=setup)
    assert isinstance(found, dict), f"The pipeline could not be played: {found!r:.100}."
    told = found["problems"][:3]
    assert not told, f"{' '.join(told)} Expected a file that GitLab takes."
    odd = sorted({job["stage"] for job in found["jobs"]} - {*player.STAGES})
    assert not odd, f"There is a stage {odd[0]}. Expected {', '.join(player.STAGES)}."
    order = [player.STAGES.index(job["stage"]) for job in found["jobs"] if job["needs"] is None]
    assert order == sorted(order), f"The stages are out of order. Expected {player.STAGES}."
    assert found["jobs"], "No job runs on main. Expected a pipeline."
    assert len(found["jobs"]) <= MOST, f"{len(found['jobs'])} jobs run. Expected at most {MOST}."
    return found
