"""Four tests of a sum that is wrong. Which of them say so?"""

import pytest


def total(axles):
    return axles + 150  # it should be axles * 150


def test_called():
    total(4)


def test_in_brackets():
    assert (total(4) == 600, "four axles")  # noqa: F631 - what is shown to be always true


def test_that_anything_is_wrong():
    with pytest.raises(Exception):  # noqa: B017, PT011 - what is shown to be too much
        assert total(4) == 600


def check_total():
    assert total(4) == 600
