"""Every page, as a browser shows it: by day and by night, on a desk and on a telephone."""

import gzip
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from workbook.course import find_exercise
from workbook.export import write_html
from workbook.gradebook import Entry, Gradebook
from workbook.grading import grade
from workbook.intake import inspect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Bytes of a page with all it loads, compressed as a host does it.
BUDGET, WITH_WORKBENCH = 200_000, 400_000
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Whether words can be read depends on how they look, and on all that they stand on: of those that
# look alike one is looked at, and none once axe has found that look fine, on whichever page.
PALE = """async fine => {
  const grounds = new Map([[null, ""]]), looks = new Map();
  const ground = element => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const own = `${backgroundColor} ${backgroundImage} ${opacity}`;
      grounds.set(element, `${ground(element.parentElement)}/${own}`);
    }
    return grounds.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const says = [...element.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!says && !element.matches("input, select, textarea")) continue;
    if (!element.checkVisibility()) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const look = `${color} ${fontSize} ${fontWeight} ${textShadow} ${ground(element)}`;
    if (!fine.includes(look) && !looks.has(look)) looks.set(look, element);
  }
  if (looks.size === 0) return [[], []];
  const resultTypes = ["violations", "passes"], runOnly = ["color-contrast"];
  const found = await axe.run([...looks.values()], { runOnly, resultTypes, elementRef: true });
  const passed = new Set(found.passes.flatMap(({ nodes }) => nodes.map(node => node.element)));
  const told = ({ html, failureSummary }) => [html, failureSummary];
  return [
    found.violations.flatMap(({ nodes }) => nodes.map(told)),
    [...looks].filter(([_, element]) => passed.has(element)).map(([look]) => look),
  ];
}"""
FINE: set[str] = set()  # looks that axe has found fine
NARROW = ["scrollable-region-focusable"]  # what may be well on a wide page and not on a narrow one
CONTRAST = "color-contrast"
ROOT = Path(__file__).parents[2]
PUBLIC = ROOT / "public"


def violations(page, **options):
    """Ask axe what keeps people out of *page*: rule, element and what to do."""
    load_axe(page)
    options["resultTypes"] = ["violations"]
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def load_axe(page):
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)


def pale(page):
    """Ask axe which words on *page* cannot be read: element and what to do."""
    load_axe(page)
    told, fine = page.evaluate(PALE, list(FINE))
    FINE.update(fine)
    return [f"{CONTRAST}: {html[:120]}: {summary}" for html, summary in told]


def faults(page, wholly=True):
    """Say what is wrong with *page*, opened: wide and narrow, by day and by night.

    The night differs from the day in its colours alone. A page that is not looked at *wholly* is
    asked, where it is narrow, only what depends on that.
    """
    page.evaluate(OPEN)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        if (more := overflow(page)) > 0:
            yield f"{width} px: {more} px wider than the window"
        rules = {"rules": {CONTRAST: {"enabled": False}}}
        if width == 320 and not wholly:
            rules = {"runOnly": NARROW}
        yield from (f"{width} px: {each}" for each in violations(page, **rules))
        for appearance in ("light", "dark"):
            page.emulate_media(color_scheme=appearance)
            yield from (f"{width} px, {appearance}: {each}" for each in pale(page))


def is_first_of_its_kind(name):
    """Whether no page before *name* stands in the same part of the site."""
    part = PUBLIC / name.partition("/")[0] if "/" in name else PUBLIC
    return not any(
        path < PUBLIC / name for path in part.glob("**/*.html" if "/" in name else "*.html")
    )


def overflow(page):
    """Say how many pixels *page* is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@cache
def compressed(name):
    """Give the bytes of a file of the site, as a host sends it."""
    return len(gzip.compress((PUBLIC / name).read_bytes()))


def test_page_is_light_accessible_and_fits(open_page, name):
    """A page and all that it loads stay within the budget, and it keeps nobody out.

    Wide and narrow, by day and by night axe finds nothing, and nothing is wider than the page; the
    first page of a kind is looked at wholly. Every detail is opened for that.
    """
    page = open_page(name, reduced_motion="reduce", service_workers="block")
    page.wait_for_load_state("networkidle")

    loaded = {urlsplit(url).path.lstrip("/") or "index.html" for url in open_page.urls}
    total = sum(map(compressed, loaded))
    workbench = page.locator(".workbench").count() > 0
    assert name in loaded
    assert total <= (WITH_WORKBENCH if workbench else BUDGET)

    assert list(faults(page, wholly=is_first_of_its_kind(name))) == []


def test_report_of_a_class_is_accessible_and_fits(browser, tmp_path):
    """The instructor's pages are for everybody too, and run nothing that a student wrote."""
    name = "<script>document.title = 'run'</script>" + "long" * 40
    exercise = find_exercise("who_enforces_it", ROOT)
    with Gradebook(tmp_path / "grades", make=True) as book:
        for student, files in (("ada", exercise.finished), (name, exercise.start)):
            [found] = grade([exercise], lambda _, files=files: inspect(files))
            book.enter_student(student, name)
            book.enter(Entry(
                student, exercise.id, found.files, "sha256:grader", "", True, found.outcome,
                found.points, found.of, found.to_json(), "{}",
            ))  # fmt: skip
        write_html(book, [exercise], tmp_path / "report")
    pages = sorted((tmp_path / "report").rglob("*.html"))

    assert len(pages) == 3
    for file in pages:
        page = browser.new_page(reduced_motion="reduce")
        page.goto(file.as_uri())
        assert page.title() != "run"
        assert list(faults(page)) == [], file.name
        page.close()


def test_axe_would_see_a_fault(open_page):
    """The witness is awake: it reports an image without a description."""
    page = open_page("index.html")

    page.evaluate("document.querySelector('main').append(document.createElement('img'))")

    assert [each.partition(":")[0] for each in violations(page)] == ["image-alt"]


def test_a_wide_element_would_be_seen(open_page):
    """The measure of the width sees an element that is too wide."""
    page = open_page("index.html", viewport={"width": 320, "height": 800})

    page.evaluate("document.querySelector('main').style.width = '500px'")

    assert overflow(page) > 100


def test_a_pale_word_of_code_would_be_seen(open_page):
    """Words of code that cannot be read, by night alone, are found among those that were taken."""
    page = open_page("notebooks/m1_linters.html", reduced_motion="reduce")

    pale = "@media (prefers-color-scheme: dark) { pre .kn { color: #333 !important } }"
    page.add_style_tag(content=pale)

    assert {each.partition(": color")[0] for each in faults(page)} == {
        "1280 px, dark",
        "320 px, dark",
    }


@pytest.mark.parametrize("missing", ["nowhere.html", "course/of/old/nowhere.html"])
def test_missing_page_leads_home(open_page, site, missing):
    """An address that is not there, at any depth, shows a page in the course's dress."""
    page = open_page(missing)

    assert page.locator("h1").inner_text() == "There is no such page"
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"
    page.get_by_role("link", name="The front page").click()
    assert page.url == f"{site}index.html"
