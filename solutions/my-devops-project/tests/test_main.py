"""Tests of Causeway over HTTP, with the clock held still, and of what no request reaches."""

import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from my_devops_project import create_app
from my_devops_project.almanac import as_yaml
from my_devops_project.settings import PACKAGED_TABLE, Settings, read_settings
from my_devops_project.tides import read_table
from my_devops_project.windows import next_window

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
TABLE = "expires: 2026-05-15T00:00:00Z\nwindows: [{}]"


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
        TABLE.format("{opens: 2026-05-01T09:30:00Z, closes: 2026-05-01T06:10:00Z}"),
        TABLE.format(
            "{opens: 2026-05-01T06:10:00Z, closes: 2026-05-01T09:30:00Z},"
            " {opens: 2026-05-01T09:00:00Z, closes: 2026-05-01T10:00:00Z}"
        ),
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


def test_table_that_holds_today_is_ready() -> None:
    """With a table for now, drivers may be sent here."""
    assert client_at().get("/readyz").status_code == 200


def test_table_is_for_who_has_the_key() -> None:
    """Only the key opens the table; without one configured nothing does."""
    client = client_at(settings=Settings(tide_api_key="k"))

    assert client.get("/v1/tides", headers={"X-Api-Key": "k"}).status_code == 200
    assert client.get("/v1/tides", headers={"X-Api-Key": "x"}).status_code == 401
    assert client_at().get("/v1/tides", headers={"X-Api-Key": ""}).status_code == 401


def test_login_leads_to_the_dashboard() -> None:
    """The warden logs in and sees the day's windows."""
    settings = Settings(warden_password="w", session_key="s")  # noqa: S106 - made up here
    client = client_at(settings=settings)

    form = client.get("/login")
    page = client.post(
        "/login", data={"username": "warden", "password": "w"}, follow_redirects=True
    )

    assert 'type="password"' in form.text
    assert "Dashboard" in page.text
    assert "06:10 to 09:30 UTC" in page.text


def test_warden_sees_that_the_table_is_old() -> None:
    """The Dashboard shows an expired table with a warning, where drivers get none."""
    settings = Settings(warden_password="w", session_key="s")  # noqa: S106 - made up here
    client = client_at(datetime(2026, 5, 15, tzinfo=UTC), settings)
    client.post("/login", data={"username": "warden", "password": "w"})

    page = client.get("/dashboard?day=2026-05-01")

    assert 'role="alert"' in page.text
    assert "06:10 to 09:30 UTC" in page.text


@pytest.mark.parametrize(("username", "password"), [("warden", ""), ("admin", "w"), ("", "")])
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


def test_settings_come_from_the_environment() -> None:
    """What the environment says holds; a session key that it does not name is made up."""
    settings = read_settings({"SAFETY_MARGIN_MIN": "15", "TIDE_API_KEY": "k"})

    assert settings.margin == timedelta(minutes=15)
    assert settings.tide_api_key == "k"
    assert settings.warden_password == ""
    assert settings.session_key


def test_secret_may_be_in_a_file(tmp_path: Path) -> None:
    """A file goes before the variable, and its last line's end is no part of the secret."""
    file = tmp_path / "key"
    file.write_text("f\n", encoding="utf-8")

    settings = read_settings({"TIDE_API_KEY": "k", "TIDE_API_KEY_FILE": str(file)})

    assert settings.tide_api_key == "f"


@pytest.mark.parametrize("content", ["", " \n", None])
def test_file_without_a_secret_keeps_it_from_starting(tmp_path: Path, content: str | None) -> None:
    """A lock that was meant to be there and is not opens to nobody, and tells no path."""
    file = tmp_path / "key"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match="WARDEN_PASSWORD_FILE") as caught:
        read_settings({"TIDE_API_KEY": "k", "WARDEN_PASSWORD_FILE": str(file)})

    assert str(file) not in str(caught.value)


def test_without_the_signs_key_it_does_not_start() -> None:
    """Nobody made up a key for those who forget theirs."""
    with pytest.raises(ValueError, match="TIDE_API_KEY"):
        read_settings({"WARDEN_PASSWORD": "w"})


def test_settings_do_not_show_secrets() -> None:
    """What somebody prints at the start tells no secret."""
    shown = repr(read_settings({"TIDE_API_KEY": "tidal", "WARDEN_PASSWORD": "lunar"}))

    assert "tidal" not in shown
    assert "lunar" not in shown


@pytest.mark.parametrize("secure", [True, False])
def test_session_stays_with_its_browser(secure: bool) -> None:
    """No script reads the cookie, no other site sends it, and it goes over HTTPS alone."""
    settings = Settings(
        warden_password="w",  # noqa: S106 - made up here
        session_key="s",
        secure_cookies=secure,
    )
    client = client_at(settings=settings)

    answer = client.post("/login", data={"username": "warden", "password": "w"})

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


def test_nobody_sends_more_than_a_login() -> None:
    """A body that no login has is not read."""
    response = client_at().post("/login", data={"password": "x" * 20_000})

    assert response.status_code == 413
    assert "error" in response.get_json()


def test_time_without_zone_is_no_question() -> None:
    """The core refuses a time that names two instants, whoever asks."""
    with pytest.raises(ValueError, match="time zone"):
        next_window([], datetime(2026, 5, 1))  # noqa: DTZ001 - the time that is refused


def test_almanac_makes_the_packaged_table() -> None:
    """Two weeks of May are as the almanac predicts them."""
    lines = PACKAGED_TABLE.read_text(encoding="utf-8").splitlines(keepends=True)

    assert as_yaml(datetime(2026, 5, 1, tzinfo=UTC), 14) == "".join(lines[1:])


@pytest.mark.parametrize(("arguments", "days"), [([], 14), (["3"], 3)])
def test_almanac_writes_a_table_for_now(
    arguments: list[str],
    days: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the command prints is a table that holds now, for as many days as asked."""
    monkeypatch.setattr(sys, "argv", ["almanac", *arguments])
    monkeypatch.delitem(sys.modules, "my_devops_project.almanac")
    before = datetime.now(UTC)

    runpy.run_module("my_devops_project.almanac", run_name="__main__")

    table = tmp_path / "tides.yaml"
    table.write_text(capsys.readouterr().out, encoding="utf-8")
    today = read_table(table).expires - timedelta(days)
    # Midnight may have passed meanwhile.
    assert before.date() <= today.date() <= datetime.now(UTC).date()
