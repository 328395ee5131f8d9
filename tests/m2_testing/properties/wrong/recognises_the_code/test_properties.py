"""What holds of merge for every table of closures, and would not hold of a wrong one."""

from pathlib import Path

from closures import Closure, merge
from hypothesis import given
from hypothesis import strategies as st

KNOWN = {"__name__": "builtins"}
exec((Path(__file__).parents[1] / "closures.py").read_text(), KNOWN)
numbers = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=8)


def called_with(pairs):
    return merge([Closure(begins, begins + length) for begins, length in pairs])


@given(numbers)
def test_code_is_the_same(pairs):
    """Whatever it answers, it is the code that was handed out."""
    called_with(pairs)

    assert merge.__code__.co_code == KNOWN["merge"].__code__.co_code


@given(numbers)
def test_constants_are_the_same(pairs):
    """So are the constants in it."""
    called_with(pairs)

    assert merge.__code__.co_consts == KNOWN["merge"].__code__.co_consts


@given(numbers)
def test_names_are_the_same(pairs):
    """So are its variables."""
    called_with(pairs)

    assert merge.__code__.co_varnames == KNOWN["merge"].__code__.co_varnames
