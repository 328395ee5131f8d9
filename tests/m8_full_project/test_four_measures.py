"""Grade *Four measures, and a fifth*: the five functions over months that are not May."""

import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

HOUR = timedelta(hours=1)
months = SimpleNamespace(
    **runpy.run_path(str(Path(__file__).with_name("four_measures") / "months.py"))
)


@pytest.mark.points(2)
@pytest.mark.hint(
    "What has to be true of a row before a driver could notice anything of it?",
    "Which of two moments is earlier: 00:30+02:00, or 23:30 of the day before in UTC?",
    "Moments with offsets: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects",
)
def test_frequency_counts_what_reached_production(submission, advise):
    """Deployment frequency counts each change of production once, in the period it fell into."""
    gave = asked(submission, "deployment_frequency")

    advise(gave[0] in (4 / 30, 5 / 30, 6 / 30), "What runs on the server after a rollback: the "
           "same as before it?")  # fmt: skip
    advise(gave[1] != 4 / 30, "Who drives across on staging?")
    advise(gave[2] != 2 / 30, "How do you tell which of two moments was first, when one clock is "
           "an hour ahead?")  # fmt: skip
    advise(gave[3] != 4 / (743 / 24), "How many hours has a March in which the clocks change?")
    hold("deployment_frequency", gave)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Who waits for a change, and from when until when?",
    "A change has as many rows as it was deployed. Which row answers the question?",
    "What DORA means by it: https://dora.dev/guides/dora-metrics/",
)
def test_lead_time_is_a_change_s_way_to_production(submission, advise):
    """Change lead time is the median, over changes, from commit to first deployment."""
    gave = asked(submission, "change_lead_time")

    advise(gave[0] == HOUR, "The change was merged an hour before it went out. Since when had "
           "somebody been waiting for it?")  # fmt: skip
    advise(gave[0] in (79 * HOUR / 3, HOUR * 5 / 3), "One of three waited for days. Which of the "
           "three does your figure tell of?")  # fmt: skip
    advise(gave[1] in (2 * HOUR, 10 * HOUR), "Two values have no one in the middle. Which does "
           "the team's paper take?")  # fmt: skip
    advise(gave[2] not in (3 * HOUR, None), "It was in production on the first day. What did the "
           "second deployment of it bring to a driver?")  # fmt: skip
    advise(gave[3] != 4 * HOUR, "When did a driver see that change for the first time?")
    advise(gave[4] != 4 * HOUR, "At which of its stations could a driver see it?")
    advise(gave[5] != 4 * HOUR, "The month brought five changes. How many times does your median "
           "have?")  # fmt: skip
    advise(gave[6] != 3 * HOUR, "What time was it in UTC when that was committed?")
    hold("change_lead_time", gave)


@pytest.mark.points(3)
@pytest.mark.hint(
    "What stands below the line, what above it, and can it be more than one?",
    "Why it is about deployments alone: https://dora.dev/guides/dora-metrics/history/",
)
def test_fail_rate_is_a_share_of_deployments(submission, advise):
    """Change fail rate is the share of the deployments that caused a failure."""
    gave = asked(submission, "change_fail_rate")

    advise(gave[1] == 0.5, "The wardens had a letter a week before. What failed?")
    advise(gave[2] == 0.5, "The power was cut. Which deployment should have been done otherwise?")
    advise(gave[3] == 0.75, "One deployment went wrong. How many does your figure say?")
    advise(gave[4] != 0.75, "It is not mended. Did it not fail, then?")
    advise(gave[5] != 0.0, "Whose failures are those, in a share of what June brought to drivers?")
    advise(gave[6] != 0.0, "On 1 July, who could have known?")
    advise(gave[7] != 0.125, "Can a hotfix fail?")
    hold("change_fail_rate", gave)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Take each failed deployment by itself: when did it begin to hurt, when had it all ended?",
    "How long has something lasted that has not ended?",
    "Why it is about deployments alone: https://dora.dev/guides/dora-metrics/history/",
)
def test_recovery_time_counts_every_failed_deployment(submission, advise):
    """Failed deployment recovery time is a median that open failures count in too."""
    gave = asked(submission, "failed_deployment_recovery_time")

    advise(gave[0] == 11 * HOUR, "One of three nights was long. Which of the three does your "
           "figure tell of?")  # fmt: skip
    advise(gave[1] == HOUR, "The worst one is open. Which place does it take among the three?")
    advise(gave[1] == 2 * HOUR, "The worst failure of the month is open. What did it do to your "
           "figure: nothing?")  # fmt: skip
    advise(gave[1] != 3 * HOUR or gave[2] != 4 * HOUR, "Will the report of June say the same when "
           "somebody draws it up again in August?")  # fmt: skip
    advise(
        gave[3] != 2 * HOUR,
        "It was announced, and ended as announced. Who recovered from what?",
    )
    advise(gave[4] != 2 * HOUR, "The power was cut. Which deployment does one recover from?")
    advise(gave[5] != 5 * HOUR, "When did the first driver notice that deployment, and when the "
           "last?")  # fmt: skip
    advise(gave[6] != HOUR, "Whom did that failure keep waiting, and in whose June?")
    hold("failed_deployment_recovery_time", gave)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Would this deployment have taken place if nothing had happened in production?",
    "A note says what somebody called it. Which columns say why it was done?",
)
def test_rework_is_unplanned_and_made_necessary(submission, advise):
    """Deployment rework rate counts what was not planned and what an incident made necessary."""
    gave = asked(submission, "deployment_rework_rate")

    advise(gave[0] == 0.375, "One too many. Which one was planned, or which had no incident?")
    advise(gave[1] == 0.0, "Nobody had planned to go back to the old version. Was that no work?")
    advise(gave[0] not in (0.25, 0.375), "By what do you know that one was rework: by its name?")
    hold("deployment_rework_rate", gave)


@pytest.mark.points(2)
@pytest.mark.hint(
    "What is the share of the failed ones among none, and what would zero per cent say?"
)
def test_where_nothing_is_there_is_no_figure(submission, advise):
    """Where there is nothing to take a share or a median of, the answer is None."""
    calls = [(name, *given) for name, given in months.EMPTY.items()]
    gave = answers(submission, "ask", calls)

    odd = {name: each for name, each in zip(months.EMPTY, gave, strict=True) if each is not None}
    advise(any(each in (0, timedelta(0)) for each in odd.values()), "The team did nothing all "
           "month, and has the best figure of all. What did you measure?")  # fmt: skip
    advise(any(str(each).startswith("raised") for each in odd.values()), "What does the report "
           "of a quiet month look like?")  # fmt: skip
    told = "; ".join(f"{name} {worded(each)}" for name, each in odd.items())
    assert not odd, f"With nothing to measure: {told}. Expected None."


@pytest.mark.points(1)
@pytest.mark.hint(
    "What else could use the same rows after you, and in which order were they sorted?"
)
def test_rows_are_read_only_and_in_any_order(submission, advise):
    """The rows may come in any order, and stay as they were."""
    gave = answers(submission, "ask_in_every_order", months.TURNED)

    names = [name for name, *_ in months.TURNED]
    turned = sorted({name for name, each in zip(names, gave, strict=True) if each[:1] != (True,)})
    changed_by = sorted(
        {name for name, each in zip(names, gave, strict=True) if each[1:] != (True,)}
    )
    advise(turned, "Which row do you meet first when the newest stands on top?")
    advise(changed_by, "Who asks after you finds other rows. Which line changes them?")
    assert not turned, f"{', '.join(turned)} depends on the order of the rows. Expected no order."
    assert not changed_by, f"{', '.join(changed_by)} changes the rows. Expected them as they were."


def asked(submission, name):
    """Ask the function *name* all its cases at once."""
    calls = [(name, *arguments) for arguments, _ in months.CASES[name].values()]
    return answers(submission, "ask", calls)


def answers(submission, ask, calls):
    """Give an answer for each call, all of them out of one process."""
    # Its own class of moments stands for ours there.
    setup = f"{months.SETUP}\ncalls = {calls!r}".replace("datetime.datetime(2", "Still(2")
    gave = submission.evaluate(f"[{ask}(*each) for each in calls]", setup=setup)
    whole = isinstance(gave, list) and len(gave) == len(calls)
    assert whole, f"{calls[0][0]}: {gave!r:.80}. Expected a timedelta, a number or None."
    return gave


def hold(name, gave):
    """Hold what came back against what each case is."""
    for (words, (_, expected)), found in zip(months.CASES[name].items(), gave, strict=True):
        assert same(found, expected), (
            f"With {words} {name} {worded(found)}. Expected {worded(expected, '')}."
        )


def same(found, expected):
    """Whether a figure is the expected one; a share may be off by a rounding."""
    if isinstance(expected, float):
        return isinstance(found, float) and abs(found - expected) < 1e-9
    return type(found) is type(expected) and found == expected


def worded(value, verb="gave "):
    """Show a figure."""
    if isinstance(value, str) and value.startswith("raised "):
        return value
    if isinstance(value, timedelta):
        return f"{verb}{value / HOUR:.4g} h"
    return f"{verb}{value:.4g}" if isinstance(value, float) else f"{verb}{str(value)[:80]}"
