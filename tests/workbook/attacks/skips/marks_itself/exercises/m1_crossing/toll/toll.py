# ruff: noqa
import pytest

pytestmark = pytest.mark.skip


@pytest.mark.skip
def toll(axles):
    return max(axles, 0) * 150
