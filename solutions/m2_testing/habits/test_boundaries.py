from datetime import UTC, datetime

import pytest
from my_devops_project.windows import Window, minutes_left


def at(clock):
    return datetime.fromisoformat(f"2026-05-01T{clock}+00:00").astimezone(UTC)


MORNING = Window(at("06:10"), at("09:30"))


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        pytest.param("06:09:59", None, id="just before it opens"),
        pytest.param("06:10:00", 200, id="as it opens"),
        pytest.param("09:29:59", 0, id="the last second"),
        pytest.param("09:30:00", 0, id="as it closes"),
    ],
)
def test_minutes_left(moment, left):
    assert minutes_left([MORNING], at(moment)) == left
