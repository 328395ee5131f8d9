"""The assignment that every tool grades: one function, five tests of a point each, twenty answers.

The tests stand here once, and are written out as each tool wants them.
"""

import random

START = '''"""Tell whether one can still cross the causeway."""


def can_cross(minutes_to_flood: int, speed: int) -> bool:
    """Tell whether the five kilometres are crossed at *speed* km/h before the flood."""
'''
# The name of a test, what it holds, what it asks, what it expects.
TESTS = (
    ("there_is_time", "A walker with two hours can cross.", "can_cross(120, 5)", True),
    ("too_late", "A walker with half an hour cannot cross.", "can_cross(30, 5)", False),
    ("just_in_time", "Who arrives with the flood has crossed.", "can_cross(60, 5)", True),
    ("stands_still", "Who stands still never crosses.", "can_cross(60, 0)", False),
    ("flooded", "Nobody crosses what is flooded.", "can_cross(0, 40)", False),
)
# What stands in for the function's body, and the points it is worth.
BODIES = {
    "right": ("return minutes_to_flood * speed >= 300", 5),
    "off by one": ("return minutes_to_flood * speed > 300", 4),
    "raises once": ("return 300 / speed <= minutes_to_flood", 4),
    "raises": ("raise NotImplementedError", 0),
    "wrong type": ("return int(minutes_to_flood * speed >= 300)", 0),
    "always": ("return True", 2),
    "nothing": ("pass", 0),
    "another name": ("pass\n\n\ndel can_cross", 0),
    "prints": ("print('tide\\n' * 2000)\n    return minutes_to_flood * speed >= 300", 5),
    "slow": ("return sum(range(300_000)) > 0 and minutes_to_flood * speed >= 300", 5),
}


def answers(students: int) -> dict[str, tuple[str, int]]:
    """Give each student's file and its points: the same at every run, no two files equal."""
    kinds = (list(BODIES.values()) * students)[:students]
    random.Random(1).shuffle(kinds)  # noqa: S311 - a fixed order is what is wanted
    names = [f"student{number:02}" for number in range(students)]
    return {
        name: (f"# {name}\n{START}    {body}\n", points)
        for name, (body, points) in zip(names, kinds, strict=True)
    }


def plain_tests() -> str:
    """Write the tests out as pytest's."""
    return "from crossing import can_cross\n" + "".join(
        f"\n\ndef test_{name}():\n    assert {call} is {expected}\n"
        for name, _, call, expected in TESTS
    )


def workbook_tests() -> str:
    """Write the tests out as a grader of this course."""
    setup = "from crossing import can_cross"
    return '"""Grade *Cross in time*."""\n' + "".join(
        f'\n\ndef test_{name}(submission):\n    """{title}"""\n'
        f'    assert submission.evaluate("{call}", setup="{setup}") is {expected}\n'
        for name, title, call, expected in TESTS
    )


def otter_tests() -> str:
    """Write the tests out in otter's exception-based format."""
    head = 'from otter.test_files import test_case\n\nOK_FORMAT = False\nname = "crossing"\n'
    return head + "".join(
        f"\n\n@test_case(points=1)\ndef test_{name}(can_cross):\n    assert {call} is {expected}\n"
        for name, _, call, expected in TESTS
    )


def notebook(answer: str) -> dict[str, object]:
    """Write the assignment out as nbgrader's notebook: a cell to answer in, a cell a test."""
    cells = [_cell("answer", answer, solution=True)]
    cells += [
        _cell(name, f"assert {call} is {expected}", grade=True, points=1)
        for name, _, call, expected in TESTS
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, **settings: object) -> dict[str, object]:
    kind = {"grade": False, "solution": False, "task": False, **settings}
    kind |= {"grade_id": name, "schema_version": 3, "locked": not kind["solution"]}
    return {
        "cell_type": "code", "execution_count": None, "id": name, "outputs": [],
        "metadata": {"nbgrader": kind}, "source": source,
    }  # fmt: skip
