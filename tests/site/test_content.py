"""What the built site says, read without a browser: links, furniture, and the verified outputs."""

import hashlib
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reader(HTMLParser):
    """Collects the anchors, links, loads and blocks of code of a page."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loads, self.base, self.meta = set(), [], [], "", {}
        self.code = []  # (names of the enclosing elements' classes, text) of each <pre>
        self.open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        self.links += [attributes["href"]] if tag == "a" and attributes.get("href") else []
        if LOADS.get(tag) in attributes and attributes.get("rel") not in ("canonical", "prev"):
            self.loads.append(attributes[LOADS[tag]])
        self.base = attributes["href"] if tag == "base" else self.base
        if tag == "meta" and "name" in attributes:
            self.meta[attributes["name"]] = attributes["content"]
        if tag not in VOID:
            self.open.append((tag, attributes.get("class") or ""))
        if tag == "pre":
            self.code.append([" ".join(names for _, names in self.open).split(), ""])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(tag == "pre" for tag, _ in self.open):
            self.code[-1][1] += data


@cache
def read(path):
    """Read a page."""
    return Reader(path.read_text("utf-8"))


def test_links_lead_somewhere(public, name):
    """Every link and anchor within the site resolves, and nothing is loaded from elsewhere."""
    page = read(public / name)
    start = urljoin(f"http://site/{name}", page.base)
    broken = []

    for link in page.links + page.loads:
        target = urlsplit(urljoin(start, link))
        if target.netloc != "site":
            broken += [f"{link} is loaded from another host"] if link in page.loads else []
            continue
        path = public / unquote(target.path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            broken.append(f"{link}: no such file")
        elif target.fragment and path.suffix == ".html":
            anchor = unquote(target.fragment)
            broken += [] if anchor in read(path).ids else [f"{link}: no such anchor"]

    assert len(page.links) >= 2
    assert broken == []


def test_page_says_what_it_is(public, name):
    """A page has a title of its own, one heading of the first level, and its verification."""
    text = (public / name).read_text("utf-8")
    titles = re.findall(r"<title>(.+?)</title>", text)

    assert len(titles) == 1
    assert text.count("<h1") == 1
    assert text.count('name="viewport"') == 1
    assert 'verified.json">' in text
    assert str(ROOT) not in text
    if not (ROOT / name).with_suffix(".md").exists():
        return
    assert 20 <= len(read(public / name).meta["description"]) <= 160


def test_stylesheets_ask_no_other_host(public):
    """No stylesheet or script loads from another host."""
    for path in [*public.rglob("*.css"), *public.rglob("*.js")]:
        text = path.read_text("utf-8")

        assert not re.search(r"@import|url\([\"']?(https?:)?//", text), path.name
        assert not re.search(r"(import|fetch|importScripts)\(?\s*[\"'`]https?:", text), path.name


def test_manifest_is_published(public):
    """verified.json on the site is the committed one, and names each notebook as it stands."""
    published = (public / "verified.json").read_bytes()

    assert published == (ROOT / "notebooks" / "verified.json").read_bytes()
    assert json.loads(published)["notebooks"] == {
        path.name: "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() for path in NOTEBOOKS
    }


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_those_of_the_notebook(public, notebook):
    """A notebook's page shows its code and its outputs, to the character, and in their order."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    page = read(public / "notebooks" / f"{notebook.stem}.html")

    expected, code = [], [cell for cell in cells if cell["cell_type"] == "code"]
    for cell in code:
        expected.append("".join(cell["source"]).strip())
        expected += [text for output in cell["outputs"] if (text := shown(output))]
    blocks = [text.strip() for names, text in page.code if "cell" in names]

    assert len(expected) > len(code) > 2  # some of the cells said something
    assert blocks == expected


@pytest.mark.parametrize("chapter", sorted((ROOT / "course").glob("m*.md")), ids=lambda p: p.stem)
def test_chapter_shows_what_the_notebooks_said(public, chapter):
    """What a chapter glues is what a verified notebook holds under that name."""
    said = {}
    for notebook in NOTEBOOKS:
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            said |= dict(kept(output) for output in cell.get("outputs", []) if kept(output))
    names = re.findall(r"^```\{glue:any\} (\S+)", chapter.read_text("utf-8"), re.MULTILINE)
    blocks = [text.strip() for _, text in read(public / f"course/{chapter.stem}.html").code]

    assert names
    assert [name for name in names if said[name] not in blocks] == []


def shown(output):
    """Give the text that a page shows of an output; nothing for what is only kept for a chapter."""
    text = output.get("text", output.get("data", {}).get("text/plain", ""))
    return "".join(text).strip()


def kept(output):
    """Give the name and text of an output that is kept for a chapter, or None."""
    name = output.get("metadata", {}).get("scrapbook", {}).get("name")
    text = output.get("data", {}).get("application/papermill.record/text/plain", "")
    return (name, "".join(text).strip()) if name else None
