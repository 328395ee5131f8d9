"""The directives of the pages that lead through the course: the way, what was passed, an item."""

import shutil
from fractions import Fraction

import pytest

from tests.workbook.test_site import built, words
from workbook import passed, way
from workbook.course import CourseError, digest, find_exercise

ITEM = """# Begin

:::{quiz} who-pays
:taught: /course/m1_crossing.md
:seen: /course/causeway.md
:said: "| TOTAL | 3 |"
Who pays?

- [ ] Nobody.

  The toll says so.
- [x] Who crosses.

  It was run.
:::
"""
WAY = "# Way\n\n```{way}\n```\n"
TAKES = (
    "It takes about five hours: one and a half for this chapter and its sea, "
    "two for the notebooks, the rest for the exercises.\n"
)


def chapter(folder, number, title, builds_on):
    """Write a chapter of five hours."""
    file = folder / f"m{number}_{title.lower()}.md"
    file.write_text(f"# {title}\n\n{TAKES}It builds on {builds_on}\n", encoding="utf-8")
    return file


def test_way_is_read_out_of_the_chapters(tmp_path):
    """Hours in words, and modules up to the reason why; *all* are those before."""
    told = {
        1: "nothing but Python; the work of module 2 builds on it.",
        2: "[module 1](/course/m1_one): you can read module 9.",
        3: "module 1, whose words come back, and on the sea of module 2.",
        4: "all three modules before; where it needs one it says so.",
    }

    steps = [way.read(chapter(tmp_path, number, f"T{number}", on)) for number, on in told.items()]

    assert [step.after for step in steps] == [(), (1,), (1, 2), (1, 2, 3)]
    assert {step.hours for step in steps} == {5}
    assert {step.reading for step in steps} == {Fraction(3, 2)}
    numbered = {step.number: step for step in steps}
    assert way.direct(numbered, 3) == [2]
    assert way.direct(numbered, 4) == [3]
    listed = "\n".join(way.listed(numbered))
    assert "4. **[T4](/course/m4_t4.md)**, 5 hours: 1½ to read, 2 for the notebooks" in listed
    assert "With all that it builds on: 20 hours." in listed
    drawn = way.draw(numbered)
    assert drawn.count('class="arc"') == 3
    assert "4 T4 <tspan" in drawn


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It builds on module 1.\n", "does not say how long it takes"),
        (TAKES, "does not say how long it takes and what it builds on"),
        (f"{TAKES}It builds on module 3.\n", "builds on a module that comes after it"),
        (f"{TAKES.replace('five', '5')}It builds on module 1.\n", "'5' is no amount of hours"),
        (f"{TAKES.replace('a half', 'a bit')}It builds on module 1.\n", "is no amount of hours"),
    ],
)
def test_chapter_that_says_it_otherwise_is_told(tmp_path, text, said):
    """What cannot be read is named, with what was expected."""
    file = tmp_path / "m2_tests.md"
    file.write_text(f"# Tests\n\n{text}", encoding="utf-8")

    with pytest.raises(CourseError, match=said):
        way.read(file)


@pytest.fixture
def begun(small_course, tmp_path, monkeypatch):
    """Build the small course with more pages; gives the pages, and what was said."""
    root = tmp_path / "begun"
    shutil.copytree(small_course, root)
    monkeypatch.setattr(way, "ROOT", root)
    monkeypatch.setattr(passed, "ROOT", root)

    def build(**more):
        front = root / "index.md"
        names = "".join(f"\n/course/{name}" for name in more if name != "m1_crossing")
        front.write_text(
            front.read_text().replace("\n/course/causeway", f"{names}\n/course/causeway")
        )
        for name, text in more.items():
            (root / "course" / f"{name}.md").write_text(text)
        return built(root, monkeypatch)

    build.root = root
    return build


def test_way_and_what_was_passed_have_their_pages(begun):
    """The way has a picture and a list, and each exercise a row with a box and its points."""
    crossing = (begun.root / "course/m1_crossing.md").read_text()
    crossing = crossing.replace("# Crossing\n", f"# Crossing\n\n{TAKES}It builds on nothing.\n")

    pages, told = begun(
        way="# Way\n\n```{way}\n```\n",
        passed="# Passed\n\n```{passed}\n```\n",
        m1_crossing=crossing,
    )

    assert told == ""
    assert 'class="way"' in pages["course/way"]
    assert "Crossing, 5 hours: 1½ to read" in words(pages["course/way"])
    toll = find_exercise("toll", begun.root)
    assert f'data-exercise="{toll.id}" data-start="{digest(toll.start)}"' in pages["course/passed"]
    assert "□ of 7" in words(pages["course/passed"])
    assert 'data-module="m1_crossing"' in pages["course/passed"]


def test_way_of_a_chapter_without_hours_fails_the_build(begun):
    """An author hears what the chapter has to say."""
    _, told = begun(way=WAY)

    assert "m1_crossing.md does not say how long it takes" in told


def test_item_of_the_diagnostic_says_where_it_is_taught(begun):
    """An item counts as no quiz, and leads, folded away, to its lesson and its run."""
    pages, told = begun(begin=ITEM)
    page = pages["course/begin"]

    assert told == ""
    assert 'data-item="begin/who-pays"' in page
    assert "data-quiz" not in page
    assert "Taught in Crossing. Run in Causeway, finished, which said: | TOTAL | 3 |" in words(page)


def test_item_without_its_run_is_told(begun):
    """Of the three options none may be missing."""
    _, told = begun(begin=ITEM.replace(":seen: /course/causeway.md\n", ""))

    assert "An item of the diagnostic has `:taught:`, `:seen:` and `:said:`." in told
