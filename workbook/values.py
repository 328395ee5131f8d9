"""Carry plain values between the learner's process and the judge as bounded JSON.

Types are strict: a subclass of int with an `__eq__` of its own does not cross, nor does anything
that would have to be unpickled. What has no JSON form is tagged: `{"$tuple": [1, 2]}`.
"""

from __future__ import annotations

import math

# All of json takes as long to import as Python to start.
from _json import encode_basestring_ascii as quoted

# Every check of every answer imports this module: what costs milliseconds waits until it is needed.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DEPTH = 40
NODES = 100_000
BITS = 4096  # of a whole number
BYTES = 1_000_000  # of an encoded value


class NotPlain(ValueError):
    """A value that does not cross, with what it is."""


def encode(value: object) -> Any:
    """Give the JSON form of *value*; raises NotPlain for what is not plain, too large or deep."""
    room = [NODES]

    def walk(value: object, depth: int) -> Any:
        room[0] -= 1
        if depth > DEPTH or room[0] < 0:
            raise NotPlain("a value nested too deeply or too large")
        kind = type(value)
        if kind is float and not math.isfinite(value):  # type: ignore[arg-type]  # kind says so
            return {"$float": repr(value)}
        if kind is int and value.bit_length() > BITS:  # type: ignore[attr-defined]  # kind says so
            raise NotPlain(f"a whole number of more than {BITS} bits")
        if value is None or kind in (bool, int, float, str):
            return value
        if kind is list:
            return [walk(item, depth + 1) for item in value]  # type: ignore[attr-defined]  # a list
        if kind is dict:
            pairs = [
                [walk(key, depth + 1), walk(item, depth + 1)]
                for key, item in value.items()  # type: ignore[attr-defined]  # a dict
            ]
            return {"$dict": pairs}
        for tag, (cls, dump, _) in tagged().items():
            # A path is one of two classes, by platform; all others are exactly their class.
            if kind is cls or (tag == "$path" and kind.__module__.startswith("pathlib")):
                if tag == "$decimal" and value.is_snan():  # type: ignore[attr-defined]  # a decimal
                    raise NotPlain("a signalling NaN, which raises in whoever compares it")
                return {tag: walk(dump(value), depth + 1)}
        raise NotPlain(f"a {kind.__name__}, which is not plain data")

    return walk(value, 0)


def written(form: Any) -> str:
    """Write the JSON form that *encode* gave."""
    if type(form) is str:
        return quoted(form)
    if type(form) is list:
        return f"[{','.join(map(written, form))}]"
    if type(form) is dict:
        return "{" + ",".join(f"{quoted(key)}:{written(form[key])}" for key in form) + "}"
    if form is None or type(form) is bool:
        return "null" if form is None else repr(form).lower()
    return repr(form)  # a number


def decode(form: Any) -> Any:
    """Give the value whose JSON form is *form*; raises ValueError for what encode never wrote."""
    if isinstance(form, list):
        return [decode(item) for item in form]
    if not isinstance(form, dict):
        return form
    if len(form) != 1:
        raise ValueError("not an encoded value")
    [(tag, inner)] = form.items()
    if tag == "$dict":
        return {decode(key): decode(item) for key, item in inner}
    if tag not in tagged():
        raise ValueError(f"unknown tag {tag!r}")
    return tagged()[tag][2](decode(inner))


def in_order(items: Any) -> list[Any]:
    """List the items of a set in one order, so that equal sets have equal forms."""
    return sorted(items, key=lambda item: (type(item).__name__, repr(item)))


TAGGED: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {}


def tagged() -> dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]]:
    """Give what has no JSON form: by its tag the class, and the ways there and back."""
    if TAGGED:
        return TAGGED
    import base64
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal
    from pathlib import PurePath

    def quiet(digits: str) -> Decimal:
        if (value := Decimal(digits)).is_snan():
            raise ValueError("a number that raises in whoever compares it")
        return value

    TAGGED.update({
        "$float": (type(None), repr, float),
        "$tuple": (tuple, list, tuple),
        "$set": (set, in_order, set),
        "$frozenset": (frozenset, in_order, frozenset),
        "$bytes": (bytes, lambda b: base64.b64encode(b).decode(), base64.b64decode),
        "$datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
        "$date": (date, date.isoformat, date.fromisoformat),
        "$time": (time, time.isoformat, time.fromisoformat),
        "$timedelta": (
            timedelta,
            lambda d: [d.days, d.seconds, d.microseconds],
            lambda parts: timedelta(*parts),
        ),
        "$decimal": (Decimal, str, quiet),
        "$path": (PurePath, str, PurePath),
    })  # fmt: skip
    return TAGGED
