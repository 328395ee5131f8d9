"""Each mistake of a learner's is told in words of its own: no traceback, no hint at a concept."""

import os
import re

import pytest

from workbook import intake
from workbook.course import find_exercises
from workbook.submission import NotGradable, Submission

GROWING = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, after in zip("abcdef", "bcdefg", strict=True)
)


def only_for_nobody(line: str) -> str:
    """Give an answer that runs *line* when the toll of no axles is asked for."""
    return f"def toll(axles):\n    while axles == 0:\n        {line}\n    return axles * 150\n"


# The file, what it says instead, and how the message begins.
TEXTS = {
    "syntax error": ("toll.py", "def toll(axles)\n", "toll.py, line 1: this is not valid Python."),
    "indentation": ("toll.py", "def toll(a):\nreturn a\n", "toll.py, line 2: this is not valid"),
    "return outside": ("toll.py", "x = 1\nreturn x\n", "toll.py, line 2: this is not valid Python"),
    "a null byte": ("toll.py", "x = 1\0\n", "toll.py, line 1: this is not valid Python."),
    "deeper than a parser": ("toll.py", "x = " + "-" * 99_999 + "1", "toll.py cannot be read as"),
    "not UTF-8": (
        "toll.py",
        '"""Tolls."""\n\nSIGN = "£"\n'.encode("latin-1"),
        "toll.py, line 3: the byte 0xa3 is not UTF-8. Save the file as UTF-8.",
    ),
    "another encoding": (
        "toll.py",
        "# coding: utf-7\nx = 1\n",
        "toll.py declares the encoding utf-7. Save it as UTF-8, and say none.",
    ),
    "missing file": ("toll.py", None, "toll.py is missing. `workbook reset` brings the start back"),
    "huge file": ("toll.py", "#" * 600_000, "toll.py has more than 500000 bytes."),
    "malformed TOML": ("tariff.toml", "pence = \n", "tariff.toml is not valid TOML."),
    "malformed JSON": ("sign.json", '{"sign":\n}', "sign.json, line 2: this is not valid JSON."),
    "deep JSON": ("sign.json", "[" * 100_000, "sign.json cannot be read as json."),
    "malformed YAML": ("hours.yaml", "a: [1\nb: 2", "hours.yaml, line 2: this is not valid YAML."),
    "a date that is none": ("hours.yaml", "open: 2026-13-45", "hours.yaml is not plain YAML."),
    "an object in YAML": ("hours.yaml", "!!python/object:os.x {}", "hours.yaml is not plain YAML."),
    "YAML that grows": ("hours.yaml", GROWING, "hours.yaml repeats itself by its aliases more"),
    "YAML in a circle": ("hours.yaml", "a: &a [*a]\n", "hours.yaml repeats itself by its aliases"),
    "missing function": (
        "toll.py",
        "def tolls(axles):\n    return 0\n",
        "toll.py does not define toll, which the check asks for.",
    ),
    "import that raises": (
        "toll.py",
        "PENCE = {}\n\nPRICE = PENCE['axle']\n",
        "toll.py, line 3: KeyError while the file was imported.",
    ),
    "unknown module": (
        "toll.py",
        "import tollbooth\n",
        "toll.py, line 1: there is no module tollbooth to import.",
    ),
    "unknown name in a module": (
        "toll.py",
        "import toll as booth\n\n\ndef toll(axles):\n    return booth.price * axles\n",
        "toll.py, line 5: toll.py does not define price.",
    ),
    "import in a circle": (
        "toll.py",
        "from toll import toll\n",
        "toll.py, line 1: ImportError while the file was imported.",
    ),
    "exit at import": (
        "toll.py",
        "raise SystemExit(0)\n",
        "toll.py, line 1: SystemExit while the file was imported.",
    ),
    "endless loop": (
        "toll.py",
        only_for_nobody("pass"),
        "toll(0) gave no answer in time: does it ever end?",
    ),
    "endless recursion": (
        "toll.py",
        only_for_nobody("toll(axles)"),
        "toll.py, line 3: the calls went too deep. Does a function call itself without end?",
    ),
    "too much memory": (
        "toll.py",
        only_for_nobody("bytearray(3 << 30)"),
        "toll.py, line 3: this takes more than 2 GB of memory.",
    ),
    "too much output": (
        "toll.py",
        only_for_nobody("print('x' * 1_000_000)"),
        "toll.py, line 3: this writes more than 16 MB.",
    ),
    "leaves in the middle": (
        "toll.py",
        "import os\n\n\n" + only_for_nobody("os._exit(3)"),
        "toll(0) gave no answer: it ended the process (exit code 3).",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_mistake_is_told(name, judged):
    """The message tells the fact; there is nothing to hint at, for no concept is behind it."""
    file, content, message = TEXTS[name]

    verdict = judged({file: content})

    told = [check for check in verdict.checks if check.message.startswith(message)]
    assert told, [check.message for check in verdict.checks]
    assert verdict.outcome == "not_yet"
    for check in told:
        assert check.outcome == "not_yet"
        assert check.document()["hints"] == 0
        assert "Traceback" not in check.message + check.detail


def a_link(path):
    path.symlink_to("/etc/hostname")


def a_dangling_link(path):
    path.symlink_to("nowhere")


def a_directory(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("put", "message"),
    [
        (a_link, "toll.py is a link. Put the file itself there."),
        (a_dangling_link, "toll.py is a link. Put the file itself there."),
        (a_directory, "toll.py is not a file."),
        (a_pipe, "toll.py is not a file."),
    ],
)
def test_what_is_no_file_is_told(put, message, toll, hand_in):
    """Only a file of its own is taken: no link is followed, no pipe waited for."""
    folder = hand_in({"toll.py": None})
    put(folder / "exercises" / toll.files_at / "toll.py")

    taken = intake.take(toll, folder)

    assert taken.problem == message
    assert "toll.py" not in taken.files


@pytest.mark.parametrize(
    "part", ["exercises", "exercises/m1_crossing", "exercises/m1_crossing/toll"]
)
def test_a_folder_that_is_a_link_is_not_followed(part, toll, hand_in, small_course):
    """A link to the references is no answer."""
    folder = hand_in({})
    place = folder / part
    place.rename(folder / "aside")
    place.symlink_to(small_course / part.replace("exercises", "solutions", 1))

    taken = intake.take(toll, folder)

    assert taken.problem == f"{part} is a link. Put the folder itself there."
    assert not taken.files


def test_a_missing_folder_is_told(toll, tmp_path):
    """An exercise that was not handed in is named."""
    taken = intake.take(toll, tmp_path)

    assert taken.problem == "There is no folder m1_crossing/toll in what was handed in."


def test_a_readme_beside_the_exercises_is_no_project(small_course, tmp_path):
    """A learner's own README.md is not taken for the running example's."""
    project = next(each for each in find_exercises(small_course) if each.name == "project")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "README.md").write_text("# My workbook\n")

    assert intake.find_folder(project, tmp_path) == tmp_path / "exercises" / "my-devops-project"


def test_unreadable_file_is_told(toll, hand_in, monkeypatch):
    """A file that the system does not give is told as that."""
    folder = hand_in({})

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)  # root may read everything

    assert intake.take(toll, folder).problem.endswith("cannot be read: Permission denied.")


@pytest.fixture
def submission(tmp_path):
    """A submission of files that are what their grader reads them as, until something changes."""
    box = tmp_path / "box"
    box.mkdir()
    names = {"lock": "[", "hosts": "{", "rules": "a: b: c", "latin": "£".encode("latin-1")}
    for name, content in names.items():
        (box / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Submission(box, (*names, "gone"))


@pytest.mark.parametrize(
    ("read", "name", "message"),
    [
        ("toml", "lock", "lock is not TOML."),
        ("json", "hosts", "hosts is not JSON."),
        ("yaml", "rules", "rules is not plain YAML."),
        ("read", "latin", "latin is not UTF-8."),
        ("read", "gone", "gone was removed while it was checked."),
        ("read", "never", "never is missing."),
    ],
)
def test_what_a_grader_cannot_read_is_told(submission, read, name, message):
    """A file without a telling ending is the learner's as well: never a broken grader."""
    with pytest.raises(NotGradable, match=re.escape(message)):
        getattr(submission, read)(name)
