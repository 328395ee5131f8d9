"""The scripts of every page, and the lists they read, written into a built site.

The scripts import one another by name, so they stand together in a folder with their digest in
its name: a page never mixes those of two releases.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from workbook.course import ROOT, digest, find_exercises

HERE = Path(__file__).parent
SCRIPTS = ("archive.mjs", "cluster.css", "cluster.mjs", "cluster-manifest.mjs",
           "cluster-session.mjs", "cluster-words.mjs", "diagnosis.mjs", "diagnostic.mjs",
           "dom.mjs", "offline.mjs", "page.mjs", "passed.mjs", "progress.mjs", "quiz.mjs",
           "record.mjs", "runner.mjs", "store.mjs", "verdict.mjs", "workbench.css",
           "workbench.mjs", "worker.mjs")  # fmt: skip
# Each is made one file with what it imports from npm.
BUNDLED = ("cluster-library.mjs", "editor.mjs", "libraries.mjs")
LOCK = "package-lock.json"
NOT_READ = (".buildinfo", "objects.inv", "sw.mjs", "_page/offline.json")  # by who is offline
QUIZ = re.compile(r'data-quiz="([^"]+)" data-digest="([^"]+)"')


def folder() -> str:
    """Name the folder of the scripts below _page/."""
    content = b"".join((HERE / name).read_bytes() for name in (*SCRIPTS, *BUNDLED, LOCK))
    return f"scripts-{hashlib.sha256(content).hexdigest()[:12]}"


def write_lists(public: Path, root: Path = ROOT) -> None:
    """Write course.json, which progress is counted by, and offline.json into the site *public*."""
    shutil.copy(HERE / "sw.mjs", public)
    quizzes = {
        found[1]: found[2]
        for page in sorted((public / "course").glob("*.html"))
        for found in QUIZ.finditer(page.read_text("utf-8"))
    }
    exercises = {each.id: digest(each.start) for each in find_exercises(root)}
    course = {"exercises": exercises, "quizzes": quizzes}
    (public / "_page").mkdir(exist_ok=True)
    (public / "_page" / "course.json").write_text(json.dumps(course))
    files = {name: [digest, size] for name, digest, size in listed(public)}
    (public / "_page" / "offline.json").write_text(json.dumps({"files": files}))


def listed(public: Path) -> Iterator[tuple[str, str, int]]:
    """Give what a reader without a network needs: name, digest, and the bytes of its transfer."""
    for path in sorted(public.rglob("*")):
        name = path.relative_to(public).as_posix()
        if not path.is_file() or (path.suffix in (".gz", ".br") and ".tar." not in path.name):
            continue
        if name in NOT_READ or name.startswith("_sources/"):
            continue
        siblings = [path.with_name(path.name + suffix) for suffix in (".gz", ".br")]
        sizes = [each.stat().st_size for each in (path, *siblings) if each.exists()]
        yield name, hashlib.sha256(path.read_bytes()).hexdigest()[:12], min(sizes)
