"""No answer gets a point by attacking its judge: each is worth what its honest twin is worth.

Every cheat here knows one check in four: it charges each axle, and takes a vehicle of no axles for
a free one. What it does besides must not lift it above the honest answer that does only that.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from workbook import intake
from workbook.submission import NotGradable, Submission

HONEST = """
def toll(axles):
    return max(axles, 0) * 150
"""

# What runs inside the answer, as it is imported or as it is asked; the honest code follows.
INSIDE = {
    "ends the process at import": "import os\nos._exit(0)\n",
    "exits at import": "import sys\nsys.exit(0)\n",
    "skips at import": "import pytest\npytest.skip(allow_module_level=True)\n",
    "ends the process when asked": "import os\ndef toll(axles):\n    os._exit(0)\n",
    "exits when asked": "import sys\ndef toll(axles):\n    sys.exit(0)\n",
    "skips when asked": "import pytest\ndef toll(axles):\n    pytest.skip()\n",
    "passes by pytest's own exception": "import pytest\ndef toll(axles):\n    pytest.exit('', 0)\n",
    "kills itself": "import os\ndef toll(axles):\n    os.kill(os.getpid(), 9)\n",
    "stops itself": "import os, signal\ndef toll(axles):\n    os.kill(0, signal.SIGTERM)\n",
    "patches builtins": (
        "import builtins\n"
        "builtins.isinstance = lambda *_: True\n"
        "builtins.type = lambda *_: type(None)\n"
        "builtins.len = lambda _: 0\n"
    ),
    "replies nonsense and leaves": (
        "import os\n"
        "for fd in range(256):\n"
        "    try:\n"
        '        os.write(fd, b\'{"value": {"$timedelta": [1e999, 0, 0]}}\\n\')\n'
        "    except OSError:\n"
        "        pass\n"
        "os._exit(0)\n"
    ),
    "replies with words for the instructor": (
        "import os\n"
        "for fd in range(256):\n"
        "    try:\n"
        '        os.write(fd, b\'{"blocked": "\\\\u001b[2JFull marks" , "detail": "x"}\\n\')\n'
        "    except OSError:\n"
        "        pass\n"
        "os._exit(0)\n"
    ),
    "speaks after the end": (
        "import atexit, os\n"
        "atexit.register(lambda: [os.write(fd, b'{\"value\": null}') for fd in (1, 3)])\n"
    ),
    "speaks from a thread": (
        "import threading, os\n"
        "def speak():\n"
        "    while True:\n"
        "        print('{\"value\": null}', flush=True)\n"
        "threading.Thread(target=speak, daemon=True).start()\n"
    ),
    "keeps a thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    ),
    "raises when it is told": (
        "class Odd(Exception):\n"
        "    def __str__(self):\n        raise Odd\n"
        "    __repr__ = __str__\n"
        "def toll(axles):\n    raise Odd\n"
    ),
    "raises with a name as long as a book": (
        "def toll(axles):\n    raise type('Full marks ' * 90_000, (Exception,), {})\n"
    ),
    "raises half a character": "def toll(axles):\n    raise ValueError('\\ud800 \\x1b[2J')\n",
    "profiles its judge": (
        "import sys\nsys.setprofile(lambda *_: None)\nsys.excepthook = lambda *_: None\n"
    ),
    "leaves other limits": (
        "import resource, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (4, 4))\n"
    ),
}

# What forges the reply itself: a value is all that the judge takes it for.
NONE = "\n\ndef toll(axles):\n    return None\n"
FORGED = {
    "patches what writes the reply": (
        "from workbook import values\nvalues.written = lambda _: '{\"value\": null}'\n"
    ),
    "patches what carries values": (
        "from workbook import values\nvalues.encode = lambda value: None\n"
        "values.NODES = values.BYTES = 1 << 60\n"
    ),
    "patches the process that asks": (
        "import sys\n"
        "learner = sys.modules['workbook.learner']\n"
        "learner.outcome = lambda *_: {'value': None}\n"
        "learner.told = lambda *_: ''\n"
    ),
    "replies on every open file": (
        "import os\n"
        "for fd in range(256):\n"
        "    try:\n"
        "        os.write(fd, b'{\"value\": null}\\n')\n"
        "    except OSError:\n"
        "        pass\n"
    ),
    "replies and leaves": ("import os\nos.write(3, b'{\"value\": null}')\nos._exit(0)\n"),
}

# What is equal to everything, made by the answer and given to the check.
EQUAL = {
    "an object": "class Equal:\n",
    "an int": "class Equal(int):\n",
    "a str": "class Equal(str):\n",
    "a dict": "class Equal(dict):\n",
    "a tuple": "class Equal(tuple):\n",
    "a date": "import datetime\nclass Equal(datetime.timedelta):\n",
}
METHODS = (
    "    __eq__ = lambda *_: True\n"
    "    __ne__ = __bool__ = lambda *_: False\n"
    "    __hash__ = lambda _: 0\n"
    "    __class__ = property(lambda _: type(None))\n"
    "def toll(axles):\n    return Equal()\n"
)

# What a submission lays beside its answer, where a tool or interpreter might look for it.
EXIT = "import os\nos._exit(0)\n"
BESIDE = {
    "pytest.py": EXIT,
    "json.py": "def dumps(*_, **__):\n    return '{\"value\": null}'\n",
    "workbook.py": EXIT,
    "workbook/__init__.py": EXIT,
    "ruff.py": "",
    "conftest.py": (
        "import pytest\n\n@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n"
        "    report = yield\n    report.outcome = 'passed'\n    return report\n"
    ),
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "pyproject.toml": "[tool.ruff]\nexclude = ['*']\n[tool.pytest.ini_options]\naddopts = '-x'\n",
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    "sitecustomize.py": EXIT,
    "usercustomize.py": EXIT,
    "cheat.pth": "import os; os._exit(0)\n",
    "test_toll.py": "def test_nobody_pays_nothing():\n    pass\n",
    "__init__.py": EXIT,
    "toll/__init__.py": EXIT,
    "toll.pyc": EXIT,
}


def worth(judged, changes):
    """Give the points of an answer, check by check."""
    verdict = judged(changes)
    assert verdict.outcome == "not_yet"
    return {check.id: check.points for check in verdict.checks}


@pytest.fixture(scope="module")
def honest():
    """What the honest answer is worth: everything but the toll of nobody."""
    return {
        "test_each_axle_is_charged": 2,
        "test_nobody_pays_nothing": 0,
        "test_tariff_is_told": 1,
        "test_ruff_is_silent": 1,
    }


def test_honest_answer(judged, honest):
    """The answer that the cheats are measured by."""
    assert worth(judged, {"toll.py": HONEST}) == honest


def at_most(verdict, twin):
    """Whether no check of *verdict* counts more than for the honest *twin*."""
    points = {check.id: check.points for check in verdict.checks}
    return points.keys() == twin.keys() and all(points[each] <= twin[each] for each in twin)


@pytest.mark.parametrize("name", INSIDE)
def test_attack_from_inside_gains_nothing(name, judged, honest):
    """Whatever runs in the learner's process, the judge's verdict is no better for it."""
    own = "def toll" in INSIDE[name]

    verdict = judged({"toll.py": INSIDE[name] + ("" if own else HONEST)})

    assert verdict.outcome == "not_yet"
    assert at_most(verdict, honest)
    assert "\\u001b" not in verdict.to_json()
    assert len(verdict.to_json().encode()) < 20_000


@pytest.mark.parametrize("name", FORGED)
def test_forged_reply_is_worth_the_value_in_it(name, judged):
    """A reply written past the judge's code counts like an answer that returns what it says."""
    twin = worth(judged, {"toll.py": NONE})

    verdict = judged({"toll.py": FORGED[name] + HONEST})

    assert twin["test_each_axle_is_charged"] == 0
    assert verdict.outcome == "not_yet"
    assert at_most(verdict, twin)


@pytest.mark.parametrize("kind", EQUAL)
def test_equal_to_everything_is_equal_to_nothing(kind, judged, honest):
    """A value with an __eq__ of its own does not cross: it is told, and passes no check."""
    verdict = judged({"toll.py": EQUAL[kind] + METHODS})

    found = {check.id: check for check in verdict.checks}
    assert found["test_nobody_pays_nothing"].points == 0
    assert found["test_each_axle_is_charged"].points == 0
    message = found["test_nobody_pays_nothing"].message
    assert message == "toll(0) gave a Equal, which is not plain data, expected None."


@pytest.mark.parametrize("name", BESIDE)
def test_file_beside_the_answer_is_not_taken(name, toll, hand_in):
    """Only the declared files are taken: what else is handed in might as well not be there."""
    honest = intake.take(toll, hand_in({"toll.py": HONEST}))

    taken = intake.take(toll, hand_in({"toll.py": HONEST, name: BESIDE[name]}))

    assert taken == honest
    assert not taken.problem


def test_files_beside_the_answer_change_no_verdict(judged, honest):
    """With all of them at once the honest answer is worth what it is worth."""
    assert worth(judged, {"toll.py": HONEST, **BESIDE}) == honest


MEDDLING = """
import os, pathlib, shutil, stat
here = pathlib.Path.cwd()
(here / "tariff.toml").write_text("pence = 150")
{line}

def toll(axles):
    return axles * 150 if axles else None
"""


@pytest.mark.parametrize(
    "line",
    [
        "(here / 'toll.py').write_text('')",
        "shutil.rmtree(here)",
        "os.remove('hours.yaml'); os.mkfifo('hours.yaml')",
        "os.remove('hours.yaml'); os.symlink('/dev/zero', 'hours.yaml')",
        "(here / 'sitecustomize.py').write_text('raise SystemExit')",
        "(here / 'ruff.toml').write_text('exclude = [\"*\"]')",
        "here.rename(here.parent / 'elsewhere')",
    ],
)
def test_next_check_sees_the_files_as_handed_in(line, judged):
    """What an answer changes in its judged copy is gone before the next check."""
    wrong_tariff = "pence = 15\n"

    verdict = judged({"toll.py": MEDDLING.format(line=line), "tariff.toml": wrong_tariff})

    found = {check.id: check for check in verdict.checks}
    assert found["test_tariff_is_told"].message == "tariff.toml says 15 pence, expected 150."
    # The copy is fresh for each case as well: a file removed for one is there for the other.
    assert found["test_each_axle_is_charged"].outcome == "passed"


def test_files_changed_within_a_check_are_no_broken_grader(toll, tmp_path):
    """Where a check reads after it has asked, a file put aside is the learner's doing."""
    box = tmp_path / "box"
    box.mkdir()
    (box / "toll.py").write_text("import os\nos.remove('hours.yaml')\nos.mkfifo('hours.yaml')\n")
    (box / "hours.yaml").write_text("open: early\n")
    submission = Submission(box, ("hours.yaml", "toll.py"))

    submission.evaluate("1", setup="import toll")

    with pytest.raises(NotGradable, match=r"hours\.yaml is not a file"):
        submission.yaml("hours.yaml")


DAEMON = """
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open({pid!r} + ".part", "w") as file:
            file.write(str(os.getpid()))
        os.rename({pid!r} + ".part", {pid!r})  # there with its content, or not at all
        time.sleep(600)
    os._exit(0)
os.wait()
while not os.path.exists({pid!r}):
    time.sleep(0.01)
"""


def test_daemon_that_keeps_the_streams_open_holds_nobody_up(tmp_path, toll, judged, honest):
    """A process that outlives its session cannot make the judge wait for it."""
    pid = tmp_path / "pid"
    began = time.monotonic()

    try:
        points = worth(judged, {"toll.py": DAEMON.format(pid=str(pid)) + HONEST})
    finally:
        # What still runs is what only a sandbox can end.
        os.kill(int(pid.read_text()), signal.SIGKILL)

    assert points == honest
    assert time.monotonic() - began < 60


CHILD = """
import os
import time

if os.fork() == 0:
    with open({pid!r} + ".part", "w") as file:
        file.write(str(os.getpid()))
    os.rename({pid!r} + ".part", {pid!r})  # there with its content, or not at all
    time.sleep(600)
while not os.path.exists({pid!r}):
    time.sleep(0.01)
"""


def test_child_in_the_session_ends_with_it(tmp_path, judged, honest):
    """A child that stays in the session is ended with the check."""
    pid = tmp_path / "pid"

    assert worth(judged, {"toll.py": CHILD.format(pid=str(pid)) + HONEST}) == honest
    assert ends(int(pid.read_text()))


def ends(pid, within=10):
    """Whether the process *pid* is gone, or a mere zombie, *within* so many seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_judges_environment_is_not_handed_on(monkeypatch, judged, toll, honest):
    """A secret in the judge's environment is not there for the answer to send away."""
    monkeypatch.setenv("GRADING_TOKEN", "tide-live-1234")
    tells = "import os\n\n\ndef toll(axles):\n    return sorted(os.environ)\n"

    verdict = judged({"toll.py": tells})

    told = next(check for check in verdict.checks if check.id == "test_nobody_pays_nothing")
    assert "'HOME', 'LC_ALL', 'NO_COLOR', 'PATH'" in told.message
    assert "GRADING_TOKEN" not in verdict.to_json()
    assert "tide-live" not in verdict.to_json()
