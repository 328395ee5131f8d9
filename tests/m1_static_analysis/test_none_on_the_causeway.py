"""Grade *Tell the driver nothing, not zero*: the checker's view first, then the driver's."""

import ast
import re

import pytest

TABLE = """
from datetime import datetime
from windows import Window, minutes_left

def at(clock, day=1):
    return datetime.fromisoformat(f"2026-05-{day:02}T{clock}+00:00")

table = [Window(at("06:10"), at("09:30")), Window(at("18:40"), at("21:55"))]
spring_works = [Window(at("06:10"), at("09:30", day=3))]
"""


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which values can next_window return? Its signature says.",
    "Narrowing: https://mypy.readthedocs.io/en/stable/type_narrowing.html",
)
def test_mypy_strict_is_clean(submission):
    """mypy --strict has nothing to report."""
    result = submission.run("mypy", "--strict", "windows.py")

    assert result.returncode == 0, result.stdout


@pytest.mark.points(1)
@pytest.mark.hint("What would mypy say if you took the comment, the cast or the Any away?")
def test_checker_sees_everything(submission):
    """Nothing is hidden from the checker: no Any, no cast, no type: ignore."""
    source = submission.read("windows.py")

    hiding = sorted(names(ast.parse(source)) & {"Any", "cast", "no_type_check"})
    hiding += re.findall(r"#\s*(type:\s*ignore|mypy:)", source)
    found = " and ".join(hiding)
    assert not hiding, f"windows.py uses {found}; expected nothing that hides from the checker."


@pytest.mark.points(1)
@pytest.mark.hint("Which moments belong to a window that is open up to, but not at, its closing?")
def test_open_window_counts_down(submission):
    """While the road is dry, the minutes left are counted down to the last whole one."""
    left = submission.evaluate(
        "[minutes_left(table, at(t)) for t in ('06:10', '09:00', '09:29:01')]", setup=TABLE
    )

    assert left == [200, 30, 0]


@pytest.mark.points(1)
@pytest.mark.hint("How long is timedelta(days=2, minutes=5)? What do its .seconds say?")
def test_long_window_counts_whole_days(submission):
    """A window of more than a day keeps its days."""
    left = submission.evaluate("minutes_left(spring_works, at('07:30'))", setup=TABLE)

    assert left == 3000


@pytest.mark.points(2)
@pytest.mark.hint("What should the sign show when there is nothing to count?")
def test_after_the_last_window_is_none(submission, advise):
    """After the last window of the day there are no minutes to tell: None."""
    left = submission.evaluate("minutes_left(table, at('22:30'))", setup=TABLE)

    advise(left == 0, "What does a driver do who reads *0 minutes*: stop, or hurry?")
    advise(left == -1, "What will the next caller make of -1: a total, an average, a colour?")
    advise(raised(left, "AssertionError"), "What is left of an assert under python -O?")
    assert left is None


@pytest.mark.points(2)
@pytest.mark.hint("Which two kinds of window can next_window answer with? Is the road dry in both?")
def test_before_the_next_window_is_none(submission, advise):
    """Between two windows the road is under water: None, not the minutes of the next one."""
    left = submission.evaluate("minutes_left(table, at('14:00'))", setup=TABLE)

    advise(left == 475, "Under water at 14:00 the sign says 475 minutes. Whose minutes are they?")
    assert left is None


def names(tree):
    """Collect the names that *tree* reads or imports: typing.Any as well as Any."""
    read = {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(tree)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return read | {alias.name for node in imports for alias in node.names}


def raised(value, name):
    """Whether the learner's code raised the exception called *name* instead of answering."""
    return getattr(value, "error", None) == name
