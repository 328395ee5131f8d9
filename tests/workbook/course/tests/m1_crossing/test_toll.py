"""Grade *Charge each axle*."""

import pytest

SETUP = "from toll import toll"


@pytest.mark.points(2)
@pytest.mark.hint("What does a lorry of four axles pay?")
@pytest.mark.parametrize(("axles", "pence"), [(1, 150), (2, 300), (4, 600)])
def test_each_axle_is_charged(submission, axles, pence):
    """Each axle is charged."""
    paid = submission.evaluate(f"toll({axles})", setup=SETUP)

    assert paid == pence


@pytest.mark.points(3)
@pytest.mark.hint(
    "Whom does the booth charge when nobody is there?",
    "None: https://docs.python.org/3/library/constants.html#None",
)
def test_nobody_pays_nothing(submission, advise):
    """Without a vehicle there is no toll: None.

    A number would be added to the day's takings.
    """
    paid = submission.evaluate("toll(0)", setup=SETUP)

    advise(paid == 0, "Is a toll of 0 pence the toll of nobody?")
    assert paid is None


@pytest.mark.hint("Which of the four files says what an axle costs?")
def test_tariff_is_told(submission):
    """The tariff says 150 pence, beside hours and sign."""
    pence = submission.toml("tariff.toml")["pence"]
    rest = {**submission.yaml("hours.yaml"), **submission.json("sign.json")}

    assert rest == {"open": "06:10", "sign": "OPEN"}, f"hours and sign say {rest}."
    assert pence == 150, f"tariff.toml says {pence} pence, expected 150."


@pytest.mark.hint("What does ruff say?")
def test_ruff_is_silent(submission):
    """ruff has nothing to report."""
    result = submission.run("ruff", "check", "--isolated", "--no-cache", "toll.py")

    assert result.returncode == 0
