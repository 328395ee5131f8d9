import pytest
from flask.testing import FlaskClient

from my_devops_project import create_app


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


def test_open(client: FlaskClient) -> None:
    response = client.get("/v1/crossing?at=2026-05-01T08:00:00%2B01:00")
    assert response.status_code == 200
    assert (response.json or {})["open"] is True
    assert (response.json or {})["minutes_left"] == 150


def test_closed(client: FlaskClient) -> None:
    response = client.get("/v1/crossing?at=2026-05-01T12:00:00%2B00:00")
    assert (response.json or {})["open"] is False


def test_bad_time(client: FlaskClient) -> None:
    assert client.get("/v1/crossing?at=eight").status_code == 400


def test_login(client: FlaskClient) -> None:
    response = client.post(
        "/login", data={"username": "warden", "password": "lowtide"}, follow_redirects=True
    )
    assert "Dashboard" in response.text
