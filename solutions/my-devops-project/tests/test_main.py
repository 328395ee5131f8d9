"""Tests of Causeway over HTTP, with the clock held still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from my_devops_project import create_app
from my_devops_project.settings import Settings, read_settings

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def client_at(now: datetime = NOON, settings: Settings | None = None) -> FlaskClient:
    """Build a client of an application for which it is *now*."""
    settings = settings or Settings(session_key="for these tests only")
    return create_app(lambda: now, settings).test_client()


def test_open_window_counts_down() -> None:
    """While the road is dry the driver learns until when."""
    answer = client_at().get("/v1/crossing?at=2026-05-01T08:00:00%2B01:00").get_json()

    assert answer == {
        "at": "2026-05-01T07:00:00+00:00",
        "open": True,
        "minutes_left": 150,
        "window": {"opens": "2026-05-01T06:10:00+00:00", "closes": "2026-05-01T09:30:00+00:00"},
    }


def test_between_windows_is_closed() -> None:
    """While the road is under water the next window is told, and no minutes."""
    answer = client_at().get("/v1/crossing").get_json()

    assert answer["open"] is False
    assert answer["minutes_left"] is None
    assert answer["window"]["opens"] == "2026-05-01T18:36:00+00:00"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [("06:09:59", False), ("06:10:00", True), ("09:29:59", True), ("09:30:00", False)],
)
def test_window_is_half_open(moment: str, is_open: bool) -> None:
    """The opening minute belongs to the window, the closing one to the sea."""
    answer = client_at().get(f"/v1/crossing?at=2026-05-01T{moment}Z").get_json()

    assert answer["open"] is is_open


def test_margin_shortens_both_ends() -> None:
    """A margin of 15 minutes opens later and closes earlier."""
    client = client_at(settings=Settings(margin=timedelta(minutes=15)))

    answer = client.get("/v1/crossing?at=2026-05-01T06:20Z").get_json()

    assert answer["open"] is False
    assert answer["window"] == {
        "opens": "2026-05-01T06:25:00+00:00",
        "closes": "2026-05-01T09:15:00+00:00",
    }


@pytest.mark.parametrize("text", ["2026-05-01T08:00:00", "eight", "", "0001-01-01T00:00%2B01:00"])
def test_time_without_offset_is_refused(text: str) -> None:
    """A time that does not name one instant is the caller's mistake."""
    response = client_at().get(f"/v1/crossing?at={text}")

    assert response.status_code == 400
    assert "offset" in response.get_json()["error"]


@pytest.mark.parametrize("path", ["/readyz", "/v1/crossing"])
def test_expired_table_answers_nobody(path: str) -> None:
    """From the minute the table expires nobody is told to drive."""
    response = client_at(datetime(2026, 5, 15, tzinfo=UTC)).get(path)

    assert response.status_code == 503


@pytest.mark.parametrize(
    "content",
    [
        "",
        "windows: []",
        "expires: tomorrow\nwindows: []",
        "expires: 2026-05-15T00:00:00\nwindows: []",
        "expires: 2026-05-15T00:00:00Z\nwindows: [{opens: 2026-05-01T06:10:00Z}]",
    ],
)
def test_malformed_table_answers_nobody(tmp_path: Path, content: str) -> None:
    """A table that nobody can read is no table."""
    table = tmp_path / "tides.yaml"
    table.write_text(content, encoding="utf-8")

    response = client_at(settings=Settings(table=table)).get("/v1/crossing")

    assert response.status_code == 503


def test_missing_table_is_alive_but_not_ready(tmp_path: Path) -> None:
    """Without a table the process lives, and nobody should be sent to it."""
    client = client_at(settings=Settings(table=tmp_path / "none.yaml"))

    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_table_is_for_who_has_the_key() -> None:
    """Only the key opens the table; without one configured nothing does."""
    client = client_at(settings=Settings(tide_api_key="k"))

    assert client.get("/v1/tides", headers={"X-Api-Key": "k"}).status_code == 200
    assert client.get("/v1/tides", headers={"X-Api-Key": "x"}).status_code == 401
    assert client_at().get("/v1/tides", headers={"X-Api-Key": ""}).status_code == 401


def test_login_leads_to_the_dashboard() -> None:
    """The warden logs in and sees the day's windows."""
    settings = Settings(warden_password="low", session_key="s")  # noqa: S106 - made up here
    client = client_at(settings=settings)

    page = client.post(
        "/login", data={"username": "warden", "password": "low"}, follow_redirects=True
    )

    assert "Dashboard" in page.text
    assert "06:10 to 09:30 UTC" in page.text


@pytest.mark.parametrize(("username", "password"), [("warden", ""), ("admin", "low"), ("", "")])
def test_wrong_login_is_refused(username: str, password: str) -> None:
    """Neither a wrong name nor an empty password lets anyone in."""
    client = client_at()

    response = client.post("/login", data={"username": username, "password": password})

    assert response.status_code == 401
    assert client.get("/dashboard").headers["Location"] == "/login"


@pytest.mark.parametrize("margin", ["-5", "1.5", "ten", "", "99999"])
def test_margin_that_makes_no_sense_is_told_at_start(margin: str) -> None:
    """A margin that is no whole number stops the start, with the reason."""
    with pytest.raises(ValueError, match="SAFETY_MARGIN_MIN"):
        read_settings({"SAFETY_MARGIN_MIN": margin})
