"""What the build leaves out of the stylesheets, and what it does to a page."""

import pytest

from workbook.pages import headings, reachable
from workbook.styles import colours, prune

WORDS = {"tab", "<p", "<a"}


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".tab{color:red}", ".tab{color:red}\n"),
        (".icon{color:red}", ""),
        (".icon,.tab{color:red}", ".tab{color:red}\n"),
        (".tab .icon{color:red}", ""),
        ("p>a.tab:hover{color:red}", "p>a.tab:hover{color:red}\n"),
        ("table{color:red}", ""),
        (".tab:not(.icon,.fa){color:red}", ".tab:not(.icon,.fa){color:red}\n"),
        ("p[class^=icon]{color:red}", "p[class^=icon]{color:red}\n"),
        (":root{--sea:blue}", ":root{--sea:blue}\n"),
        ("@font-face{src:url(a.woff)}", ""),
        (".tab:before{font:normal 1em FontAwesome}", ""),
        ("@media print{.icon{color:red}}", ""),
        ("@media print{.tab{top:.5em}.icon{top:0}}", "@media print{.tab{top:.5em}\n}\n"),
        ('@charset "utf-8";/* {.a} */p{color:red}', "p{color:red}\n"),
    ],
)
def test_only_rules_that_can_match_are_kept(css, kept):
    """A rule stays when a page has its classes and elements; fonts and icons go."""
    assert prune(css, WORDS) == kept


def test_code_has_both_appearances():
    """A keyword has a colour for the day and another for the night."""
    rules = colours("a11y-high-contrast-light", "a11y-high-contrast-dark").splitlines()

    (keyword,) = [rule for rule in rules if rule.startswith(".highlight .k {")]
    assert keyword.startswith(".highlight .k {color: light-dark(#")
    assert len(set(keyword.partition("(")[2].rstrip(")}").split(", "))) == 2


def test_code_and_tables_are_reached_by_keyboard():
    """What may scroll sideways is a stop of the Tab key."""
    body = reachable("<pre>a</pre><table class='docutils'><tr></tr></table>")

    assert body.startswith('<pre tabindex="0">a</pre><div class="scroll"')
    assert body.endswith("</table></div>")
    assert body.count('tabindex="0"') == 2


def test_only_a_long_page_lists_its_headings():
    """A list of headings is for a page that has many."""
    entries = "".join(f'<li><a href="#{n}">{n}</a></li>' for n in range(7))
    short = "<ul>\n<li><a href='#'>Title</a><ul>\n<li>one</li>\n</ul>\n</li>\n</ul>"

    assert headings(f"<ul>\n<li><a href='#'>Title</a><ul>{entries}</ul>\n</li>\n</ul>") == (
        f"<ul>{entries}</ul>"
    )
    assert headings(short) == ""
