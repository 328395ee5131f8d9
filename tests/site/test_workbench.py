"""The workbench, quizzes, progress and offline reading, as a person uses them; for tests/site."""

import contextlib
import functools
import hashlib
import json
import re
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Error

ROOT = Path(__file__).parents[2]
EXERCISE = "m1_static_analysis/none_on_the_causeway"
PAGE = f"exercises/{EXERCISE}/README.html"
CHAPTER = "course/m1_static_analysis.html"
ANSWERS = ROOT / "tests" / EXERCISE
SECONDS = 60_000  # for the first check, which starts Python
KEPT = """async ([root, name]) => {
  const kept = await (await caches.open("causeway")).match(`${root}_page/kept.json`);
  return (await kept?.json())?.files[name][0];
}"""  # the digest of the file *name* as it is kept


class Unkept(SimpleHTTPRequestHandler):
    """Serves files that the browser's own cache may not keep: only the service worker does."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests do."""


@contextlib.contextmanager
def served(folder):
    """Serve *folder*; give its address, where nobody answers any more afterwards."""
    handler = functools.partial(Unkept, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.fixture
def reader(browser):
    """A page of a browser that remembers nothing; the test fails when a script of it failed."""
    faults = []
    with contextlib.closing(browser.new_context()) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        yield page
    assert faults == []


def keep_all(page):
    """Keep the whole course offline, by the buttons of the first page."""
    page.get_by_role("button", name="Keep the whole course offline").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("The whole course is kept").wait_for(timeout=SECONDS)


@pytest.fixture
def bench(open_page):
    """The page of an exercise, its editor ready."""
    page = open_page(PAGE)
    page.locator(".cm-content").wait_for()
    return page


def write(page, text):
    """Put *text* into the editor that is shown."""
    page.get_by_role("textbox", name="windows.py").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def check(page):
    """Check by keyboard; give what is announced."""
    page.get_by_role("textbox", name="windows.py").press("Control+Enter")
    page.get_by_role("button", name="Stop").wait_for()
    page.get_by_role("button", name="Stop").wait_for(state="hidden", timeout=SECONDS)
    return page.locator(".workbench .status").inner_text()


def focus(page):
    """Name the element that has the focus, as a screen reader does: its label, or its text."""
    return page.evaluate("(it => it.ariaLabel ?? it.textContent)(document.activeElement)")


def tab_to(page, name, key="Tab"):
    """Press Tab until the element called *name* has the focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if focus(page) == name:
            return
    pytest.fail(f"80 times {key} do not reach {name}.")


def test_wrong_answer_is_refused_with_its_question_and_a_right_one_passes(bench):
    """A check says what it found and asks; after a pass the reference stands beside the answer."""
    write(bench, (ANSWERS / "wrong/returns_zero/windows.py").read_text())

    assert check(bench).startswith("Not yet: 5 of 9 points, 4 of 6 checks passed.")
    assert bench.locator(".hint").inner_text().startswith("hint 1 of 2: What does a driver do")
    bench.get_by_role("button", name="Hint").click()
    assert bench.locator(".hint").inner_text().startswith("hint 2 of 2: ")
    assert bench.locator(".checks .not_yet").count() == 2

    write(bench, (ANSWERS / "right/match_statement/windows.py").read_text())

    assert check(bench) == "Passed: 9 of 9 points."
    bench.get_by_role("button", name="Show the reference").click()
    bench.get_by_role("heading", name="From yours to the reference").wait_for()
    assert bench.locator(".side .state.passed").count() == 1
    rows = bench.locator(".workbench section pre").inner_text().splitlines()
    reference = (ROOT / "solutions" / EXERCISE / "windows.py").read_text()
    assert rows[0] == "…", "what is the same in both is folded"
    assert "".join(f"{row[1:]}\n" for row in rows[1:] if row[0] in " +") in reference
    assert bench.locator(".workbench .gi").count() == sum(row[0] == "+" for row in rows) > 0


def test_exercise_is_solved_by_keyboard_alone(open_page):
    """Tab leads from the page's top to the editor, to Check, a hint and the reference."""
    page = open_page(PAGE)
    page.locator(".cm-content").wait_for()
    status = page.locator(".workbench .status[role=status]")

    tab_to(page, "windows.py")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    status.filter(has_text="Not yet: ").wait_for(timeout=SECONDS)
    assert " First: " in status.inner_text(), "the untouched start names a check to work on"
    hint = page.locator(".workbench .hint[role=status]")
    assert hint.inner_text().startswith("hint 1 of ")

    tab_to(page, "Hint")
    page.keyboard.press("Enter")
    assert hint.inner_text().startswith("hint 2 of ")

    tab_to(page, "windows.py", "Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text((ANSWERS / "right/match_statement/windows.py").read_text())
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    status.filter(has_text=re.compile("^Passed: 9 of 9 points.$")).wait_for(timeout=SECONDS)
    assert focus(page) == "Check", "a verdict leaves the focus where it was"

    tab_to(page, "Show the reference")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="From yours to the reference").wait_for()
    assert focus(page) == "From yours to the reference"


def test_answer_that_never_ends_is_stopped(bench):
    """Stop ends a loop without an end, and the next check has a Python to run in."""
    write(bench, "while True:\n    pass\n")
    bench.get_by_role("button", name="Check").press("Enter")
    bench.locator(".workbench .status", has_text="Checking …").wait_for(timeout=SECONDS)

    bench.get_by_role("button", name="Stop").press("Enter")

    bench.get_by_text("The check was cancelled.").wait_for()
    assert focus(bench) == "Check"
    write(bench, (ANSWERS / "right/match_statement/windows.py").read_text())
    assert check(bench) == "Passed: 9 of 9 points."


def test_reference_is_offered_only_after_a_question(bench):
    """Before a pass the reference wants a confirmation, and Escape takes it back."""
    bench.get_by_role("button", name="Show the reference").press("Enter")

    bench.get_by_role("dialog").wait_for()
    assert bench.evaluate("document.activeElement.textContent") == "Cancel"
    bench.keyboard.press("Escape")

    assert bench.get_by_role("dialog").count() == 0
    assert bench.locator(".workbench h3").count() == 0


def test_editor_is_no_trap(bench):
    """Tab goes through the editor and on, and leaves its text alone."""
    editor = bench.get_by_role("textbox", name="windows.py")
    before = editor.inner_text()
    editor.focus()

    bench.keyboard.press("Tab")

    assert bench.evaluate("document.activeElement.closest('.cm-editor')") is None
    assert editor.inner_text() == before


def test_edits_outlive_the_page_until_reset(bench):
    """What was written is there after a reload; Reset asks, then brings the start back."""
    write(bench, "mine = 1\n")
    bench.reload()
    editor = bench.get_by_role("textbox", name="windows.py")
    assert "mine = 1" in editor.inner_text()

    bench.get_by_role("button", name="Reset").click()
    bench.get_by_role("dialog").get_by_role("button", name="Reset").click()

    bench.get_by_text("The files are as they were handed out.").wait_for()
    assert "mine = 1" not in editor.inner_text()


def test_equal_files_make_equal_archives(bench):
    """What is downloaded are the files at their places, the same to the byte each time."""
    answer = "café = 1\n"
    write(bench, answer)
    archives = []

    for _ in range(2):
        with bench.expect_download() as started:
            bench.get_by_role("button", name="Download my files").click()
        archives.append(started.value.path())

    assert archives[0].read_bytes() == archives[1].read_bytes()
    with ZipFile(archives[0]) as archive:
        assert archive.namelist() == [f"exercises/{EXERCISE}/windows.py"]
        [entry] = archive.infolist()
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert archive.read(entry).decode("utf-8") == answer


def test_two_tabs_show_the_same_files_and_one_archive_holds_them(bench):
    """What is written in one tab is in the other, and the front page packs it for one's folder."""
    other = bench.context.new_page()
    other.goto(bench.url)
    other.locator(".cm-content").wait_for()

    write(bench, "first = 1\n")
    other.locator(".cm-content", has_text="first = 1").wait_for()
    write(other, "second = 2\n")
    bench.locator(".cm-content", has_text="second = 2").wait_for()

    other.goto(other.url.replace(PAGE, "index.html"))
    with other.expect_download() as started:
        other.get_by_role("button", name="Export my files").click()
    with ZipFile(started.value.path()) as archive:
        assert archive.read(f"exercises/{EXERCISE}/windows.py") == b"second = 2\n"
        assert len(archive.namelist()) == 1


def test_progress_moves_through_a_file(open_page, tmp_path):
    """What one browser exports another imports; an exercise that changed is to check again."""
    page = open_page(CHAPTER)
    page.locator(".answered").first.wait_for(state="attached")
    page.locator(".quiz").first.locator(".right summary").press("Enter")
    page.locator(".so-far", has_text="1 of").wait_for()
    page.goto(page.url.replace(CHAPTER, "index.html"))
    with page.expect_download() as started:
        page.get_by_role("button", name="Export progress").click()
    document = json.loads(started.value.path().read_text("utf-8"))
    entry = {"start": "sha256:of-old", "files": "", "outcome": "passed", "points": 9, "of": 9}
    document["exercises"][EXERCISE] = entry
    moved = tmp_path / "progress.json"
    moved.write_text(json.dumps(document), "utf-8")

    other = open_page("index.html")
    other.get_by_role("button", name="Import progress").wait_for()
    other.locator("input[type=file]").set_input_files(moved)

    line = other.locator(".so-far", has_text=re.compile("1 to check again, 1 of"))
    line.wait_for()
    assert other.locator(".toctree-wrapper .state", has_text="check again").count() == 1


def test_whole_course_is_kept_after_its_size_was_told(open_page, public):
    """Every page and pack that offline.json lists is kept, and one button removes it all."""
    page = open_page("index.html")
    # Firefox asks whether it may, and nobody need answer.
    page.evaluate("() => { navigator.storage.persist = () => new Promise(() => {}) }")
    page.get_by_role("button", name="Keep the whole course offline").click()
    assert re.search(r"fetches \d+\.\d MB", page.get_by_role("dialog").inner_text())
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("The whole course is kept").wait_for(timeout=SECONDS)

    names = page.evaluate(
        "caches.open('causeway').then(c => c.keys()).then(k => k.map(r => r.url))"
    )
    listed = json.loads((public / "_page/offline.json").read_text())["files"]
    assert {page.url.replace("index.html", name) for name in listed} <= set(names)
    assert all((public / name).is_file() for name in listed)

    page.get_by_role("button", name="Remove what is kept offline").click()
    page.get_by_text("Nothing is kept").wait_for()
    assert page.evaluate("caches.keys()") == []


def test_course_works_when_the_server_is_gone(reader, public):
    """After all was kept, an exercise that was never visited checks, and a chapter opens."""
    with served(public) as root:
        reader.goto(root)
        keep_all(reader)
    with pytest.raises(Error, match="ECONNREFUSED"):
        reader.request.get(root)

    reader.goto(root + PAGE)
    write(reader, (ANSWERS / "right/match_statement/windows.py").read_text())
    assert check(reader) == "Passed: 9 of 9 points."

    reader.goto(root + CHAPTER)
    assert reader.locator("h1").is_visible()
    assert "1 of" in reader.locator(".so-far").inner_text()


def test_new_release_takes_the_place_of_what_is_kept(reader, public, tmp_path):
    """One visit to any page fetches what changed everywhere, and it is there without a network."""
    copy = shutil.copytree(public, tmp_path / "public")
    chapter, listed = copy / CHAPTER, copy / "_page/offline.json"
    with served(copy) as root:
        reader.goto(root)
        keep_all(reader)
        chapter.write_text(chapter.read_text("utf-8").replace("<h1>", "<h1>Anew: "), "utf-8")
        document = json.loads(listed.read_text())
        digest = hashlib.sha256(chapter.read_bytes()).hexdigest()[:12]
        assert document["files"][CHAPTER][0] != digest
        document["files"][CHAPTER][0] = digest
        listed.write_text(json.dumps(document))

        reader.goto(root + "index.html")
        for _ in range(200):
            if reader.evaluate(KEPT, [root, CHAPTER]) == digest:
                break
            reader.wait_for_timeout(50)

    reader.goto(root + CHAPTER)
    assert reader.locator("h1").inner_text().startswith("Anew: ")
