"""Prove that the page judges as the terminal does: `workbook prove --browser`.

The built site is served on loopback to a real Chromium that can reach nothing else, and every
answer of every exercise that runs in the page is graded there. Its verdict document must be the
terminal's, byte for byte, `detail` aside: an interpreter's own words differ between releases.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.progress import track

from workbook.batch import graders_of
from workbook.course import ROOT, CourseError, Exercise, Files
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
# As many Pythons as can compute take one answer after the other.
CHECK = """async ([id, answers, limit, runner]) => {
  const { Runner } = await import(new URL(runner, document.baseURI).href);
  const packs = new URL("_page/packs.json", document.baseURI).href;
  const count = navigator.hardwareConcurrency;
  window.runners ??= Array.from({ length: count }, () => new Runner(packs, { spare: false }));
  const left = answers.entries(), found = [];
  await Promise.all(window.runners.map(async (each) => {
    for (const [number, files] of left) {
      const { document, questions } = await each.check(id, files, { limit });
      found[number] = { document, questions };
    }
  }));
  return found;
}"""


def prove_in_browser(exercises: list[Exercise], public: Path = ROOT / "public") -> bool:
    """Grade every answer in the page and natively, print a table; give whether all are equal."""
    packs = json.loads((public / "_page" / "packs.json").read_text())
    [runner] = [path.relative_to(public).as_posix() for path in public.glob("_page/*/runner.mjs")]
    rows, faults = table("exercise", "native", "page", "equal"), []
    proven, graders = kept(), graders_of(exercises)
    with served(public) as address, browser_page(address) as page:
        for each in track(exercises, "Comparing", console=console, transient=True):
            told = json.loads((public / "_page" / packs["exercises"][each.id]["file"]).read_text())
            if told["missing"]:
                rows.add_row(each.id, "", f"runs locally: needs {', '.join(told['missing'])}", "")
                continue
            jobs = list(answers(each))
            files = [answer_files(each, kind, name) for kind, name in jobs]
            texts = [{file: text.decode() for file, text in some.items()} for some in files]
            found = page.evaluate(CHECK, [each.id, texts, LIMIT, runner])
            different = [
                f"\n{each.id}: {' '.join(job)}{differ}"
                for job, some, there in zip(jobs, files, found, strict=True)
                if (differ := difference(each, some, there, proven.get(key(graders[each], some))))
            ]
            faults += different
            equal = f"{len(jobs) - len(different)}/{len(jobs)}"
            rows.add_row(each.id, str(len(jobs)), str(len(jobs)), equal)
    console.print(rows)
    for fault in faults:
        console.print(fault, markup=False)
    return not faults


def difference(
    exercise: Exercise, files: Files, there: dict[str, Any], proven: dict[str, Any] | None
) -> str:
    """Say how what the page gave for *files* differs from the terminal's, or nothing.

    What `workbook prove` found of the same files by the same grader is not found again.
    """
    if proven:
        here = Verdict.from_json(proven["document"], proven["questions"])
    else:
        [here] = grade([exercise], lambda _: inspect(files))
    mine, theirs = without_detail(here.to_json()), without_detail(there["document"])
    if mine == theirs and there["questions"] == open_questions(here):
        return ""
    return f"\nnative: {mine}\npage: {theirs}"


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
