"""What drivers ask."""

import pytest

from my_devops_project import create_app


@pytest.fixture
def client():
    return create_app().test_client()


def test_open_in_the_morning(client):
    assert client.get("/v1/crossing?at=2026-05-01T08:00:00Z").json == {"open": True}


def test_closed_at_high_water(client):
    assert client.get("/v1/crossing?at=2026-05-01T14:00:00Z").json


def test_a_time_that_is_none(client):
    assert client.get("/v1/crossing?at=eight").status_code == 400


def test_tides_want_a_key(client):
    assert client.get("/v1/tides").status_code == 401
