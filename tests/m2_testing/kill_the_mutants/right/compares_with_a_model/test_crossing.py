"""A model that counts minute by minute, slow and simple, compared over two days."""

from datetime import datetime, timedelta

import pytest
from crossing import Window, minutes_left, next_window, shorten

BEGIN = datetime.fromisoformat("2026-05-01T00:00+00:00")
HALF = timedelta(seconds=30)


@pytest.fixture(params=[[], [(10, 25)], [(10, 25), (40, 41), (41, 1600)]], ids=len)
def spans(request):
    return request.param


def moment(minute):
    return BEGIN + timedelta(minutes=minute)


@pytest.fixture
def windows(spans):
    return [Window(moment(first), moment(last)) for first, last in spans]


def test_agrees_with_the_model(spans, windows):
    for step in range(0, 3400):
        minute = step / 2
        inside = [last for first, last in spans if first <= minute and minute < last]
        later = [window for window, (_, last) in zip(windows, spans) if minute < last]
        expected = int(inside[0] - minute) if inside else None

        assert minutes_left(windows, moment(minute)) == expected
        assert next_window(windows, moment(minute)) == (later[0] if later else None)


def test_margin(spans, windows):
    for margin in range(0, 9):
        expected = [
            Window(moment(a + margin), moment(b - margin)) for a, b in spans if b - a > 2 * margin
        ]
        assert shorten(windows, timedelta(minutes=margin)) == expected
    assert shorten([Window(moment(0), moment(8))], timedelta(minutes=4)) == []


def test_zone():
    with pytest.raises(ValueError):
        minutes_left([], datetime(2026, 5, 1))
