"""The exports: each parses back, and what a student wrote stays text in every format."""

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from defusedxml import ElementTree

from workbook.course import CourseError, find_exercises
from workbook.export import COLUMNS, FORMATS, write_csv, write_gradescope, write_html, write_junit
from workbook.gradebook import Entry, Gradebook
from workbook.grading import grade
from workbook.intake import inspect
from workbook.results import Student
from workbook.similar import Pair, similar
from workbook.verdict import unanswered

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|'/c calc'!A0"
HOSTILE = [FORMULA, SCRIPT, "../../x", "a\x01b\x1b[31m\x7f\n\u202ec", "n" * 5000, "Mo Li", "mo-li"]
SAYS_SCRIPT = f"def toll(axles):\n    raise ValueError('{SCRIPT}', '\\x01\\x1b[31m', '\\ud800')\n"


@pytest.fixture(scope="session")
def answers(toll):
    """The verdicts on the toll exercise, by the name of the answer."""
    files = {
        "start": toll.start,
        "reference": toll.finished,
        "mistake": toll.answer("wrong", "free_for_nobody"),
        "script": {**toll.finished, "toll.py": SAYS_SCRIPT.encode()},
    }
    return {name: grade([toll], lambda _, name=name: inspect(files[name]))[0] for name in files}


@pytest.fixture
def book(tmp_path):
    """An empty gradebook."""
    with Gradebook(tmp_path / "grades", make=True) as made:
        yield made


@pytest.fixture
def exercises(small_course):
    """The exercises of the small course."""
    return find_exercises(small_course)


def enter(book, student, verdict, **changes):
    """Enter a verdict on what a student handed in."""
    questions = {each.id: each.questions for each in verdict.checks if each.outcome != "passed"}
    entry = Entry(
        student, verdict.exercise, verdict.files, "sha256:grader", "", True, verdict.outcome,
        verdict.points, verdict.of, verdict.to_json(), json.dumps(questions),
    )  # fmt: skip
    book.enter_student(student)
    book.enter(replace(entry, **changes))


@pytest.fixture
def full(book, toll, answers):
    """A book of ordinary and of hostile students."""
    enter(book, "ann", answers["reference"])
    enter(book, "ben", answers["mistake"], confined=False)
    enter(book, "cy", answers["start"])
    absent = unanswered(toll, {})
    enter(book, "di", absent, files="", outcome="not_submitted", points=0)
    for name in HOSTILE:
        enter(book, name, answers["script"])
        book.enter_student(name, f"{name} was not unpacked")
    return book


class Page(HTMLParser):
    """What a browser would find in a page: its elements, and what it refers to."""

    def __init__(self, file):
        super().__init__()
        self.tags, self.links, self.attributes, self.text = [], [], set(), ""
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src", "srcset")]

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        self.text += " " if tag in ("td", "th") else ""


def read_csv(out):
    """Read a table back: its rows by student and exercise."""
    with out.open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


def test_table_is_the_golden_one(book, exercises, answers, tmp_path):
    """A student has a row for each exercise of the course, in its order, graded or not."""
    enter(book, "ben", answers["mistake"], confined=False, intake="toll.py is late.")
    out = tmp_path / "new" / "grades.csv"

    write_csv(book, exercises, out)

    digest = answers["mistake"].files
    assert out.read_bytes().decode() == (
        "student,exercise,points,of,outcome,digest,note,confined\r\n"
        f"ben,m1_crossing/toll,4,7,not_yet,{digest},toll.py is late.,no\r\n"
        "ben,m1_crossing/sign,0,1,not_graded,,,\r\n"
        "ben,m1_crossing/project,0,1,not_graded,,,\r\n"
    )


def test_table_parses_back(full, exercises, tmp_path):
    """Every student is in the table, and no cell begins as a formula does."""
    write_csv(full, exercises, tmp_path / "grades.csv")

    rows = read_csv(tmp_path / "grades.csv")
    assert tuple(next(iter(rows.values()))) == COLUMNS
    assert len(rows) == (4 + len(HOSTILE)) * len(exercises)
    assert not [cell for row in rows.values() for cell in row.values() if cell[:1] in tuple("=+-@")]
    assert rows["'" + FORMULA, "m1_crossing/toll"]["note"] == f"'{FORMULA} was not unpacked"
    assert rows["di", "m1_crossing/toll"]["outcome"] == "not_submitted"
    assert rows["di", "m1_crossing/toll"]["digest"] == ""


@pytest.mark.parametrize("first", "=+-@\t\r\n")
def test_no_cell_is_a_formula(first, book, exercises, answers, tmp_path):
    """Whatever a spreadsheet takes for the beginning of a formula is made text."""
    enter(book, first + "1+1", answers["reference"])

    write_csv(book, exercises, tmp_path / "grades.csv")

    assert {student for student, _ in read_csv(tmp_path / "grades.csv")} == {f"'{first}1+1"}


def test_gradescope_parses_back(full, exercises, answers, tmp_path):
    """A student has a folder of their own with a test for each check of the course."""
    write_gradescope(full, exercises, tmp_path / "out")

    found = {file.parent.name: file for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert len(found) == 4 + len(HOSTILE)
    assert {each.parent.parent for each in found.values()} == {tmp_path / "out"}
    document = json.loads(found["ben"].read_text(encoding="utf-8"))
    tests = {each["extra_data"]["check"]: each for each in document["tests"]}
    assert document["score"] == sum(each["score"] for each in tests.values()) == 4
    assert sum(each["max_score"] for each in tests.values()) == 9
    refused = tests["test_nobody_pays_nothing"]
    assert (refused["status"], refused["score"], refused["max_score"]) == ("failed", 0, 3)
    assert "toll(0) gave 0, expected None." in refused["output"]
    assert "Is a toll of 0 pence" in refused["output"]
    assert refused["extra_data"]["confined"] is False
    assert tests["test_ruff_is_silent"]["status"] == "passed"
    assert tests["test_sign_says_shut"]["output"].startswith("Not graded.")


def test_junit_parses_back(full, exercises, tmp_path):
    """A student is a suite, a check is a case; what was not handed in is skipped."""
    write_junit(full, exercises, tmp_path / "junit.xml")

    suites = ElementTree.parse(tmp_path / "junit.xml").getroot()
    found = {suite.get("name"): suite for suite in suites}
    assert len(found) == 4 + len(HOSTILE)
    assert {suite.get("tests") for suite in suites} == {"6"}
    counts = {
        name: [found[name].get(kind) for kind in ("failures", "errors", "skipped")]
        for name in ("ann", "ben", "di")
    }
    assert counts == {"ann": ["0", "0", "2"], "ben": ["1", "0", "2"], "di": ["0", "0", "6"]}
    [failure] = found["ben"].iter("failure")
    assert failure.get("message") == "toll(0) gave 0, expected None."
    assert {each.get("classname") for each in found["ann"]} == {each.id for each in exercises}
    assert SCRIPT in found["mo-li"].findtext(".//failure")
    assert SCRIPT in found


def test_broken_grader_is_an_error(book, exercises, answers, tmp_path):
    """Where the grader broke, JUnit says error and Gradescope says whose fault it is."""
    document = answers["mistake"].document()
    document["checks"][0].update(outcome="broken", message="KeyError: 'pence'")
    enter(book, "eve", answers["mistake"], outcome="broken", document=json.dumps(document))

    write_junit(book, exercises, tmp_path / "junit.xml")
    write_gradescope(book, exercises, tmp_path / "out")

    [error] = ElementTree.parse(tmp_path / "junit.xml").iter("error")
    assert error.get("message") == "KeyError: 'pence'"
    first = json.loads((tmp_path / "out/eve/results.json").read_text())["tests"][0]
    assert first["status"] == "failed"
    assert first["output"].startswith("Broken.")


def test_pages_parse_back(full, exercises, toll, tmp_path):
    """No page has a script, an element or an attribute of a student's, or asks another host."""
    out = tmp_path / "out"

    write_html(
        full, exercises, out, handed_in=lambda *_: {**toll.start, SCRIPT: b"x = 1 + 1\n" * 9}
    )

    pages = {file.relative_to(out).as_posix(): Page(file) for file in out.rglob("*.html")}
    assert len(pages) == 1 + 4 + len(HOSTILE)
    for name, page in pages.items():
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert not {"script", "img", "link", "iframe", "form"} & {*page.tags}, name
        assert not [each for each in page.attributes if each.startswith("on")], name
        assert all(link in pages for link in page.links), name
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        assert {"lang", "http-equiv"} <= page.attributes
    assert set(pages["index.html"].links) == {*pages} - {"index.html"}
    assert pages["index.html"].text.count(SCRIPT) > 2  # as a name, in a note, as a file
    assert SCRIPT in pages["students/mo-li.html"].text


def test_index_tells_what_is_counted(full, exercises, tmp_path):
    """The index has totals, each check's outcomes, the misconceptions and who was unconfined."""
    write_html(full, exercises, tmp_path)

    text = " ".join(Page(tmp_path / "index.html").text.split())
    assert "Students: 11; exercises: 3; points: " in text
    assert "Results: 1 passed, 9 not yet, 0 broken, 1 not handed in, 22 not graded" in text
    assert "Verdicts reached unconfined (--trusted): 1." in text
    assert "Without a vehicle there is no toll: None. 1 9 0" in text
    assert "No vehicle and a free vehicle are the same thing. 1 m1_crossing/toll" in text
    assert "Near-identical" not in text


def test_untouched_start_is_no_misconception(book, toll, exercises, answers, tmp_path):
    """Only what a student changed says what the student believes."""
    mistake = {**answers["mistake"].document(), "files": answers["start"].start}
    enter(book, "eve", answers["mistake"], document=json.dumps(mistake))

    write_html(book, exercises, tmp_path)

    assert "No answer is like one of the wrong answers" in Page(tmp_path / "index.html").text


def test_feedback_asks_the_first_question(full, exercises, tmp_path):
    """A student reads what came back and what to ask oneself, not what to answer."""
    write_html(full, exercises, tmp_path)

    text = " ".join(Page(tmp_path / "students/ben.html").text.split())
    assert "Feedback for ben 4 of 9 points" in text
    assert "toll(0) gave 0, expected None. Is a toll of 0 pence the toll of nobody?" in text
    assert "Graded unconfined" in text
    assert "Whom does the booth charge" not in text


def test_names_stay_apart():
    """No two students share a file, in any case of letters, even when one aims at it."""
    aimed = Student("Mo Li", "", ()).file_name
    names = [*HOSTILE, aimed, "mo li", "MO-LI", "mo", "Mo", "", ".", "..", "con", "aux", "José"]

    files = {Student(name, "", ()).file_name for name in names}

    assert len(files) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,59}", each) for each in files)
    assert not files & {"con", "aux"}
    assert "mo" in files


@pytest.mark.parametrize("name", FORMATS)
def test_place_that_cannot_be_written_is_told(name, full, exercises, tmp_path):
    """Where a file stands in the way, the message says so and names --out."""
    (tmp_path / "file").touch()

    with pytest.raises(CourseError, match=r"cannot be written: .*\n.*--out"):
        FORMATS[name](full, exercises, tmp_path / "file" / "out")


@pytest.mark.parametrize("name", FORMATS)
def test_empty_book_is_exported(name, book, exercises, tmp_path):
    """A book without students gives an export without students."""
    FORMATS[name](book, exercises, tmp_path / "out")

    assert not [*tmp_path.rglob("students")]


START = {"a.py": b"def crossing(table):\n    ...\n"}
BODY = "def crossing(table):\n" + "".join(f"    step{i} = table[{i}] + 1\n" for i in range(9))


def test_similar_looks_past_comments_and_start():
    """Comments, blank space and what the start gave make nobody different or alike."""
    near = BODY.replace("step8", "last")
    far = BODY.replace("step", "other").replace("+ 1", "- other").replace("table[", "len(")
    texts = {
        "ann": BODY,
        "ben": BODY.replace("\n", "  # mine\n\n"),
        "cy": near,
        "di": far,
        "eve": START["a.py"].decode(),
        "flo": START["a.py"].decode().replace("...", "return None"),
    }
    handed_in = {name: {"a.py": text.encode()} for name, text in texts.items()}

    first, *rest = similar(handed_in, START)

    assert first == Pair("ann", "ben", 1.0, "a.py")
    assert [(pair.a, pair.b) for pair in rest] == [("ann", "cy")]
    assert 0.9 < rest[0].share < 1


def test_similar_bears_many_and_large_submissions():
    """Of a class that hands in one answer, each is named once; a large file costs no more."""
    handed_in = {f"s{number}": {"a.py": BODY.encode() * 500} for number in range(100)}

    pairs = similar(handed_in, START)

    assert [pair.a for pair in pairs] == ["s0"] * 99
    assert len({pair.b for pair in pairs}) == 99
