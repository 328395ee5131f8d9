"""The tools of the lessons on documentation: what they measure, and what they refuse to."""

import re

import pytest

from solutions.m6_documentation.builds import boundary, contrast, faults, runbook, told
from workbook.course import ROOT

LESSON = ROOT / "solutions/m6_documentation"
TIMES = (LESSON / "handbook/harbour/times.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "#ffffff", 21.0), ("#1f6391", "#1f6391", 1.0), ("#767676", "#fff", 4.54)],
)
def test_contrast_is_as_wcag_defines_it(one, other, ratio):
    """Black on white is 21, a colour on itself 1, and the grey that just passes on white 4.54."""
    assert contrast.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast.contrast(one, other) == contrast.contrast(other, one)


def test_the_last_rule_gives_the_colour():
    """A later rule for the same selector wins; one for a longer selector is another's."""
    css = "a,b{color:#111}main a{color:#222}a{background-color:#333;color:#444}"

    assert contrast.colour_of(css, "a") == "#444"
    assert contrast.colour_of(css, "b") == "#111"
    with pytest.raises(LookupError):
        contrast.colour_of(css, "main")


def test_an_example_notices_only_what_it_reaches():
    """The harbour's docstring holds as the code stands, and no longer when the code is changed."""
    [docstring] = re.findall('"""(Give.*?)"""', TIMES, re.DOTALL)
    name = "harbour.times.latest_start"

    assert not boundary.noticed(TIMES, name, docstring)
    assert boundary.noticed(TIMES, name, docstring, "on_the_way < closes", "on_the_way <= closes")
    assert not boundary.noticed(TIMES, name, "No example.", "metres / 1000", "metres")
    with pytest.raises(ValueError, match="expected it once"):
        boundary.noticed(TIMES, name, docstring, "is not there", "")


def test_a_fault_that_finds_no_place_is_told(tmp_path):
    """A tree that has changed cannot make a fault nothing."""
    (tmp_path / "page.md").write_text("text", encoding="utf-8")

    with pytest.raises(ValueError, match="does not hold 'gone'"):
        faults.replace("page.md", "gone", "here")(tmp_path)


def test_a_runbook_stops_where_it_fails(tmp_path, monkeypatch):
    """No block runs after one that failed, an unset variable fails, and other blocks are prose."""
    monkeypatch.chdir(tmp_path)
    text = "```sh\necho one\n```\n```text\nprose\n```\n```sh\necho $UNSET\n```\n```sh\ntouch c\n```"

    assert list(runbook.play(text)) == ["block 1: exit 0, said one", "block 2: exit 2"]
    assert not (tmp_path / "c").exists()


def test_tracebacks_and_places_are_left_out(tmp_path, monkeypatch):
    """Of a traceback the last line stays, of a path what is below the working directory."""
    monkeypatch.chdir(tmp_path)
    said = (
        f"{tmp_path}/a.rst: WARNING: gone\n{tmp_path}/a.rst: WARNING: gone\n"
        "Traceback (most recent call last):\n  File x\n    call()\nValueError: no\n"
        "WARNING: but were not documented: b, a\n"
    )

    assert told.plain(said).splitlines() == [
        "a.rst: WARNING: gone",
        "ValueError: no",
        "WARNING: but were not documented: a, b",
    ]
