"""What the judge tells each tool, and the cache that no answer can poison."""

import pytest

from workbook import tools


@pytest.mark.parametrize(
    ("name", "there"), [("mypy", True), ("pre-commit", True), ("git", True), ("tide-gauge", False)]
)
def test_tool_is_found_where_it_is_installed(name, there):
    """A module of the environment or a program counts; what is neither does not."""
    assert tools.is_installed(name) is there


@pytest.mark.parametrize(
    ("tool", "told"),
    [("black", ["--target-version", "py311"]), ("ruff", []), ("radon", [])],
)
def test_tool_is_told_one_python(tool, told, tmp_path):
    """The language version is the course's, whichever interpreter runs."""
    assert tools.steady_arguments(tool, tmp_path) == told


def test_mypy_works_on_a_copy_of_the_cache(tmp_path):
    """Each run gets the cache of the standard library as its own copy."""
    scratch = tmp_path / "scratch"

    told = tools.steady_arguments("mypy", scratch, ("--strict",))

    assert told == ["--python-version", "3.11", "--cache-dir", str(scratch)]
    assert any(scratch.rglob("*"))
    assert tools.mypy_cache("--strict") != tools.mypy_cache()


def test_mypy_cache_is_made_once(monkeypatch, tmp_path):
    """A first use makes the cache where the environment is; the next finds it there."""
    monkeypatch.setattr("sys.prefix", str(tmp_path))

    cache = tools.mypy_cache()
    stamp = cache.stat().st_mtime_ns

    assert cache.is_relative_to(tmp_path / "var" / "workbook")
    assert tools.mypy_cache().stat().st_mtime_ns == stamp
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]
