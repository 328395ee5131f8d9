"""Export a gradebook: a table, Gradescope's results, JUnit's, or pages to read.

A student chooses the name of a folder and what a program says. None of it is trusted to be mere
text in the format that it goes into.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from workbook.course import Exercise
from workbook.gradebook import Gradebook
from workbook.report import write_html
from workbook.results import WORDS, Result, Student, create, printable, read_students

COLUMNS = ("student", "exercise", "points", "of", "outcome", "digest", "note", "confined")


def write_csv(book: Gradebook, exercises: Sequence[Exercise], out: Path) -> None:
    """Write a table with a row for each student and exercise, to the file *out*: see RFC 4180."""
    with create(out) as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for student in read_students(book, exercises):
            for each in student.results:
                digest, intake, confined = "", "", ""
                if entry := each.entry:
                    digest, intake = entry.files, entry.intake
                    confined = "yes" if entry.confined else "no"
                note = " ".join(dict.fromkeys(part for part in (student.note, intake) if part))
                cells = (student.name, each.exercise.id, each.points, each.of, each.outcome,
                         digest, note, confined)  # fmt: skip
                table.writerow(map(defused, cells))


def defused(cell: object) -> object:
    """Keep a spreadsheet from running *cell* as a formula: an apostrophe makes it text.

    See OWASP, CSV Injection.
    """
    return f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


def write_gradescope(book: Gradebook, exercises: Sequence[Exercise], out: Path) -> None:
    """Write a results.json for each student, below the folder *out*.

    The fields are those of Gradescope's autograder specification, *Output format*.
    """
    for student in read_students(book, exercises):
        tests = [test(each, check) for each in student.results for check in each.checks]
        document = {"score": student.points, "output": printable(student.note), "tests": tests}
        with create(out / student.file_name / "results.json") as file:
            json.dump(document, file, indent=1)


def test(result: Result, check: dict[str, Any]) -> dict[str, Any]:
    """Give one check as Gradescope's test: what came back, and what to ask oneself."""
    outcome = result.outcome_of(check)
    said = [check["message"], check["detail"], result.question(check)]
    if outcome not in ("passed", "not_yet"):
        said.insert(0, WORDS[outcome].capitalize() + ".")
    return {
        "name": printable(f"{result.exercise.id}: {check['title']}"),
        "score": check["points"],
        "max_score": check["of"],
        "status": "passed" if outcome == "passed" else "failed",
        "output": printable("\n\n".join(filter(None, said))),
        "visibility": "visible",
        "extra_data": {"check": check["id"], "outcome": outcome, "confined": result.confined},
    }


def write_junit(book: Gradebook, exercises: Sequence[Exercise], out: Path) -> None:
    """Write JUnit XML with a suite for each student, to the file *out*."""
    with create(out) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
        for student in read_students(book, exercises):
            file.write(ElementTree.tostring(suite(student), encoding="unicode") + "\n")
        file.write("</testsuites>\n")


def suite(student: Student) -> ElementTree.Element:
    """Give a student's suite: what is not yet right failed, what broke is an error."""
    found = ElementTree.Element("testsuite", name=printable(student.name))
    count: Counter[str] = Counter()
    for result in student.results:
        for check in result.checks:
            place = {"classname": result.exercise.id, "name": check["id"]}
            case = ElementTree.SubElement(found, "testcase", place)
            outcome = result.outcome_of(check)
            if outcome != "passed":
                kind = {"not_yet": "failure", "broken": "error"}.get(outcome, "skipped")
                message = check["message"] or WORDS[outcome]
                ElementTree.SubElement(case, kind, message=printable(message)).text = printable(
                    check["detail"]
                )
                count[kind] += 1
    if student.note:
        ElementTree.SubElement(found, "system-out").text = printable(student.note)
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        found.set(name, str(count[kind]))
    found.set("tests", str(len(found.findall("testcase"))))
    return found


FORMATS: dict[str, Callable[[Gradebook, Sequence[Exercise], Path], None]] = {
    "csv": write_csv,
    "gradescope": write_gradescope,
    "junit": write_junit,
    "html": write_html,
}
