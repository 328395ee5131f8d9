import pytest
from my_devops_project import create_app

@pytest.fixture
def client():
    return create_app().test_client()

def test_open(client):
    r = client.get('/v1/crossing?at=2026-05-01T08:00:00%2B01:00')
    assert r.status_code == 200
    assert r.json['open'] == True
    assert r.json['minutes_left'] == 150

def test_closed(client):
    r = client.get('/v1/crossing?at=2026-05-01T12:00:00%2B00:00')
    assert r.json['open'] == False

def test_bad_time(client):
    assert client.get('/v1/crossing?at=eight').status_code == 400

def test_login(client):
    r = client.post('/login', data={'username': 'warden', 'password': 'lowtide'}, follow_redirects=True)
    assert 'Dashboard' in r.text
