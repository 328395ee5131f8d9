"""Grade *A Causeway that keeps its secrets*: it is started, and its pipeline is played.

Each play is of one merge request, in a process of the learner's and over a copy of its own: what
brings nothing bad, and four that do. ruff, bandit, detect-secrets, cyclonedx-py, git, Python and
gunicorn are what they are; who audits and who asks the running program is a stand-in, and whatever
installs, tests or formats succeeds. What a cheat can still do: fail on purpose where it sees what
the judge plants.
"""

import base64
import json
import re
import secrets
import sys
from pathlib import Path

import pytest

from workbook import pipeline
from workbook.submission import NotGradable

DATA = Path(__file__).with_name("project")
sys.path.insert(0, str(DATA))
import literals  # noqa: E402 - stands beside this exercise's answers
from planted import BROKEN, GAUGE, PLAIN, SHELL, STANDINS  # noqa: E402 - likewise

sys.path.remove(str(DATA))

pytestmark = pytest.mark.needs(
    "bandit", "detect-secrets", "cyclonedx-py", "git", "gunicorn", "curl"
)

FILE, LOCK, MAIN = ".gitlab-ci.yml", "requirements.txt", "src/my_devops_project/main.py"
NAMES = literals.NAMES


@pytest.mark.points(2)
@pytest.mark.hint(
    "Take your files and nothing else. What can you open with them?",
    "What a Secret of Kubernetes is: https://kubernetes.io/docs/concepts/configuration/secret/",
)
def test_no_secret_is_in_the_files(submission, advise):
    """No file holds a secret: neither the code as a default, nor a manifest, nor the pipeline."""
    found = [*literals.in_code(submission), *literals.in_configuration(submission)]

    advise([each for each in found if "Secret" in each], "What does base64 -d ask for?")
    advise([each for each in found if "default" in each], "Nobody has set it. Which one does it "
           "take, and who has read that?")  # fmt: skip
    advise(found, "Who can read that file, now and in its history?")
    assert not found, f"{'; '.join(found[:3])}. Expected no secret in a file."


@pytest.mark.points(1)
@pytest.mark.hint("Run bandit -r src --ignore-nosec -ll. What is hidden by whom, and why?")
def test_no_finding_is_hidden(submission, advise):
    """No comment hides a finding of bandit's in src, unless it names the rule."""
    ran = submission.run("bandit", "-q", "-r", "src", "-ll", "--ignore-nosec", "-f", "json")
    try:
        report = json.loads(ran.stdout)
        results, errors = report["results"], report["errors"]
    except (ValueError, KeyError, TypeError):
        pytest.fail("bandit gave no report of src. Expected one.")
    hidden = sorted(
        f"{each['filename'].removeprefix('./')}:{each['line_number']} {each['test_id']}"
        for each in results
        if not re.search(rf"(nosec|noqa:).*\b(B|S){each['test_id'][1:]}\b", each["code"])
    )
    advise(hidden, "What does the comment do to whoever comes in that way?")
    advise(errors, "Which file could bandit not read, and what did it look for there?")
    assert not hidden, f"bandit finds {', '.join(hidden[:3])}. Expected no such line."
    assert not errors, "bandit cannot read all of src. Expected Python."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Start it with an empty environment. Whom does it let in, and who is told?",
    "Exceptions: https://docs.python.org/3/tutorial/errors.html#raising-exceptions",
)
def test_without_its_key_it_does_not_start(submission, advise):
    """Without the signs' key it does not start, and says what is missing, never a value."""
    found = started(submission, advise)
    wrong = [name for name, said in found["refused"].items() if said is None]
    silent = [name for name, said in found["refused"].items() if "TIDE_API_KEY" not in (said or "")]
    told = [name for name, said in found["refused"].items() if holds(said or "")]

    advise(wrong and len(wrong) < len(found["refused"]), "A file was named, and nothing was in it. "
           "What was meant, and what happens?")  # fmt: skip
    advise(wrong, "Nobody gave it a key. Which one does it take?")
    advise(told, "Somebody mixed the two names up. What does the error quote?")
    advise(silent, "It is three in the morning, and a pod does not start. What does its log say?")
    assert not wrong, f"With {wrong[0]} it starts. Expected it not to."
    assert not told, f"With {told[0]} it tells the secret. Expected its name alone."
    assert not silent, f"With {silent[0]} it does not say that it lacks TIDE_API_KEY."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Put each secret into a file, and name it. What stands after its last letter?",
    "Who else reads a variable: https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html",
)
def test_secrets_come_from_a_variable_or_a_file(submission, advise):
    """Each secret is what its variable says, or the file that NAME_FILE names, which is first."""
    found = started(submission, advise)
    expected = [True, False, False], [True, False, False]
    wrong = {name: gave for name, gave in found["opened"].items() if gave != expected}
    by_file = [name for name in wrong if "file" in name]

    advise(len(by_file) < len(wrong), "Which secret opens it, if not the one that it was given?")
    advise("both, a variable and a file" in wrong and len(wrong) == 1, "Two are there, and an old "
           "one is among them. Which of the two was put there later?")  # fmt: skip
    advise(by_file, "What does your editor put after a file's last letter? And who reads the file?")
    for name, gave in wrong.items():
        assert gave == expected, f"With {name}: {shown(gave)} Expected the secret alone to open."
    advise(found["sessions"] != [True, True, False], "Two pods, one SESSION_KEY. Whom does the "
           "second one know?")  # fmt: skip
    assert found["sessions"] == [True, True, False], (
        "A session is to be known wherever SESSION_KEY is the same, from a variable or a file, "
        "and nowhere else."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "Print your settings, log them, let a request fail. Where does a secret appear?",
    "What a dataclass shows: https://docs.python.org/3/library/dataclasses.html#dataclasses.field",
)
def test_secrets_are_told_nowhere(submission, advise):
    """Nothing that it prints, logs or answers holds a secret, nor what its own objects show."""
    told = [name for name, text in started(submission, advise)["traces"].items() if holds(text)]

    advise(told, "Somebody logs the settings at the start, as everybody does. What is in it?")
    assert not told, f"With secrets from {' and '.join(told)}, one of them was told."


@pytest.mark.points(4)
@pytest.mark.hint(
    "Plant each of the three into a branch. Which job is red, and what runs after it?",
    "What detect-secrets looks for: https://github.com/Yelp/detect-secrets",
)
def test_scanners_stop_a_merge_request(submission, advise):
    """A key, a shell for strangers and a package with a hole each stop it before a build."""
    assert_clean(submission, advise)
    found = {name: play(submission, name) for name in ("key", "shell", "package")}
    past = [WHAT[name] for name, run in found.items() if not run["stopped"]]

    warned = [name for name, run in found.items() if not run["stopped"] and run["warned"]]
    red = [name for name, run in found.items()
           if not run["stopped"] and any(run["codes"].values())]  # fmt: skip
    advise(warned, "It is allowed to fail. Who reads the warning, and when?")
    advise(red, "A job is red, and there is an image all the same. What did it wait for?")
    advise(past == [WHAT["key"]], "The newest files are clean. What did the first commit push?")
    advise(past == [WHAT["package"]], "Which list was asked about, and who reads the answer?")
    advise(past, "Did the scanner see the line? And what became of its answer?")
    assert not past, f"Built or deployed all the same: {'; '.join(past)}. Expected it stopped."


@pytest.mark.points(2)
@pytest.mark.hint(
    "The scan was red an hour ago. Where do you read what it found?",
    "artifacts:when: https://docs.gitlab.com/ci/yaml/#artifactswhen",
)
def test_reports_and_sbom_are_kept(submission, advise):
    """What the audit found is kept also when it fails, and an SBOM of what the lock names."""
    run = play(submission, "package")
    told = [text for files in run["kept"].values() for name, text in files.items()]
    read = [text for text in told if "PYSEC-2021-142" in text]
    boms = [found for text in told if (found := components(text)) is not None]
    wanted = pins(planted(submission, "package")[-1][LOCK])

    advise(not boms, "An advisory comes out at noon. Where do you look up whether you ship it?")
    advise(boms and wanted not in boms, "What was this list made of: of what you ship?")
    advise(not read, "The job is red, and its machine is gone. Who knows what was found?")
    assert boms, "No job keeps an SBOM in CycloneDX's JSON. Expected one among the artifacts."
    nearest = min(boms, key=lambda bom: len(bom ^ wanted))
    differ = sorted("==".join(each) for each in nearest ^ wanted)
    assert not differ, f"The SBOM and requirements.txt differ in {', '.join(differ[:3])}."
    assert read, "No artifact names the package with the hole. Expected the audit's report."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Let /v1/tides answer 500 to whoever has the key. Who asks it, and with which key?",
    "schemathesis: https://schemathesis.readthedocs.io/",
)
def test_a_running_causeway_is_asked(submission, advise):
    """A table that breaks for whoever has the key is found by asking a Causeway that runs."""
    assert_clean(submission, advise)
    run = play(submission, "broken")

    document = "docs/openapi.yaml"
    asks = document in submission.files and "/v1/tides" in submission.read(document)
    advise(not asks, "What nobody has promised cannot be broken. What does Causeway promise?")
    advise(run["warned"], "It is allowed to fail. Who reads the warning, and when?")
    advise(not run["stopped"], "Who started it, with which key, and what became of the answer?")
    assert run["stopped"], "/v1/tides breaks, and it is built all the same. Expected it stopped."


WHAT = {
    "key": "a key that the next commit takes out",
    "shell": "a shell that gets a visitor's text",
    "package": "a lock with pyyaml 5.3.1",
}
WORDS = {
    "clean": "",
    "key": r"detect-secrets|leaks|\bgit\b",
    "shell": r"bandit|ruff",
    "package": r"audit|safety|policy|gate|cyclonedx|sbom",
    "broken": r"schemathesis|\bst run|openapi",
}
STARTS, PLAYS = [], {}  # of the last submission only: all checks ask about the same


def same(submission):
    """Forget what was found of other files."""
    files = tuple((name, submission.read(name)) for name in submission.files)
    if PLAYS.get("files") != files:
        PLAYS.clear()
        STARTS.clear()
        PLAYS["files"] = files


def planted(submission, name):
    """Give the commits of a merge request: the files that each of them writes."""
    if name == "key":
        text = submission.read(MAIN)
        return [{MAIN: f'{text}\n\nAPI_KEY = "tide-live-{secrets.token_hex(8)}"\n'}, {MAIN: text}]
    if name == "package":
        pinned = re.compile(r"(?im)^(pyyaml)==[\w.+!]+")
        assert pinned.search(submission.read(LOCK)), f"{LOCK} does not lock pyyaml."
        locks = [each for each in submission.files if re.fullmatch(r"requirements.*\.txt", each)]
        return [{each: pinned.sub(r"\1==5.3.1", submission.read(each)) for each in locks}]
    if name == "broken":
        return [{MAIN: submission.read(MAIN) + BROKEN}]
    return [{GAUGE: SHELL if name == "shell" else PLAIN}]


def play(submission, name):
    """Play the pipeline over a merge request, once."""
    same(submission)
    if name not in PLAYS:
        given = {"FILE": submission.yaml(FILE), "CHANGES": planted(submission, name),
                 "FIRST": WORDS[name], "STANDINS": STANDINS}  # fmt: skip
        PLAYS[name] = pipeline_of(submission, given)
    if isinstance(PLAYS[name], NotGradable):
        raise PLAYS[name]
    found = PLAYS[name]
    assert not found["refusal"], f"A merge request has no pipeline: {found['refusal']}"
    return found


def pipeline_of(submission, given):
    told = pipeline.problems(given["FILE"])[:3]
    if told:
        return {"refusal": " ".join(told)}
    player = (DATA / "play.py").read_text(encoding="utf-8")
    with submission.apart() as box:
        judge = box.path.parent / "judge"
        judge.mkdir()
        (judge / "play.py").write_text(pipeline.setup(**given) + player, encoding="utf-8")
        for name in ("audit.py", "contract.py"):
            (judge / name).write_text((DATA / name).read_text(encoding="utf-8"), encoding="utf-8")
        try:
            ran = box.run("python", "-IS", "../judge/play.py")
            return json.loads(ran.stdout.splitlines()[-1])
        except NotGradable as error:
            return error
        except (ValueError, IndexError):
            return {"refusal": "it could not be played to its end."}


def assert_clean(submission, advise):
    """Refuse a pipeline that stops what is good: nothing is known of what it stops."""
    run = play(submission, "clean")
    failed = [name for name in run["logs"] if name not in run["warned"]]
    advise(failed, "Nothing is wrong with this change. How long will that job be kept?")
    said = "\n".join(f"{name}: {run['logs'][name]}" for name in failed[:2])
    assert not failed, f"A change with nothing bad in it is stopped by {', '.join(failed)}.\n{said}"


def started(submission, advise):
    """Start Causeway in many ways, in one process of the learner's."""
    same(submission)
    if not STARTS:
        key, password, session, other = (secrets.token_hex(12) for _ in range(4))
        every = dict(zip(NAMES, (key, password, session), strict=True))
        files = {f"{name}_FILE": (value + "\n",) for name, value in every.items()}
        rest = {name: every[name] for name in NAMES[1:]}
        refused = {
            "no key": rest,
            "an empty key": {**rest, NAMES[0]: ""},
            "a file that is not there": {**rest, f"{NAMES[0]}_FILE": None},
            "an empty file": {**rest, f"{NAMES[0]}_FILE": ("\n",)},
            "the key itself in TIDE_API_KEY_FILE": {**rest, f"{NAMES[0]}_FILE": key},
        }
        opened = {
            "variables": every,
            "files": files,
            "both, a variable and a file": {**dict.fromkeys(NAMES, other), **files},
        }
        others = [every, {**rest, **files}, {**every, NAMES[2]: other}]
        keys, passwords = [[each, other, ""] for each in (key, password)]
        asked = {
            "REFUSED": refused, "OPENED": opened, "KEYS": keys, "PASSWORDS": passwords,
            "SESSIONS": [every, others], "TOLD": {"variables": every, "files": files},
        }  # fmt: skip
        program = (DATA / "starts.py").read_text(encoding="utf-8")
        program += "".join(f"\n{name} = {value!r}" for name, value in asked.items())
        try:
            found = submission.evaluate("everything()", setup=program)
        except NotGradable as error:
            found = error
        STARTS[:] = [[key, password, session], found]
    found = STARTS[1]
    gone = isinstance(found, NotGradable)
    advise(gone, "Somebody starts it without its key. What does whoever started it see?")
    if gone:
        pytest.fail(f"Causeway cannot be asked: {found.args[0]}")
    assert isinstance(found, dict), f"Causeway could not be asked: {found!r}. Expected it to be."
    return found


def holds(text):
    """Whether *text* holds a secret of this run, as it is or in base64."""
    forms = [
        form for each in STARTS[0] for form in (each, base64.b64encode(each.encode()).decode())
    ]
    return any(form in str(text) for form in forms)


def shown(gave):
    """Say what opened, without a secret."""
    if not isinstance(gave, tuple):
        return f"it raised {str(gave)[:40]}."
    names = ("the secret", "another one", "nothing")
    doors = zip(("the table", "the desk"), gave, strict=True)
    opened = [f"{door} for {name}" for door, each in doors
              for name, yes in zip(names, each, strict=False) if yes]  # fmt: skip
    return f"{', '.join(opened) or 'nothing'} opened."


def pins(text):
    """Give the packages of a lock, with their releases."""
    found = re.findall(r"(?im)^([a-z0-9][\w.-]*)==([\w.+!]+)", text)
    return {(re.sub(r"[-_.]+", "-", name).lower(), release) for name, release in found}


def components(text):
    """Give what an SBOM names; None where *text* is none."""
    try:
        found = json.loads(text)
        listed = found["components"] if found["bomFormat"] == "CycloneDX" else None
        return {
            (re.sub(r"[-_.]+", "-", each["name"]).lower(), str(each["version"])) for each in listed
        }
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None
