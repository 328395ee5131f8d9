"""Measure a check in the page, in a real Chromium over the built site: `make bench`.

The first verdict is taken cold: nothing cached, nothing running. Its parts stand apart, as the
worker marks them, beside the floor: Pyodide alone, booted by the same browser from the same files.
Seconds are of wall time, since that is what a learner waits for: run it on a quiet machine.
"""

import json
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page
from rich.console import Console
from rich.table import Table

from workbook.course import ROOT, Exercise, find_exercise, find_exercises
from workbook.page.prove import browser_page, served

PUBLIC = ROOT / "public"
PACKS = json.loads((PUBLIC / "_page" / "packs.json").read_text())
WARM, MANY, LIMIT = 5, 50, 60
READING = 8  # seconds in which a learner reads a verdict, and the page warms a spare

# A worker with nothing but Pyodide in it, from the files that the course serves.
FLOOR = """async (folder) => {
  const source = `const { loadPyodide } = await import("${folder}pyodide.mjs");
    await loadPyodide({ indexURL: "${folder}",
      lockFileContents: { info: INFO, packages: {} } });
    postMessage("booted");`;
  const blob = new Blob([source], { type: "text/javascript" });
  const began = performance.now();
  const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  worker.terminate();
  return (performance.now() - began) / 1000;
}"""
CHECK = """async ([id, files, limit, runner]) => {
  const { Runner } = await import(new URL(runner, document.baseURI).href);
  window.runner ??= new Runner(new URL("_page/packs.json", document.baseURI).href);
  const began = performance.now();
  const answer = await window.runner.check(id, files, { limit }).catch((error) => error);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, said: answer.message ?? answer.verdict.outcome };
}"""
MARKS = """() => Object.fromEntries(performance.getEntriesByType("mark")
  .map(({ name, startTime, detail }) => [name, detail ?? startTime / 1000]))"""


def check(page: Page, exercise: Exercise, files: dict[str, str], limit: int = LIMIT) -> Any:
    """Check *files* in the page; give the seconds it took and what was said."""
    [runner] = [path.relative_to(PUBLIC).as_posix() for path in PUBLIC.glob("_page/*/runner.mjs")]
    return page.evaluate(CHECK, [exercise.id, files, limit, runner])


def texts(exercise: Exercise, kind: str) -> dict[str, str]:
    """Give the files of the start or the reference as the page has them."""
    files = exercise.start if kind == "start" else exercise.finished
    return {name: content.decode() for name, content in files.items()}


@contextmanager
def fresh() -> Iterator[Page]:
    """Open the front page in a browser that has nothing cached."""
    with served(PUBLIC) as address, browser_page(address) as page:
        yield page


def floor() -> float:
    """Boot Pyodide alone; give the seconds, the least of three cold browsers."""
    core = PACKS["core"]
    best = float("inf")
    for _ in range(3):
        with fresh() as page:
            folder = page.evaluate("path => new URL(path, document.baseURI).href",
                                   f"_page/{core['folder']}")  # fmt: skip
            script = FLOOR.replace("INFO", json.dumps(core["info"]))
            best = min(best, page.evaluate(script, folder))
    return best


def exercise_row(exercise: Exercise) -> list[str]:
    """Check the start cold, then the reference and the start in turns: the figures of a row."""
    with fresh() as page:
        cold = check(page, exercise, texts(exercise, "start"))["seconds"]
        marks = page.workers[0].evaluate(MARKS)
        warm = []
        for n in range(WARM):
            kind = ("reference", "start")[n % 2]
            done = check(page, exercise, texts(exercise, kind))
            if done["said"] != ("passed", "not_yet")[n % 2]:
                sys.exit(f"{exercise.id}: the {kind} gave {done['said']}.")
            warm.append(done["seconds"])
    boot, packs = marks["booted"], marks["unpacked"] - marks["booted"]
    prepared = marks["imported"] - marks["unpacked"]
    parts = [cold, boot, packs, prepared, cold - marks["imported"]]
    return [f"{each:.1f}" for each in parts] + [
        f"{min(warm):.2f}",
        f"{statistics.median(warm):.2f}",
    ]


def run_away(loop: str, limit: int) -> str:
    """Append *loop* to a right answer; tell what the page said, when, and the next check."""
    exercise = find_exercise("none_on_the_causeway")
    good = texts(exercise, "reference")
    with fresh() as page:
        check(page, exercise, good)
        page.wait_for_timeout(READING * 1000)
        told = check(page, exercise, {"windows.py": good["windows.py"] + loop}, limit)
        after = check(page, exercise, good)
    if after["said"] != "passed":
        sys.exit(f"After the loop the reference gave {after['said']}.")
    return f"{told['said']} ({told['seconds']:.1f} s); next check {after['seconds']:.1f} s"


def many(exercise: Exercise, name: str) -> str:
    """Check edits of *name* in a row; tell whether any verdict was stale, times and memory."""
    seconds, memory, stale = [], [], 0
    with fresh() as page:
        for n in range(MANY):
            files = texts(exercise, ("start", "reference")[n % 2])
            files[name] += f"\n# edit {n}\n"
            done = check(page, exercise, files)
            stale += done["said"] != ("not_yet", "passed")[n % 2]
            seconds.append(done["seconds"])
            page.wait_for_timeout(100)  # a worker that has grown past its limit is gone by then
            marks = [each.evaluate(MARKS) for each in page.workers]
            memory.append(max(each.get("graded", 0) for each in marks) / 1e6)
    first, last = statistics.mean(seconds[1:11]), statistics.mean(seconds[-10:])
    grown = "MB after 1, 25, 50: " + ", ".join(f"{memory[n]:.0f}" for n in (0, 24, -1))
    return f"first ten {first:.2f} s each, last ten {last:.2f} s; {stale} stale; {grown}"


def main() -> None:
    titles = ["first verdict", "boot", "packs", "import", "grade", "next, least", "next, median"]
    table = Table("exercise", *titles, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("Pyodide alone (floor)", "", f"{floor():.1f}")
    for each in find_exercises():
        about = json.loads((PUBLIC / "_page" / PACKS["exercises"][each.id]["file"]).read_text())
        if not about["missing"]:
            table.add_row(each.name, *exercise_row(each))
    Console(width=110).print(table)
    edited = find_exercise("none_on_the_causeway")
    print("\nA loop in Python:", run_away("\nwhile True: pass", LIMIT))
    print("A loop in C:", run_away("\nsum(iter(int, 1))", 5))
    print(f"{MANY} checks with edits, {edited.name}: {many(edited, 'windows.py')}")
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
