"""The verdict document: the same bytes from every place, and nothing in it that could differ."""

import json
import re
from pathlib import Path

import pytest

from workbook import course
from workbook.grading import from_folder, grade
from workbook.verdict import CheckVerdict, Verdict

GOLDEN = Path(__file__).parent / "golden"
ANSWERS = {
    "start": {},
    "reference": {},
    "syntax_error": {"toll.py": "def toll(axles)\n"},
    "says_where_it_is": {
        "toll.py": "import os\n\n\nclass Booth:\n    pass\n\n\n"
        "def toll(axles):\n    raise ValueError(Booth(), os.getcwd(), os.environ['HOME'])\n"
    },
}


@pytest.mark.usefixtures("at_small_course")
@pytest.mark.parametrize("name", ANSWERS)
def test_document_is_the_golden_one_in_every_place(
    name, toll, hand_in, small_course, run, python, monkeypatch, tmp_path
):
    """The command, plain pytest and the judge's function give the bytes of the golden file."""
    folder = hand_in(toll.start if name == "start" else ANSWERS[name])
    (folder / ".workbook").mkdir()
    golden = GOLDEN / f"{name}.json"

    [verdict] = grade([toll], from_folder(folder))
    assert verdict.to_json() == golden.read_text(encoding="utf-8")

    monkeypatch.chdir(folder)
    checked = run("check", "toll", "--json")
    assert checked.stdout == verdict.to_json()
    assert checked.exit_code == (0 if name == "reference" else 1)

    out = tmp_path / "verdicts"
    words = [
        "pytest",
        "--disable-plugin-autoload",
        "-p",
        "workbook.plugin",
        "-c",
        "/dev/null",
        "--rootdir",
        str(small_course),
    ]
    words += ["--import-mode=importlib", "-p", "no:cacheprovider", "--submission", str(folder)]
    tested = python(*words, "--verdicts", str(out), str(toll.grader))
    assert (out / "m1_crossing" / "toll.json").read_bytes() == golden.read_bytes()
    assert tested.returncode == (0 if name == "reference" else 1), tested.stdout + tested.stderr
    assert f"{verdict.points} of {verdict.of} points" in tested.stdout


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_nothing_in_a_document_could_differ(golden):
    """No path of a machine, no address, no time, and the shape of schema 1."""
    text = golden.read_text(encoding="utf-8")
    document = json.loads(text)

    assert not re.search(r"[\s\"'(]/\w|0x[0-9a-f]{6}|\d\d:\d\d:\d\d|\d s\b", text)
    assert list(document) == ["schema", "exercise", "start", "files", "outcome", "points", "of",
                              "checks"]  # fmt: skip
    for check in document["checks"]:
        assert list(check) == ["id", "title", "outcome", "points", "of", "message", "hints",
                               "detail"]  # fmt: skip
    assert document["points"] == sum(check["points"] for check in document["checks"])
    assert document["of"] == sum(check["of"] for check in document["checks"]) == 7


def test_every_golden_file_has_its_answer():
    """No golden file outlives the answer it was made of."""
    assert {path.stem for path in GOLDEN.iterdir()} == set(ANSWERS)


def test_digests_tell_files_apart(toll):
    """A digest depends on names and contents, not on their order."""
    files = dict(toll.reference)
    turned = dict(reversed(files.items()))

    assert course.digest(files) == course.digest(turned)
    assert course.digest(files) != course.digest({**files, "toll.py": b""})
    assert course.digest({"a": b"1", "b": b"2"}) != course.digest({"a": b"2", "b": b"1"})


def test_fact_comes_before_a_question():
    """A check that could not be asked is the one to work on, though another failed before it."""
    wrong = CheckVerdict("a", "A.", "not_yet", 0, 1, "gave 0, expected None.", ["Why zero?"])
    fact = CheckVerdict("b", "B.", "not_yet", 0, 1, "toll.py does not define toll.")
    passed = CheckVerdict("c", "C.", "passed", 1, 1)

    assert Verdict("m1/toll", "", "", [passed, wrong, fact]).first_open() is fact
    assert Verdict("m1/toll", "", "", [passed, wrong]).first_open() is wrong
    assert Verdict("m1/toll", "", "", [passed]).first_open() is None
