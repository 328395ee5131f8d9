"""The page of the finished Causeway explains each of its files, once, and says who made it."""

import re

from workbook.course import ROOT, Exercise
from workbook.references import explained, tree

PAGE = (ROOT / "course/causeway.md").read_text(encoding="utf-8")
TOLD = explained(PAGE[PAGE.index("```{causeway}") :])


def test_every_file_is_explained():
    """The page names each file of the finished project, and none besides."""
    assert sorted(TOLD) == sorted(Exercise(ROOT, "", "project").reference)


def test_each_says_what_for_and_who_made_it():
    """A file has one sentence, and a link to the section or the project that made it."""
    link = r"\[[^]]+\]\(/(course/m\d_\w+\.md(#[\w-]+)?|exercises/m\d_\w+/\w+/README\.md)\)"

    for name, text in TOLD.items():
        assert re.fullmatch(rf"[A-Z][^.]*(\.\w+[^.]*)*\. {link}", text), name


def test_each_link_leads_somewhere():
    """The sections that are linked have their headings."""
    for text in TOLD.values():
        path, _, section = re.search(r"\]\(/([^)#]+)(#?)([\w-]*)\)", text).groups()
        prose = (ROOT / path).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
        slugs = [re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings]
        assert not section or section in slugs, text


def test_the_tree_has_files_before_folders():
    """A folder is named once, after the files that stand beside it."""
    rows = list(tree({"b/c/d": "4.", "z": "1.", "b/x": "2.", "b/c/a": "3."}))

    assert [row.split("]")[0] for row in rows] == [
        "- [`z`", "- `b/`", "  - [`x`", "  - `c/`", "    - [`a`", "    - [`d`",
    ]  # fmt: skip
