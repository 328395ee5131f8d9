"""Plain values cross between the processes; nothing else does."""

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath

import pytest

from workbook import values

VALUES = [
    None, True, 0, -7, 2**4000, 1.5, "", "tide ✔", [], [1, [2]], {}, {"a": 1, 2: [3], None: ()},
    (), (1, (2, "x")), set(), {1, "a", None}, frozenset({(1, 2)}), b"", b"\x00\xff",
    datetime(2026, 5, 1, 6, 10, tzinfo=UTC), datetime(2026, 5, 1), date(2026, 5, 1),
    time(6, 10), timedelta(days=-1, microseconds=5), Decimal("1.10"), Decimal("NaN"),
    PurePosixPath("a/b"), {"$set": 1}, {"$dict": [[1, 2]]}, math.inf, -math.inf,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_value_comes_back_as_it_was(value):
    """Value and type are the same on the other side of JSON."""
    back = values.decode(json.loads(values.written(values.encode(value))))

    assert repr(back) == repr(value) or back == value
    assert type(back) is type(value)


def test_path_of_this_machine_comes_back_as_a_path():
    """A concrete path crosses as a pure one, which touches no files."""
    assert values.decode(values.encode(Path("a/b"))) == PurePosixPath("a/b")


def test_not_a_number_comes_back():
    """NaN, which equals nothing, is still what it was."""
    assert math.isnan(values.decode(values.encode(math.nan)))


def test_equal_sets_have_equal_forms():
    """The order in which a set was filled does not show."""
    assert values.encode({3, 1, 2}) == values.encode({2, 3, 1})


class Liar(int):
    """Says that it equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


class Path2(str):
    """Pretends to come from the module of paths."""

    __module__ = "pathlib"


LOOP: list[object] = []
LOOP.append(LOOP)
DEEP: list[object] = []
for _ in range(values.DEPTH + 1):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Liar(3), "a Liar, which is not plain data"),
        ([{"a": (Liar(3),)}], "a Liar, which is not plain data"),
        (type("OwnDict", (dict,), {})(), "a OwnDict, which is not plain data"),
        (object(), "a object, which is not plain data"),
        (len, "a builtin_function_or_method, which is not plain data"),
        (1j, "a complex, which is not plain data"),
        (2**5000, "a whole number of more than 4096 bits"),
        (LOOP, "a value nested too deeply or too large"),
        (DEEP, "a value nested too deeply or too large"),
        ([0] * (values.NODES + 1), "a value nested too deeply or too large"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_does_not_cross(value, told):
    """A subclass, an object or a value out of bounds is named by what it is."""
    with pytest.raises(values.NotPlain, match=told):
        values.encode(value)


def test_class_that_pretends_to_be_a_path_crosses_as_a_path_at_most():
    """What says that it comes from pathlib is carried as text, never as itself."""
    assert type(values.decode(values.encode(Path2("x")))) is PurePosixPath


@pytest.mark.parametrize(
    "form",
    [{}, {"$set": 1, "$tuple": 2}, {"a": 1}, {"$pickle": "x"}, {"$dict": 5}, {"$dict": [[1]]},
     {"$set": [[1]]}, {"$datetime": "noon"}, {"$datetime": 5}, {"$float": "x"}, {"$decimal": "x"},
     {"$timedelta": [1e999, 0, 0]}, {"$timedelta": [10**12, 0, 0]}, {"$bytes": "\u00e9"}],
)  # fmt: skip
def test_form_that_was_never_written_is_refused(form):
    """What a learner's process makes up raises one of the errors that its reader expects."""
    with pytest.raises((ValueError, TypeError, ArithmeticError)):
        values.decode(form)
