"""The service whose tests module 2 asks for at three levels."""

import pytest

from workbook.course import ROOT

HANDED_OUT = ROOT / "exercises/m2_testing/right_level"
JUDGES = ROOT / "tests/m2_testing/right_level/service"


@pytest.mark.parametrize("name", ["windows.py", "sign.py", "serve.py"])
def test_judges_service_is_the_one_that_is_handed_out(name):
    """Tests that pass on a desk pass before the judge: both have the same service."""
    assert (JUDGES / name).read_bytes() == (HANDED_OUT / name).read_bytes()
