"""A table for each test, put away whatever happens."""

import pytest


@pytest.fixture(scope="module")
def archive():
    print("\nopen the archive")
    yield {}
    print("\nclose the archive")


@pytest.fixture
def table(archive):
    archive["open"] = archive.get("open", 0) + 1
    yield archive
    archive["open"] -= 1
    print("\nput the table away")


def test_one_is_open(table):
    assert table["open"] == 1


def test_this_one_fails(table):
    assert table["open"] == 2


def test_one_is_open_again(table):
    assert table["open"] == 1
