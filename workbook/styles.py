"""One stylesheet out of those of the theme and the extensions: what no page uses is left out.

They come to 270 KB, most of it for icons, fonts and widgets that the course does not have. The
rules that remain go into a cascade layer, so that `course.css` wins by standing outside of it.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from pygments.style import Style
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token
from sphinx.application import Sphinx

NAME = "base.css"
OWN = "course.css"
LIGHT, DARK = "a11y-high-contrast-light", "a11y-high-contrast-dark"
# What the theme brings for its own scripts and fonts, and no page asks for.
UNUSED = ("fonts", "css", "js", "jquery.js", "_sphinx_javascript_frameworks_compat.js", "basic.css",
          "pygments.css")  # fmt: skip


def write_styles(app: Sphinx, exception: Exception | None) -> None:
    """Write the stylesheet when the pages are written, and remove what it was made of."""
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    pages = [*Path(app.outdir).rglob("*.html"), *static.glob("*.js")]
    words = {word for page in pages for word in re.findall(r"[\w-]+", page.read_text("utf-8"))}
    sources = [static / "css" / "theme.css", *sorted(static.glob("*.css"))]
    kept = [prune(source.read_text("utf-8"), words) for source in sources
            if source.name not in (NAME, OWN, *UNUSED)]  # fmt: skip
    text = "@layer base {\n" + "".join(kept) + "}\n" + colours(LIGHT, DARK)
    (static / NAME).write_text(text, encoding="utf-8")
    for name in UNUSED:
        if (static / name).is_dir():
            shutil.rmtree(static / name)
        else:
            (static / name).unlink(missing_ok=True)


def prune(css: str, words: set[str]) -> str:
    """Keep the rules that can match: those whose classes are all among *words*. Drop fonts."""
    kept = []
    for head, body in rules(css):
        if head.startswith(("@media", "@supports")):
            inside = prune(body, words)
            kept += [f"{head}{{{inside}}}\n"] if inside else []
        elif head.startswith("@"):
            kept += [] if head.startswith("@font-face") else [f"{head}{{{body}}}\n"]
        elif "FontAwesome" not in body:
            selectors = [each for each in split(head) if classes(each) <= words]
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


def classes(selector: str) -> set[str]:
    """Give the classes that an element needs for *selector*, not those that it must not have."""
    wanted = re.sub(r":not\([^)]*\)", "", selector)
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", wanted))


def colours(light: str, dark: str) -> str:
    """Write the colours of code for both appearances, from two styles of Pygments."""
    by_day, by_night = get_style_by_name(light), get_style_by_name(dark)
    lines = []
    for token, name in STANDARD_TYPES.items():
        day, night = colour(by_day, token), colour(by_night, token)
        if name and (day, night) != (colour(by_day, Token), colour(by_night, Token)):
            lines.append(f".highlight .{name} {{color: light-dark(#{day}, #{night})}}\n")
    return "".join(lines)


def colour(style: type[Style], token: object) -> str:
    """Give the colour of *token*; that of plain text where *style* gives it none."""
    fallback = style.style_for_token(Token.Text)["color"]
    return str(style.style_for_token(token)["color"] or fallback or "")
