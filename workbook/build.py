"""Build the site into public/, unless nothing that it is made of has changed since.

`python -m workbook.build`; warnings are errors. The site is built next to the old one and takes
its place only when whole.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from workbook.course import LEFTOVERS, ROOT, CourseError
from workbook.page import packs, scripts

HERE = Path(__file__).parent
TREES = ("course", "notebooks", "exercises", "solutions", "workbook")
SINGLE = ("conf.py", "index.md", "requirements.txt", "tests/m*/*.py", "tests/m*/*/*")


def inputs(root: Path) -> list[Path]:
    """List the files that the site is made of, in one order."""
    found = {path for tree in TREES for path in (root / tree).rglob("*") if path.is_file()}
    found |= {path for pattern in SINGLE for path in root.glob(pattern) if path.is_file()}
    return sorted(
        path
        for path in found
        if not any(LEFTOVERS.search(part) for part in path.relative_to(root).parts)
    )


def fingerprint(root: Path) -> str:
    """Give one digest of all inputs and of the interpreter that builds."""
    lines = [f"{sys.version}\n"]
    for path in inputs(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{content}  {path.relative_to(root)}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def build(root: Path = ROOT) -> int:
    """Build the site of the course at *root* if it is out of date; give Sphinx's exit code."""
    public, fresh = root / "public", root / ".build" / "public"
    stamp = root / ".build" / "fingerprint"
    now = fingerprint(root)
    if public.is_dir() and stamp.exists() and stamp.read_text() == now:
        return 0
    print("Building the site", flush=True)
    # Pages come out of the cache only while the code that made them is the same.
    code_is = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py"))))
    cache = root / ".build" / "doctrees" / code_is.hexdigest()[:12]
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["-b", "html", "-W", "--keep-going", "-n", "-d", str(cache)]
    command = [sys.executable, "-m", "sphinx", *options, str(root), str(fresh)]
    code = subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter
    if code == 0 and not (fresh / "index.html").is_file():
        raise CourseError("Sphinx ended with 0 and wrote no front page: what did it import last?")
    if code == 0:
        packs.build(fresh / "_page", root)
        scripts.write_lists(fresh, root)
        shutil.rmtree(public, ignore_errors=True)
        fresh.rename(public)
        stamp.write_text(now)
    return code


def main() -> int:
    try:
        return build()
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
