"""Prove that the page judges as the terminal does: `workbook prove --browser`.

The built site is served on loopback to a real Chromium that can reach nothing else, and every
answer of every exercise that runs in the page is graded there. Its verdict document must be the
terminal's, byte for byte, `detail` aside: an interpreter's own words differ between releases.
"""

import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.progress import track

from workbook.batch import graders_of
from workbook.course import ROOT, CourseError, Exercise
from workbook.grading import grade
from workbook.intake import inspect
from workbook.prove import answer_files, answers, kept, key
from workbook.serve import Quiet
from workbook.show import console, table
from workbook.verdict import Verdict

LIMIT = 120  # seconds of grading, on a machine that may be busy
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-dev-shm-usage"
)
CHECK = """async ([id, files, limit, runner]) => {
  const { Runner } = await import(new URL(runner, document.baseURI).href);
  const packs = new URL("_page/packs.json", document.baseURI).href;
  window.runner ??= new Runner(packs, { spare: false });
  const answer = await window.runner.check(id, files, { limit });
  return { document: answer.document, questions: answer.questions };
}"""


def prove_in_browser(exercises: list[Exercise], public: Path = ROOT / "public") -> bool:
    """Grade every answer in the page and natively, print a table; give whether all are equal."""
    packs = json.loads((public / "_page" / "packs.json").read_text())
    [runner] = [path.relative_to(public).as_posix() for path in public.glob("_page/*/runner.mjs")]
    rows, faults = table("exercise", "native", "page", "equal"), []
    proven, graders = kept(), graders_of(exercises)
    with served(public) as address, browser_page(address) as page:
        for each in exercises:
            told = json.loads((public / "_page" / packs["exercises"][each.id]["file"]).read_text())
            if told["missing"]:
                rows.add_row(each.id, "", f"runs locally: needs {', '.join(told['missing'])}", "")
                continue
            jobs = list(answers(each))
            found = [
                compare(page, runner, each, kind, name, proven, graders[each])
                for kind, name in track(jobs, each.name, console=console, transient=True)
            ]
            different = [fault for fault in found if fault]
            faults += different
            equal = f"{len(jobs) - len(different)}/{len(jobs)}"
            rows.add_row(each.id, str(len(jobs)), str(len(jobs)), equal)
    console.print(rows)
    for fault in faults:
        console.print(fault, markup=False)
    return not faults


def compare(
    page: Page, runner: str, exercise: Exercise, kind: str, name: str,
    proven: Mapping[str, Any], grader: str,
) -> str:  # fmt: skip
    """Grade one answer in both places; give what differs, or nothing.

    What `workbook prove` found of the same files by the same grader is not found again.
    """
    files = answer_files(exercise, kind, name)
    if known := proven.get(key(grader, files)):
        here = Verdict.from_json(known["document"], known["questions"])
    else:
        [here] = grade([exercise], lambda _: inspect(files))
    texts = {file: content.decode() for file, content in files.items()}
    there = page.evaluate(CHECK, [exercise.id, texts, LIMIT, runner])
    mine, theirs = without_detail(here.to_json()), without_detail(there["document"])
    if mine == theirs and there["questions"] == open_questions(here):
        return ""
    return f"\n{exercise.id}: {kind} {name}\nnative: {mine}\npage: {theirs}"


def open_questions(verdict: Verdict) -> dict[str, list[str]]:
    """Give what is asked about each check that is not passed."""
    return {each.id: each.questions for each in verdict.checks if each.outcome != "passed"}


def without_detail(document: str) -> str:
    """Write a verdict document again without what an interpreter or tool said in its own words."""
    verdict: dict[str, Any] = json.loads(document)
    for check in verdict["checks"]:
        del check["detail"]
    return json.dumps(verdict, indent=1, ensure_ascii=False)


@contextmanager
def served(public: Path) -> Iterator[str]:
    """Serve *public* on a free port of this machine; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(public))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@contextmanager
def browser_page(address: str) -> Iterator[Page]:
    """Open *address* in a Chromium with a fresh profile, which refuses every other host."""
    # The engine without what draws a desktop is a third less to compute, where it is installed.
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        raise CourseError("There is no Chromium here. `make system` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        page = browser.new_page()
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.goto(address)
        yield page
        browser.close()
