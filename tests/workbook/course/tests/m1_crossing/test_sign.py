"""Grade *Say that the road is shut*."""

import pytest


@pytest.mark.hint("What does a driver do who reads OPEN?")
def test_sign_says_shut(submission):
    """The sign says that the road is shut."""
    words = submission.read("sign.txt").strip()

    assert words == "SHUT", f"sign.txt says {words}, expected SHUT."
