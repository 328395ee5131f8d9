import pytest


@pytest.mark.slwo
def test_a_whole_year():
    assert sum(range(366)) == 66795


@pytest.mark.xfail(reason="the margin is not cut yet")
def test_margin():
    assert True
