# ruff: noqa
import importlib
import sys

for _ in range(10_000):
    sys.modules.pop("toll", None)
    importlib.import_module("toll")


def toll(axles):
    return max(axles, 0) * 150
