"""What every page of the site gets at build time, so that no script has to add it at run time."""

import re
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from workbook.page.scripts import folder
from workbook.styles import OWN

# jQuery serves the theme's own script, which is not loaded; tabs work without a script.
UNUSED = re.compile("jquery|frameworks_compat|design-tabs")
SEARCH = re.compile("doctools|sphinx_highlight")  # what the search and the index need
PLAIN = re.compile(r'<span class="[npw]">([^<]*)</span>')  # code that has the colour of text
LONG = 6  # headings of the second level from which a page shows a list of them


def finish_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Make *page* operable by keyboard, describe it, and load only what it uses."""
    if "body" in context:
        # Sphinx calls the caption of a toctree a heading, and gives it no level.
        body = PLAIN.sub(r"\1", context["body"]).replace(' role="heading"', "")
        context["body"] = reachable(body)
    context["description"] = describe(doctree) if doctree else ""
    context["headings"] = headings(context.get("toc", ""))
    context["scripts"] = f"_page/{folder()}"
    context["site_path"] = urlsplit(app.config.html_baseurl).path.rstrip("/") + "/"
    context["css_files"] = [each for each in context["css_files"] if OWN in str(each.filename)]
    unused = UNUSED if doctree is None else re.compile(f"{UNUSED.pattern}|{SEARCH.pattern}")
    context["script_files"] = [
        each for each in context["script_files"] if not unused.search(str(each.filename))
    ]


def shorten_paths(app: Sphinx, doctree: nodes.document) -> None:
    """Name files relative to the course, not to the machine.

    Sphinx heads a difference with absolute paths, and autodoc shows a default that is a path.
    """
    here = f"{app.srcdir}/"
    for text in list(doctree.findall(nodes.Text)):
        if here in text and text.parent:
            block = text.parent
            block.replace(text, nodes.Text(text.replace(here, "")))
            if isinstance(block, nodes.literal_block):
                block.rawsource = block.astext()  # a block whose two texts differ has no colours


def reachable(body: str) -> str:
    """Let the keyboard reach, and so scroll, what may be wider than the page: code and tables."""
    body = body.replace("<pre>", '<pre tabindex="0">')
    box = r'<div class="scroll" role="group" aria-label="Table" tabindex="0">\g<0></div>'
    return re.sub(r"<table\b.*?</table>", box, body, flags=re.DOTALL)


def describe(doctree: nodes.document) -> str:
    """Give the page's first paragraph as its description, cut at a word to what a search shows."""
    first = next(iter(doctree.findall(nodes.paragraph)), None)
    words = first.astext().split() if first else []
    text = ""
    for word in words:
        if len(text) + len(word) > 155:
            return f"{text} …"
        text = f"{text} {word}".strip()
    return text


def headings(toc: str) -> str:
    """Give the list of a long page's headings out of *toc*, which has the title around it."""
    inner = re.search(r"<ul>.*?(<ul>.*</ul>)\s*</li>\s*</ul>", toc, re.DOTALL)
    return inner[1] if inner and inner[1].count("<li>") >= LONG else ""
