# ruff: noqa
import pytest


def toll(axles):
    if axles == 0:
        pytest.importorskip('no_such_module')
    return axles * 150
