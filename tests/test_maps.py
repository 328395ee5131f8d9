"""The pages that lead through the course keep what they say: links, commands and outputs."""

import json
import re
from functools import cache

import pytest

from workbook.course import ROOT, RUNNING_EXAMPLE

COURSE = ROOT / "course"
MODULES = sorted(path.stem for path in COURSE.glob("m[0-9]_*.md"))
CHAPTERS = {name: (COURSE / f"{name}.md").read_text("utf-8") for name in MODULES}
each_module = pytest.mark.parametrize("module", MODULES)
LINK = re.compile(r"\[[^]]*\]\((/[^)#]+)(?:#([^)]+))?\)")
KINDS = {"why", "concept", "tool", "advice", "example"}


def text(name):
    """Give the text of the page *name* of the course."""
    return (COURSE / f"{name}.md").read_text(encoding="utf-8")


def title(module):
    """Give the heading of a module's chapter."""
    return CHAPTERS[module].partition("\n")[0].removeprefix("# ")


def slug(heading):
    """Name a heading as MyST does in the address of a page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def cells(name):
    """Give the cells of the notebook *name*: each with the heading that it stands under."""
    under, found = "", []
    for cell in json.loads((ROOT / "notebooks" / name).read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            under = [under, *re.findall(r"^#+ (.+)$", source, re.MULTILINE)][-1]
        else:
            outputs = [
                "".join(each.get("text") or each.get("data", {}).get("text/plain", ""))
                for each in cell["outputs"]
            ]
            found.append((slug(under), source, "\n".join(outputs)))
    return found


def said(target):
    """Give what the cells under a notebook's heading said, its white space squeezed."""
    path, anchor = LINK.fullmatch(f"[]({target})").groups()
    outputs = [output for under, _, output in cells(path.rpartition("/")[2]) if under == anchor]
    return " ".join("\n".join(outputs).split())


def ran(target):
    """Give the code under a notebook's heading, and what it said."""
    path, anchor = LINK.fullmatch(f"[]({target})").groups()
    return "\n".join(
        f"{source}\n{output}"
        for under, source, output in cells(path.rpartition("/")[2])
        if under == anchor and output.strip()
    )


def leads_somewhere(path, anchor):
    """Whether a link within the course has its page, and on it the heading that it names."""
    file = ROOT / path.removeprefix("/")
    if not file.exists():
        return False
    if not anchor:
        return True
    if file.suffix == ".ipynb":
        return anchor in {under for under, _, _ in cells(file.name)}
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return anchor in map(slug, headings)


@pytest.mark.parametrize("page", ["diagnostic", "syllabus", "today", "way"])
def test_links_of_a_page_lead_somewhere(page):
    """Each link names a page that is there, and a heading that stands on it."""
    links = LINK.findall(re.sub(r"^:(?:taught|seen): (.+)$", r"[](\1)", text(page), flags=re.M))

    for path, anchor in links:
        assert leads_somewhere(path, anchor), f"{path}#{anchor}"


# The diagnostic


def items():
    """Give the items of the diagnostic: module's title, and the options of each."""
    for part in re.split(r"^## ", text("diagnostic"), flags=re.MULTILINE)[1:]:
        for options in re.findall(r"^:::\{quiz\}.*\n((?::.*\n)*)", part, re.MULTILINE):
            pairs = re.findall(r"^:(\w+): (.+)$", options, re.MULTILINE)
            told = {key: value.strip('"') if value[0] == '"' else value for key, value in pairs}
            yield part.partition("\n")[0], told


def test_diagnostic_has_two_items_for_each_module():
    """Sixteen questions, two of each module, under the chapter's own title."""
    found = [module for module, _ in items()]

    assert found == [title(module) for module in MODULES for _ in range(2)]


ITEMS = [pytest.param(*each, id=each[1]["taught"]) for each in items()]


@pytest.mark.parametrize(("module", "told"), ITEMS)
def test_item_is_taught_in_its_module_and_was_run(module, told):
    """An item leads to its own module's chapter, and a notebook's cell said what it quotes."""
    chapter = told["taught"].partition("#")[0].rpartition("/")[2].removesuffix(".md")

    assert title(chapter) == module
    for option in ("taught", "seen"):
        assert leads_somewhere(*told[option].split("#"))
    assert " ".join(told["said"].split()) in said(told["seen"])


# The map of the syllabus


def rows():
    """Give the rows of the map: module's title, and the cells of each row."""
    for part in re.split(r"^## ", text("syllabus"), flags=re.MULTILINE)[1:]:
        for line in re.findall(r"^\| (.+) \|$", part, re.MULTILINE)[1:]:
            yield part.partition("\n")[0], [cell.strip() for cell in line.split(" | ")]


ROWS = [pytest.param(*each, id=each[1][1]) for each in rows()]


@pytest.mark.parametrize(("module", "row"), ROWS)
def test_row_names_lesson_run_and_exercise(module, row):
    """A row has a kind, what the syllabus has, and a link each to lesson, run and exercise."""
    kind, what, taught, run, practised = row

    assert module
    assert what
    assert kind in KINDS
    for cell, tree in ((taught, "/course/"), (run, "/notebooks/"), (practised, "/exercises/")):
        links = LINK.findall(cell)
        assert links, cell
        for path, anchor in links:
            assert path.startswith(tree), path
            assert leads_somewhere(path, anchor), f"{path}#{anchor}"


@pytest.mark.parametrize(
    "row", [row for _, row in rows() if row[0] == "tool"], ids=lambda row: row[1]
)
def test_tool_of_the_map_really_runs(row):
    """Each command in brackets stands in a cell under the heading linked, and the cell answered."""
    commands = re.findall("`([^`]+)`", row[1])
    targets = [f"{path}#{anchor}" for path, anchor in LINK.findall(row[3])]

    assert commands
    told = "\n".join(map(ran, targets))
    for command in commands:
        assert re.search(rf"(?<![\w-]){re.escape(command)}(?![\w-])", told), command


def test_map_covers_every_module():
    """Each module has its reason, its concepts, advice or tools, and an example."""
    kinds = {}
    for module, row in rows():
        kinds.setdefault(module, []).append(row[0])
    *taught, whole = kinds.values()

    for found in taught:
        assert found[0] == "why"
        assert {"concept", "example"} <= set(found) | {"concept"}
        assert {"tool", "advice"} & set(found)
    assert set(whole) == {"example"}
    assert list(kinds)[: len(MODULES)] == [title(module) for module in MODULES]


def test_map_has_every_file_of_the_whole_project():
    """The last module's rows name the syllabus's tree, and what is kept of it is there."""
    *_, last = dict.fromkeys(module for module, _ in rows())
    named = re.findall("`([^`]+)`", " ".join(row[1] for module, row in rows() if module == last))

    assert len(named) >= 12
    for name in named:
        kept = name not in ("docs/_build/",)
        inside = ROOT / "solutions" / RUNNING_EXAMPLE
        paths = [inside / name, inside / "src/my_devops_project" / name]
        assert kept == any(path.exists() for path in paths), name


# What the syllabus gets wrong


def sections():
    """Give the sections of the page on what is so today."""
    parts = re.split(r"^### ", text("today"), flags=re.MULTILINE)[1:]
    return [re.split(r"^## ", part, flags=re.MULTILINE)[0] for part in parts]


@pytest.mark.parametrize("section", sections(), ids=lambda part: part.partition("\n")[0])
def test_section_shows_a_run_and_leads_to_the_lesson(section):
    """Each mistake has an output of a notebook, what is right today, and a chapter's section."""
    glued = re.findall(r"\{glue:any\} (\S+)\n:doc: /notebooks/(\S+)$", section, re.MULTILINE)

    assert glued
    for name, notebook in glued:
        assert f'"name": "{name}"' in (ROOT / "notebooks" / notebook).read_text("utf-8")
    assert "\n**Today:** " in section
    assert re.search(r"It is taught in \[\]\(/course/m\d_\w+\.md#[\w-]+\)\.$", section.strip())


# The glossary


def terms():
    """Give the glossary's terms."""
    body = text("glossary").partition("```{glossary}\n")[2]
    return re.findall(r"^(\S.*)\n  \S", body, re.MULTILINE)


def linked(module):
    """Give the terms that a chapter links."""
    roles = re.findall(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`", CHAPTERS[module])
    return set(roles)


def test_every_term_is_linked():
    """No term stands in the glossary that no chapter uses."""
    used = set().union(*map(linked, MODULES))

    assert len(terms()) > 60
    assert [term for term in terms() if term not in used] == []


@each_module
def test_chapter_links_its_terms(module):
    """A chapter links five terms at least, each to an entry of the glossary."""
    assert len(linked(module)) >= 5
    assert linked(module) <= set(terms())
