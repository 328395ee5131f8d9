"""Behind its walls the batch judge gives no attack a point, and loses none of its own.

Each folder attacks/FAMILY/NAME is what one student hands in; README.md there says how it is laid
out. All of them are graded in one batch, next to an honest answer and the reference. Where that is
done by root, those that try the walls are graded once more, by an ordinary user.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.gradebook import Gradebook

ATTACKS = Path(__file__).parent / "attacks"
COURSE = Path(__file__).parent / "course"
ROOT = Path(__file__).parents[2]
TOLL = "exercises/m1_crossing/toll"
HONEST = "def toll(axles):\n    return max(axles, 0) * 150\n"
NOBODY = 65534
MARK = "causeway-attack"  # in the name of whatever an attack may leave behind

# What grades the batch: a process of its own, whose name is what attacks look for.
GRADE = """
import sys
from pathlib import Path
from workbook.batch import grade_batch
submissions, out, root = map(Path, sys.argv[1:])
grade_batch(submissions, out, root=root)
"""


@dataclass(frozen=True)
class Attack:
    """An attack as its attack.toml tells it."""

    folder: Path

    @property
    def student(self) -> str:
        return f"{self.folder.parent.name}__{self.folder.name}"

    @property
    def told(self):
        return tomllib.loads((self.folder / "attack.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Batch:
    """What a batch left: the gradebook, and what changed outside of it."""

    entries: dict
    notes: dict[str, str]
    changed: set[str]
    left: list[str]
    running: set[str]


FOUND = [Attack(path.parent) for path in sorted(ATTACKS.glob("*/*/attack.toml"))]
# What comes of these depends on who grades: on whose the files and processes are. The others speak
# to what stands behind the walls, which is the same.
WALLS = ("archives", "bombs", "escapes", "folders", "network", "reads", "writes_outside")
IS_ROOT = os.getuid() == 0
AGAIN = [attack for attack in FOUND if not IS_ROOT or attack.folder.parent.name in WALLS]
TRIED = {"root": FOUND, "user": AGAIN}


def parametrized() -> Iterator[object]:
    """Give each attack; one that found a hole must fail until its attack.toml tells of none."""
    for user, tried in TRIED.items():
        for attack in tried:
            hole = attack.told.get("hole")
            marks = [pytest.mark.xfail(strict=True, reason=hole)] if hole else []
            yield pytest.param(user, attack, id=f"{user}-{attack.student}", marks=marks)


def lay_out(attack: Attack, submissions: Path, scratch: Path) -> None:
    """Put what *attack* hands in among the submissions: on top of the honest part."""
    work = scratch / attack.student
    finished(work)
    for part in attack.folder.iterdir():
        if part.is_dir() and part.name != "__pycache__":
            shutil.copytree(part, work / part.name, dirs_exist_ok=True)
        elif part.name not in ("attack.toml", "build.py", "__pycache__"):
            shutil.copy(part, work)
    made = work
    if (attack.folder / "build.py").exists():
        spec = importlib.util.spec_from_file_location("build", attack.folder / "build.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        made = module.build(work)
    ending = "" if made.is_symlink() or made.is_dir() else "".join(made.suffixes)
    made.rename(submissions / (attack.student + ending))


def finished(folder: Path, answer: str = HONEST) -> None:
    """Lay out the reference's data, and *answer*."""
    shutil.copytree(COURSE / "solutions" / "m1_crossing" / "toll", folder / TOLL)
    (folder / TOLL / "toll.py").write_text(answer, encoding="utf-8")


@contextmanager
def services(place: Path) -> Iterator[None]:
    """Open what attacks look for: a port, an abstract name, a socket in a folder."""
    with ExitStack() as stack:
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (socket.AF_UNIX, f"\0{MARK}-{os.getpid()}"),
            (socket.AF_UNIX, str(place / "service")),
        ):
            server = stack.enter_context(socket.socket(family))
            server.bind(address)
            server.listen()
        yield


def state(root: Path) -> set[str]:
    """Give each file below *root* with its mode, its time and its content."""
    return {
        f"{path} {path.lstat().st_mode} {path.lstat().st_mtime_ns} "
        + (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in root.rglob("*")
    }


def processes() -> set[str]:
    """Name the processes that bear the mark of an attack; a zombie is none."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == MARK and (folder / "cmdline").read_bytes():
                found.add(folder.name)
        except OSError:  # it ended meanwhile
            continue
    return found


def as_user(home: Path) -> list[str]:
    """Give what runs a command as an ordinary user, who can reach this interpreter; or skip."""
    if not IS_ROOT:
        return []
    base = Path(sys.base_prefix).resolve()
    closed = [each for each in reversed(base.parents) if not each.stat().st_mode & 0o001]
    opened = ["--perms", "0755", "--tmpfs", str(closed[0])] if closed else []
    for each in reversed(base.parents) if closed else ():
        if closed[0] in each.parents:
            opened += ["--perms", "0755", "--dir", str(each)]
    opened += ["--ro-bind", str(base), str(base)] if closed else []
    other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", *opened, "--", *other]
    tried = subprocess.run(
        [*command, sys.executable, "-c", "import pytest"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if tried.returncode:
        pytest.skip(f"No other user can run this interpreter: {tried.stderr[-200:]}")
    for path in (home, *home.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    return command


@pytest.fixture(scope="session")
def root_batch(measured) -> Iterator[Batch]:
    """All attacks, graded once by root."""
    yield from graded("root", measured)


@pytest.fixture(scope="session")
def user_batch(measured) -> Iterator[Batch]:
    """All attacks, or those on the walls, graded once by an ordinary user."""
    yield from graded("user", measured)


@pytest.fixture(params=["root", "user"])
def batch(request) -> Batch:
    """The one batch or the other."""
    return request.getfixturevalue(f"{request.param}_batch")


def graded(user: str, measured) -> Iterator[Batch]:
    """Grade in one batch what is tried as root or as an ordinary user."""
    if not shutil.which("bwrap"):
        missing = "There is no bubblewrap here, behind which the batch judges."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    if user == "root" and not IS_ROOT:
        pytest.skip("Only root can grade as root.")
    # Not below pytest's own folder, which no other user may enter.
    home = Path(tempfile.mkdtemp(prefix="attacked-"))
    home.chmod(0o755)
    try:
        submissions, scratch = home / "submissions", home / "scratch"
        for folder in (submissions, scratch, home / "out", home / "tmp"):
            folder.mkdir()
        root = Path(shutil.copytree(COURSE, home / "course"))
        finished(submissions / "honest")
        shutil.copytree(COURSE / "solutions", submissions / "reference" / "exercises")
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(str(ATTACKS))
            for attack in TRIED[user]:
                lay_out(attack, submissions, scratch)
        (home / "causeway-judge.py").write_text(GRADE, encoding="utf-8")
        command = as_user(home) if user == "user" else []
        counted = [] if command else measured  # another user cannot write the figures
        before, there = state(root), set(os.listdir("/tmp"))  # noqa: S108 - where attacks write
        with services(home):
            ran = subprocess.run(
                [*command, sys.executable, *counted, str(home / "causeway-judge.py"),
                 str(submissions), str(home / "out"), str(root)],
                cwd=home, capture_output=True, text=True, check=False, timeout=1800,
                env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(home / "tmp"),
                     "GRADING_TOKEN": "tide-live-1234"},
            )  # fmt: skip
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-5000:]
        until, running = time.monotonic() + 10, processes()
        while running and time.monotonic() < until:
            time.sleep(0.1)
            running &= processes()  # what starts now is of another run on this machine
        new = set(os.listdir("/tmp")) - there  # noqa: S108 - as above
        with Gradebook(home / "out") as book:
            yield Batch(
                {entry.student: entry for entry in book.standing()
                 if entry.exercise == "m1_crossing/toll"},
                dict(book.students()),
                state(root) ^ before,
                [*map(str, (home / "tmp").iterdir()), *(name for name in new if MARK in name)],
                running,
            )  # fmt: skip
    finally:
        shutil.rmtree(home, ignore_errors=True)


def points(entry) -> dict[str, int]:
    """Give the points of a verdict, check by check."""
    return {check["id"]: check["points"] for check in entry.verdict["checks"]}


HONEST_POINTS = {
    "test_each_axle_is_charged": 2,
    "test_nobody_pays_nothing": 0,
    "test_tariff_is_told": 1,
    "test_ruff_is_silent": 1,
}


@pytest.mark.parametrize(("batch", "attack"), list(parametrized()), indirect=["batch"])
def test_attack_gains_nothing(attack, batch):
    """Whatever is handed in is worth its honest part, and the verdict on it can be kept."""
    told, entry = attack.told, batch.entries[attack.student]
    checks = entry.verdict["checks"]
    words = [entry.intake, batch.notes[attack.student]]
    words += [check[part] for check in checks for part in ("message", "detail")]

    assert entry.outcome == told["outcome"], words
    if "may_lose" in told:
        assert entry.points <= told["points"], words
    else:
        assert entry.points == told["points"], words
    assert all(points(entry)[name] <= most for name, most in HONEST_POINTS.items())
    assert any(told.get("message", "") in each for each in words), words
    assert len(entry.document.encode()) < 20_000
    assert not [each for each in words if set(each) & UNSHOWABLE]


# A terminal obeys the first, no file holds the second, and the third turn a line about.
UNSHOWABLE = {
    chr(code)
    for code in (*range(0x10000), *range(0xE0000, 0xE0100))
    if unicodedata.category(chr(code)) in ("Cc", "Cs") or 0x202A <= code <= 0x202E
} - {"\n", "\t"}


def test_other_students_are_untouched(batch):
    """An honest answer and the reference, graded among all these, have their own verdicts."""
    honest, reference = batch.entries["honest"], batch.entries["reference"]

    assert (honest.outcome, points(honest)) == ("not_yet", HONEST_POINTS)
    assert (reference.outcome, reference.points, reference.of) == ("passed", 7, 7)
    assert json.loads(honest.document)["checks"][1]["message"] == "toll(0) gave 0, expected None."


def test_nothing_is_left_behind(batch):
    """No file of the course is another, no process runs on, nothing lies in /tmp."""
    assert not batch.changed
    assert not batch.running
    assert not batch.left
