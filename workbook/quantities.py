"""Read quantities, 128Mi or 100m, and what a container asks for and may take."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from workbook.schemas import Finding, is_number, mapping, short

BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
QUANTITY = re.compile(
    r"([+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}))"
    r"([KMGTPE]i|[numkMGTPE]?|[eE][+-]?[0-9]{1,2})"
)


def quantity(text: object) -> Fraction | None:
    """Give the number that a quantity stands for, None for what is none: 128MB, 1.5 Gi.

    https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
    """
    if not isinstance(text, str) and not is_number(text):
        return None
    found = QUANTITY.fullmatch(str(text))
    if not found:
        return None
    number, suffix = found.groups()
    if suffix in BINARY:
        return Fraction(number) * Fraction(1024 ** (BINARY.index(suffix) + 1))
    power = POWERS[suffix] if suffix in POWERS else int(suffix[1:])
    scale = Fraction(10 ** abs(power))
    return Fraction(number) * (scale if power >= 0 else 1 / scale)


def resources(where: str, path: str, given: Mapping[str, Any]) -> Iterator[Finding]:
    """Read what a container asks for, and may take."""
    limits, requests = mapping(given, "limits"), mapping(given, "requests")
    yield from amount(where, f"{path}.limits", limits)
    yield from amount(where, f"{path}.requests", requests)
    for key in limits:
        most, least = quantity(limits[key]), quantity(requests.get(key))
        if most is not None and least is not None and most < least:
            text = f"{path}: requests {short(requests[key])} of {short(key)}, "
            text += f"more than its limit of {short(limits[key])}"
            yield Finding("limit-below-request", where, text)


def amount(where: str, path: str, given: Mapping[str, Any]) -> Iterator[Finding]:
    """Read quantities: each a number that is not negative, of memory whole bytes."""
    for key, value in given.items():
        number = quantity(value)
        if number is None or number < 0:
            yield Finding(
                "bad-quantity", where, f"{path}.{short(key)}: {short(value)} is no quantity"
            )
        elif str(key).endswith(("memory", "storage")) and number.denominator > 1:
            yield Finding(
                "bad-quantity",
                where,
                f"{path}.{short(key)}: {short(value)} is a fraction of a byte",
            )
