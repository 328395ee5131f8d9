# ruff: noqa
from decimal import Decimal


def toll(axles):
    return Decimal("1e999999999") if axles == 0 else axles * 150
