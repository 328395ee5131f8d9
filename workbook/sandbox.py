"""The learner's process in a sandbox of bubblewrap, and the confinement of the judge itself.

Two walls, one in the other. The outer one holds a judge: the system read-only, no network, a
process space of its own, a small file system in memory for what it judges, and never root. The
inner one holds each run of a learner's process: nothing but an interpreter, the tools and the files
judged. What a run leaves behind ends with it.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from signal import SIGKILL, SIGXCPU

from workbook.course import ROOT, CourseError
from workbook.process import MEMORY, Done, environment, finish, interpreter, remove

BOXES = 256 << 20  # bytes that the files of a judge's submissions may have together
SPARE = 64 << 20  # bytes of /tmp within a run
EVALUATES, RUNS = 64, 512  # processes at a time: of an expression, of a tool
TMP, SHM = "/tmp", "/dev/shm"  # noqa: S108 - mounts of each wall's own, not the system's
CGROUPS = Path("/sys/fs/cgroup")
FIRST_USER = 61000  # the users of judges that root starts: nobody's, by Debian's policy
# What tools read there; the rest of /etc is none of a learner's business.
ETC = ("alternatives", "fonts", "ld.so.cache", "localtime", "mime.types", "chromium.d")


def bubblewrap() -> str:
    """Find bubblewrap; raises CourseError where there is none."""
    found = shutil.which("bwrap")
    if found is None:
        raise CourseError(
            "There is no bubblewrap here, which confines what a learner wrote.\n"
            "`make system` installs it. Without it, and only for people you trust: --trusted."
        )
    return found


def in_sandbox(command: list[str], text: str, cpu: int, wall: int, folder: Path) -> Done:
    """Run the learner's process behind the inner wall: a `workbook.process.Process`."""
    home = Path(folder.parent, "home")
    remove(home)
    home.mkdir()
    place = str(folder.parent)
    processes = RUNS if command[0] == "run" else EVALUATES
    variables = [word for pair in environment(str(home)).items() for word in ("--setenv", *pair)]
    argv = [
        *inner(), "--bind", place, place, "--remount-ro", "/", *variables,
        "--chdir", str(folder), "--", *interpreter(command), str(cpu), str(processes), *command,
    ]  # fmt: skip
    # An empty environment for bubblewrap too: within, /proc shows that of process 1.
    done = finish(
        argv, {}, text, wall, MEMORY[command[0]], folder, str(home),
        ended=(128 + SIGXCPU, 128 + SIGKILL),
    )  # fmt: skip
    return replace(done, code=128 - done.code) if done.code and done.code > 128 else done


@cache
def inner() -> list[str]:
    """Give the inner wall, up to what differs from run to run.

    Of the names of hosts it knows localhost alone, under which browsers' drivers are called.
    """
    package = str(ROOT / "workbook")
    return [
        bubblewrap(), "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--cap-drop", "ALL", "--clearenv", *system(), "--proc", "/proc",
        "--dev", "/dev", "--size", str(SPARE), "--tmpfs", SHM, "--remount-ro", "/dev",
        "--size", str(SPARE), "--tmpfs", TMP,
        "--ro-bind", f"{package}/hosts", "/etc/hosts",
        *(word for path in (*prefixes(), package) for word in ("--ro-bind", path, path)),
    ]  # fmt: skip


def system() -> Iterator[str]:
    """Give the part of the system that programs need, as bubblewrap binds it."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def prefixes() -> list[str]:
    """Name the folders of the interpreter and of its environment."""
    real = Path(os.path.realpath(sys.executable)).parents[1]
    return sorted({sys.prefix, sys.base_prefix, str(real)} - {"/usr"})


def outer(number: int, root: Path) -> list[str]:
    """Give the outer wall of judge *number* of the course at *root*: a command that starts one."""
    needed = [*prefixes(), str(ROOT), str(root)]
    below_tmp = [path for path in needed if within(path, TMP)]
    wall = [
        bubblewrap(), "--die-with-parent", "--unshare-user", "--unshare-pid", "--unshare-net",
        "--unshare-ipc", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        "--perms", "1777", "--size", str(BOXES), "--tmpfs", TMP,
        *bound(below_tmp, TMP), "--chdir", "/", "--",
    ]  # fmt: skip
    if os.geteuid() != 0:
        return wall
    # As root no limit on processes holds: another user judges, and sees what it needs of ours.
    user = str(FIRST_USER + number)
    # A change of user forgets with whom to die: it is said again.
    other = [
        "setpriv",
        "--reuid",
        user,
        "--regid",
        user,
        "--clear-groups",
        "--pdeathsig",
        "KILL",
        "--",
    ]
    hidden = sorted({folder for path in needed if (folder := closed(path))})
    if not hidden:
        return [*other, *wall]
    opened = [
        word
        for folder in hidden
        for word in ("--tmpfs", folder, *bound([p for p in needed if within(p, folder)], folder))
    ]
    return [bubblewrap(), "--die-with-parent", "--dev-bind", "/", "/", *opened, "--", *other, *wall]


def grouped(number: int) -> tuple[list[str], Path | None]:
    """Make a cgroup for the memory of judge *number*: what starts a command in it, and the group.

    Nothing and None where none can be made: then `workbook.process` alone adds up what is used.
    """
    own = dict(
        line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines()
    )
    first, limits = CGROUPS / "memory", ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
    if first.is_dir():
        path = next((own[each] for each in own if "memory" in each.split(",")), "/")
    else:
        first, path, limits = CGROUPS, own.get("", "/"), ("memory.max", "memory.swap.max")
    parent = place if (place := first / path[1:]).is_dir() else first
    group = parent / f"workbook-{os.getpid()}-{number}"
    with suppress(OSError):
        for left in parent.glob("workbook-*"):  # of a run that was killed: none with processes goes
            with suppress(OSError):
                left.rmdir()
        group.mkdir(exist_ok=True)
        (group / limits[0]).write_text(str(MEMORY["run"] + BOXES))
        with suppress(OSError):  # where swap is counted at all
            (group / limits[1]).write_text(str(MEMORY["run"] + BOXES) if first != CGROUPS else "0")
        return ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(group / "cgroup.procs")], group
    with suppress(OSError):
        group.rmdir()
    return [], None


def bound(paths: list[str], folder: str) -> Iterator[str]:
    """Bind *paths* below *folder* again, over which something else was mounted."""
    for path in paths:
        between = [str(each) for each in Path(path).parents if within(str(each), folder)]
        for each in reversed(between):
            yield from ("--perms", "0755", "--dir", each)
        yield from ("--ro-bind", path, path)


def within(path: str, folder: str) -> bool:
    """Whether *path* is below *folder*."""
    return Path(folder) in Path(path).parents


def closed(path: str) -> str:
    """Give the highest folder on the way to *path* that another user cannot pass, or nothing."""
    for folder in reversed(Path(path).parents):
        if not folder.stat().st_mode & 0o001:
            return str(folder)
    return ""
