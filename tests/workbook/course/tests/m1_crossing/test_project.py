"""Grade *Take the running example a step on*."""

import pytest

pytestmark = [pytest.mark.needs("git", "ruff")]


@pytest.mark.hint("Which file does the running example lack?")
def test_it_runs(submission):
    """The running example runs."""
    assert "src/app.py" in submission.files, "There is no src/app.py."
    said = submission.evaluate(
        "app.main()", setup="import sys\nsys.path.insert(0, 'src')\nimport app"
    )

    assert said in ("running", "still running")
