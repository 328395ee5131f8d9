"""The learner's process: what it answers, and the limits it puts itself under."""

import json
import os
import sys

import pytest

from workbook import learner
from workbook.process import environment, in_subprocess

REQUEST = "import booth\0 booth.toll(2) "


@pytest.fixture
def box(tmp_path, monkeypatch):
    """A judged copy of one module, and the current folder."""
    box = tmp_path / "box"
    box.mkdir()
    (box / "booth.py").write_text(
        "def toll(axles):\n    print('asked')\n    return {'pence': axles * 150}\n"
    )
    monkeypatch.chdir(box)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield box
    for name in ("booth", "other"):
        sys.modules.pop(name, None)


def ask(expression, setup="import booth"):
    return json.loads(learner.reply(f"{setup}\0{expression}"))


def test_reply_is_a_value_or_says_why_there_is_none(box):
    """A value, an exception, a missing name, a block before the question: each has its form."""
    (box / "other.py").write_text("import booth\n\n\ndef ask():\n    return booth.price\n")

    assert ask("booth.toll(2)") == {"value": {"$dict": [["pence", 300]]}}
    assert ask("{}['tide']") == {"raised": "KeyError", "detail": "KeyError: 'tide'"}
    assert ask("exit(0)")["raised"] == "SystemExit"
    assert ask("booth.price")["blocked"] == (
        "booth.py does not define price, which the check asks for."
    )
    assert ask("x", "from booth import price as x")["blocked"] == (
        "booth.py does not define price, which the check asks for."
    )
    assert ask("other.ask()", "import other")["blocked"] == (
        "other.py, line 5: booth.py does not define price."
    )
    assert ask("1", "import bridge")["blocked"] == "There is no module bridge to import."
    assert ask("1", "1 / 0")["blocked"] == (
        "Preparing the check with your code raised ZeroDivisionError."
    )
    assert ask("1", "from json import tide")["blocked"] == (
        "Preparing the check with your code raised ImportError."
    )
    assert ask("booth") == {"raised": "NotPlain", "detail": "a module, which is not plain data"}
    assert ask("'x' * 2_000_000")["detail"] == "a value too large to carry"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{}['tide']\n", "booth.py, line 1: KeyError while the file was imported."),
        ("def toll():\n    {}['x']\n", "booth.py, line 2: KeyError while the check was prepared."),
        ("import bridge\n", "booth.py, line 1: there is no module bridge to import."),
        ("from booth import x\n", "booth.py, line 1: ImportError while the file was imported."),
        ("f = lambda: f()\nf()\n", "booth.py, line 1: the calls went too deep. Does a function"),
        ("raise MemoryError\n", "booth.py, line 1: this takes more than 2 GB of memory."),
        ("raise OSError(27, 'large')\n", "booth.py, line 1: this writes more than 16 MB."),
    ],
)
def test_block_names_file_and_line(source, told, box):
    """What keeps a check from asking is told with the learner's own file and line."""
    (box / "booth.py").write_text(source)

    assert ask("1", "import booth\nbooth.toll()")["blocked"].startswith(told)


def test_process_answers_on_one_line(box, python):
    """What the learner's code prints goes elsewhere; the answer stands alone, and the end is 0."""
    done = python("workbook.learner", "3", "0", "evaluate", cwd=box, stdin=REQUEST,
                  flags=("-I",))  # fmt: skip

    assert json.loads(done.stdout) == {"value": {"$dict": [["pence", 300]]}}
    assert done.stdout.count("\n") == 1
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["python", "-c", "print(6 * 7)"], "42\n", 0),
        (["python", "-c", "exit(3)"], "", 3),
        (["ruff", "--version"], "ruff ", 0),
        (["flake8", "--version"], "7.", 0),
        (["git", "--version"], "git version", 0),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else None,
)
def test_process_becomes_a_tool(words, said, code, box, python):
    """A module of the environment or a program on the path runs, and its exit code comes back."""
    done = python("workbook.learner", "20", "0", "run", *words, cwd=box, flags=("-I",))

    assert done.stdout.startswith(said)
    assert done.returncode == code


def test_process_forgets_where_the_course_is(box, python):
    """Its own code is on no path from which the learner's code could import the references."""
    request = "import sys\0[p for p in sys.path if 'solutions' in p]"

    done = python("workbook.learner", "3", "0", "evaluate", cwd=box, stdin=request,
                  flags=("-I",))  # fmt: skip

    assert json.loads(done.stdout) == {"value": []}


def test_run_away_is_ended_by_its_processor_time(box):
    """An endless loop ends after the seconds it may compute; one that waits, by the clock."""
    loop = "\0[1 for _ in iter(int, 1)]"
    sleep = "import time\0time.sleep(60)"
    before = os.times()

    looped = in_subprocess(["evaluate"], loop, 1, 60, box)
    slept = in_subprocess(["evaluate"], sleep, 5, 1, box)

    after = os.times()
    assert looped.code is None
    assert slept.code is None
    assert after.children_user - before.children_user < 3


def test_environment_is_the_judges_not_ours(monkeypatch, box):
    """No variable of this process reaches the learner's, and its paths differ in no output."""
    monkeypatch.setenv("TIDE_API_KEY", "tide-live-1234")
    request = "import os\0(dict(os.environ), os.getcwd() + '/booth.py')"

    done = in_subprocess(["evaluate"], request, 3, 60, box)

    [names, here] = json.loads(done.stdout)["value"]["$tuple"]
    told = dict(names["$dict"])
    told.pop("LC_CTYPE", None)  # Python's own
    assert told == environment("~")
    assert here == "booth.py"
