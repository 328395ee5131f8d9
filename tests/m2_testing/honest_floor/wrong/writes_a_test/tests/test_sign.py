"""Tests of the sign. Not yours to change here: what they reach is to be told truly."""

from causeway_sign.alarm import call_warden
from causeway_sign.board import headline, panel


class Working:
    def send(self, message):
        self.sent = message


def test_headline_counts_down():
    assert headline(5) == "LAST 5 MIN"


def test_closed_road_has_no_minutes():
    assert headline(None) == "ROAD CLOSED"


def test_long_line_is_cut():
    assert panel(["THE ROAD IS UNDER WATER"]) == "THE ROAD IS UNDER W~"


def test_warden_is_called():
    radio = Working()

    assert call_warden([radio], "dark")
    assert radio.sent == "dark"


class Broken:
    def send(self, message):
        raise ConnectionError


def test_silent_radios():
    assert not call_warden([Broken()], "dark")
