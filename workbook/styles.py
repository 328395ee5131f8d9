"""One stylesheet out of those of the theme and the extensions: what no page uses is left out.

They come to 270 KB, most of it for icons, fonts and widgets that the course does not have. The
rules that remain go into a cascade layer, so that `course.css` wins by standing outside of it.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from pygments.styles import get_style_by_name  # type: ignore[import-untyped]  # it has none
from pygments.token import STANDARD_TYPES, Token  # type: ignore[import-untyped]  # it has none
from sphinx.application import Sphinx

NAME = "base.css"
OWN = "course.css"
LIGHT, DARK = "a11y-high-contrast-light", "a11y-high-contrast-dark"
REPLACED = ("basic.css", "pygments.css")  # by the theme's, and by the colours below
# What the theme brings for its own scripts and fonts, and no page asks for.
UNUSED = ("fonts", "css", "js", "jquery.js", "_sphinx_javascript_frameworks_compat.js")


def write_styles(app: Sphinx, exception: Exception | None) -> None:
    """Write the stylesheet when the pages are written, and remove what it was made of."""
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    pages = "".join(page.read_text("utf-8") for page in Path(app.outdir).rglob("*.html"))
    scripts = "".join(script.read_text("utf-8") for script in static.glob("*.js"))
    words = set(re.findall(r"[\w-]+", scripts))  # any of these may be a class that it sets
    words |= {name for names in re.findall(r'class="([^"]*)"', pages) for name in names.split()}
    words |= {f"<{element}" for element in re.findall(r"<(\w+)", pages)} | {"<svg", "<button"}
    sources = [each for each in static.rglob("*.css") if each.name not in (NAME, OWN)]
    sources.sort(key=lambda each: (each.name != "theme.css", each.name))
    kept = [prune(each.read_text("utf-8"), words) for each in sources if each.name not in REPLACED]
    text = "@layer base {\n" + "".join(kept) + "}\n" + colours(LIGHT, DARK)
    (static / NAME).write_text(text, encoding="utf-8")
    for gone in [*sources, *(static / name for name in UNUSED)]:
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink(missing_ok=True)


def prune(css: str, words: set[str]) -> str:
    """Keep the rules that can match: their classes and elements are among *words*. Drop fonts."""
    kept = []
    for head, body in rules(css):
        if head.startswith(("@media", "@supports")):
            inside = prune(body, words)
            kept += [f"{head}{{{inside}}}\n"] if inside else []
        elif head.startswith("@"):
            kept += [] if head.startswith("@font-face") else [f"{head}{{{body}}}\n"]
        elif "FontAwesome" not in body:
            selectors = [each for each in split(head) if wanted(each) <= words]
            kept += [f"{','.join(selectors)}{{{body}}}\n"] if selectors else []
    return "".join(kept)


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Split *css* into what stands before each outermost pair of braces and what stands inside."""
    css = re.sub(r"/\*.*?\*/|@(?:charset|import)[^;]*;", "", css, flags=re.DOTALL)
    depth = start = opened = 0
    for brace in re.finditer(r"[{}]", css):
        depth += 1 if brace[0] == "{" else -1
        if depth == 1 and brace[0] == "{":
            opened = brace.start()
        elif depth == 0:
            yield css[start:opened].strip(), css[opened + 1 : brace.start()].strip()
            start = brace.end()


def split(selectors: str) -> list[str]:
    """Split a list of selectors at its commas, not at those in parentheses."""
    return [each.strip() for each in re.split(r",(?![^(]*\))", selectors)]


def wanted(selector: str) -> set[str]:
    """Give the classes and the `<elements` that a page must have for *selector* to match."""
    positive = re.sub(r"\[[^]]*\]|:not\([^)]*\)", "", selector)
    names = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", positive))
    return names | {f"<{name}" for name in re.findall(r"(?:^|[\s>+~])([a-z]\w*)", positive)}


def colours(light: str, dark: str) -> str:
    """Write the colours of code for both appearances, from two styles of Pygments."""
    styles = [get_style_by_name(name) for name in (light, dark)]
    text = [style.style_for_token(Token.Text)["color"] for style in styles]
    lines = []
    for token, name in STANDARD_TYPES.items():
        pair = [style.style_for_token(token)["color"] for style in styles]
        if name and all(pair) and pair != text:
            lines.append(f".highlight .{name} {{color: light-dark(#{pair[0]}, #{pair[1]})}}\n")
    return "".join(lines)
