"""Grade *Drift and tamper*: what the files say, what gets installed, and what the guard notices."""

import hashlib
import re
import secrets
import shlex
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import InvalidRequirement, Requirement

from workbook import wheels
from workbook.submission import NotGradable

pytestmark = pytest.mark.needs("uv", "sh")

DATA = Path(__file__).with_name("drift_and_tamper")
PROJECT, LOCK, REQUIREMENTS = "pyproject.toml", "requirements-dev.txt", "requirements.txt"
UV = ("--quiet", "--no-config", "--offline", "--no-index", "--find-links", "wheels")
GROUPS = {LOCK: ("--group", "dev"), REQUIREMENTS: ()}
COMPILE = ("uv", "pip", "compile", *UV, "--generate-hashes", "--no-header", "--no-annotate")
ENTRY = re.compile(r"([\w.-]+==[\w.]+)((?:\s+--hash=sha256:[0-9a-f]{64})+)")
AGREE = "when all agree"

SIGN = r"panel.draw(parchment.read('day: 15\nsign: closed until nine')['sign'])"
INSTALLED = "import sys; sys.path.insert(0, 'installed'); import panel, parchment"
SAYS = "CLOSED UNTIL NINE"

# The judge's project: what it asks for, in the shape of the learner's.
ASKS = """
[project]
name = "signboard"
description = "{description}"
version = "4.2"
requires-python = ">=3.11"
dependencies = {dependencies}

[dependency-groups]
dev = {tools}
"""
ASKED, TOOLS = ["panel>=3", "parchment>=1.6.1"], ["pytest>=9"]


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of the three files is written by hand, and which are written from it?",
    "uv pip compile: https://docs.astral.sh/uv/pip/compile/",
)
def test_files_agree(submission, advise):
    """Both files hold what pyproject.toml asks for, in one release each, and nothing else."""
    asked = requirements(submission)
    kept = [each for each in asked if each.name == "parchment" and "1.5.2" not in each.specifier]
    advise(not kept, "The file asked for the repaired parchment. Which of the files was wrong?")
    assert kept, "pyproject.toml no longer asks for a parchment above 1.5.2."
    assert {each.name for each in asked} == {"panel", "parchment"}, (
        "pyproject.toml asks for something else than panel and parchment."
    )
    lay_index(submission)
    (submission.path / "constraints.txt").write_text("\n".join(entries(submission, LOCK)))
    locked, exported = (entries(submission, name) for name in (LOCK, REQUIREMENTS))
    made = compiled(submission, "--constraint", "constraints.txt")
    for name, found in ((LOCK, locked), (REQUIREMENTS, exported)):
        wanted = entries_of(made[name]) if name in made else None
        advise(wanted is None, f"Constrained by {LOCK}, can what is asked for be had at all?")
        assert wanted is not None, f"{LOCK} does not hold what pyproject.toml asks for."
        differ = ", ".join(sorted(set(wanted) ^ set(found)))
        advise(set(wanted) - set(found), "What asks for these packages? Follow what each requires.")
        advise(differ, "Which command writes this file, and from what?")
        assert not differ, f"{name} and what pyproject.toml asks for differ in {differ}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which hash belongs to which wheel? sha256sum wheels/* tells.",
    "Hashes: https://pip.pypa.io/en/stable/topics/secure-installs/",
)
def test_hashes_are_those_of_the_wheels(submission, advise):
    """Each entry of both files has the hash of its wheel."""
    lay_index(submission)
    for name in (LOCK, REQUIREMENTS):
        found = entries(submission, name)
        without = [release for release, hashes in found.items() if not hashes]
        advise(without, "With what shall an installer compare the wheel that it is given?")
        assert not without, f"{name} has no hash for {', '.join(without)}."
        wrong = wrong_hashes(submission, found)
        advise(
            wrong, "lock.sh ran, and this hash is still there. What did uv read before it wrote?"
        )
        assert not wrong, f"{name} has a hash that is not the wheel's for {', '.join(wrong)}."


@pytest.mark.points(1)
@pytest.mark.hint("Run it into an empty folder. What is there, and what does the sign import?")
def test_sign_is_set_up(submission, advise):
    """install.sh installs what a sign needs, the locked releases, whatever came out since."""
    lay_index(submission, newer=since())
    done = run(submission, "sh", "install.sh")
    advise(done.returncode, "Run sh install.sh. What is it that uv asks for?")
    assert done.returncode == 0, f"sh install.sh: exit code {done.returncode}, expected 0."
    try:
        says = submission.evaluate(SIGN, setup=INSTALLED)
    except NotGradable as error:
        says = error.args[0]
    advise(says != SAYS, "Who installs what panel itself requires, when uv is told not to?")
    assert says == SAYS, f"The sign that was set up cannot show a line: {says}"
    found = (submission.path / "installed").glob("*.dist-info")
    there = {path.name.removesuffix(".dist-info") for path in found}
    locked = {each.replace("==", "-") for each in entries(submission, REQUIREMENTS)}
    advise(not locked <= there, "Which file names the releases, and does install.sh read it?")
    assert locked <= there, f"install.sh installs something else than {REQUIREMENTS} says."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Make a wheel anew with another word in it, under the same name. What does install.sh do?",
    "Hash checking: https://pip.pypa.io/en/stable/topics/secure-installs/",
)
def test_tampered_wheel_is_not_installed(submission, advise):
    """When a wheel is not the one that was locked, install.sh installs nothing and fails.

    Each package is tried: another word in its module, and the wheel closed again, without a flaw.
    """
    believed, left = [], []
    for name in ("glyphs", "panel", "parchment"):
        newer = since()
        with submission.apart() as box:
            lay_index(box, newer=newer, tampered=name)
            done = run(box, "sh", "install.sh")
            found = contents(box.path / "installed")
        if done.returncode == 0:
            believed.append(name)
        if any(f"({word(newer)})".encode() in each for each in found):
            left.append(name)

    hashed = all(entries(submission, REQUIREMENTS).values())
    advise(
        left and hashed,
        "The hashes are there. Which of your commands compares them, and which not?",
    )
    advise(believed and not hashed, "What did the installer have to compare the wheel with?")
    assert not left, f"It installs a tampered {', '.join(left)}."
    advise(believed, "Who reads the exit code, and what does it say?")
    assert not believed, f"It exits with 0 over a tampered {', '.join(believed)}."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Change one word in one of the three files, and run the guard. Which change does it miss?",
    "Compare what the files say with what they should say. Who can tell what they should?",
)
def test_guard_notices_drift(submission, advise):
    """Whichever of the files drifts from the others, the guard exits with another code than 0."""
    seen = rounds(submission)
    missed = [each.what for each in seen if each.what not in QUIET and each.code == 0]

    repaired = [each.what for each in seen if each.changed and each.what in missed]
    advise(repaired, "Did the guard just repair the evidence?")
    advise(len(missed) == len(DRIFT), "Is there anything at all that it does not approve of?")
    advise(missed, "Which of the files does the guard never read, or which part of it?")
    assert not missed, f"It exits with 0 {'; '.join(missed)}."


@pytest.mark.points(2)
@pytest.mark.hint("What does the guard compare that may differ although nobody did anything wrong?")
def test_guard_gives_no_false_alarm(submission, advise):
    """Over files that agree the guard exits with 0, whatever is new in the index."""
    alarmed = [each.what for each in rounds(submission) if each.what in QUIET and each.code]

    advise("when newer releases came out" in alarmed and AGREE not in alarmed,
           "Something was released last night. Did anybody change the project?")  # fmt: skip
    advise(
        AGREE in alarmed, "The project is not yours, and its files agree. What is it alarmed by?"
    )
    lay_index(submission)
    own = run(submission.copy(), "python", "guard.py")
    advise(own.returncode and not alarmed, "Do your own three files agree?")
    assert not alarmed, f"It raises an alarm {'; '.join(alarmed)}."
    assert own.returncode == 0, (
        f"python guard.py, over your files: exit code {own.returncode}, expected 0."
    )


@pytest.mark.points(2)
@pytest.mark.hint("Look at the files before and after. Who wrote to them?")
def test_guard_changes_nothing(submission, advise):
    """After the guard has run, the files and the index are what they were."""
    changed = [each.what for each in rounds(submission) if each.changed]

    advise(changed, "Did the guard just repair the evidence? Where else could it write?")
    assert not changed, f"It changes files {'; '.join(changed)}."


@dataclass(frozen=True)
class Round:
    """One run of the guard: over what, how it ended, and whether it changed anything."""

    what: str
    code: int
    changed: bool


QUIET = (AGREE, "when newer releases came out")
DRIFT = (
    "when pyproject.toml asks for one package more",
    "when pyproject.toml asks for a newer release than the locked one",
    "when pyproject.toml no longer asks for a package",
    "when pyproject.toml asks for one tool more",
    "when requirements.txt has another release than the lock",
    "when requirements.txt lacks what a package requires",
    "when requirements.txt has another hash than the lock",
    "when the lock has an entry without a hash",
    "when the lock is gone",
)
ROUNDS = {}  # the last guard only: three checks ask about the same runs


def rounds(submission):
    """Run the guard over projects of the judge's: some agree, the others have drifted."""
    guard = submission.read("guard.py")
    if guard not in ROUNDS:
        ROUNDS.clear()
        # A package has a name that was never there before: no guard can know the project.
        own = f"tide{secrets.token_hex(4)}"
        whats = [*QUIET, *DRIFT]
        order = secrets.SystemRandom().sample(whats, len(whats))
        agreed = lock_own_project(submission, own)
        found = [try_guard(submission, agreed, own, what) for what in order]
        ROUNDS[guard] = sorted(found, key=lambda each: whats.index(each.what))
    return ROUNDS[guard]


def lock_own_project(submission, own):
    """Write both files for the judge's project, which asks for the package *own* as well."""
    with submission.apart() as box:
        lay_index(box, own)
        put(box, [*ASKED, own], TOOLS)
        made = compiled(box)
    if len(made) != len(GROUPS):
        raise RuntimeError(f"Of the judge's own project only {[*made]} can be made.")
    return made


def try_guard(submission, agreed, own, what):
    """Make *what* happen to the project that agreed, and run the guard over it."""
    with submission.apart() as box:
        newer = since()
        lay_index(box, own, newer=newer if what == QUIET[1] or what in DRIFT[:4] else 0)
        asks = [*ASKED, own]
        asks, tools = {
            DRIFT[0]: ([*asks, buoy(own)], TOOLS),
            DRIFT[1]: ([each.replace("1.6.1", f"1.{newer}") for each in asks], TOOLS),
            DRIFT[2]: (asks[:2], TOOLS),
            DRIFT[3]: (asks, [*TOOLS, buoy(own)]),
        }.get(what, (asks, TOOLS))
        put(box, asks, tools)
        for file, text in agreed.items():
            (box.path / file).write_text(text)
        edit(box, what)
        before = state(box)
        done = run(box, "python", "guard.py")
        return Round(what, int(done.returncode), state(box) != before)


def edit(box, what):
    """Change one of the two files, where that is *what* happened."""
    lock, exported = box.path / LOCK, box.path / REQUIREMENTS
    text = exported.read_text()
    glyphs = re.search(r"^glyphs==.*\n.*\n", text, re.MULTILINE)[0]
    digest = re.search(r"[0-9a-f]{64}", text)[0]
    if what == DRIFT[4]:
        older = entries_of(lock.read_text())["panel==3.1"]
        wheel = next((box.path / "wheels").glob("panel-3.0-*.whl"))
        text = text.replace("panel==3.1", "panel==3.0").replace(*older, sha256(wheel))
    elif what == DRIFT[5]:
        text = text.replace(glyphs, "")
    elif what == DRIFT[6]:
        text = text.replace(digest, secrets.token_hex(32))
    elif what == DRIFT[7]:
        locked = lock.read_text()
        lock.write_text(re.sub(r" \\\n\s+--hash=\S+", "", locked, count=1))
    elif what == DRIFT[8]:
        lock.unlink()
    exported.write_text(text)


def put(box, asks, tools):
    """Write the judge's pyproject.toml, with a description that was never there before."""
    description = f"The sign of the day is {secrets.token_hex(4)}."
    text = ASKS.format(description=description, dependencies=asks, tools=tools)
    (box.path / PROJECT).write_text(text)


def lay_index(box, own="", *, newer=0, tampered=""):
    """Make the folder wheels anew: the index, with packages of the judge's among it.

    *newer* is the minor number, of two digits, of the releases that came out since. A *tampered*
    package has another word in its code, as long as the old one: no size gives it away.
    """
    folder = box.path / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    table = tomllib.loads((DATA / "index.toml").read_text(encoding="utf-8"))
    table |= {name: {"1.0": {}} for name in (own, own and buoy(own)) if name}
    if newer:
        for releases in table.values():
            last = [*releases][-1]
            releases[f"{last.split('.')[0]}.{newer}"] = dict(releases[last])
    for release in table.get(tampered, {}).values():
        release["module"] = release["module"].replace("text", word(newer))
    wheels.build_all(table, folder)


def since():
    """Choose the minor number of what came out since."""
    return 10 + secrets.randbelow(90)


def word(newer):
    """Give a word of four letters that stands in no honest wheel."""
    return f"ts{newer}"


def buoy(own):
    """Name the package that is asked for only later."""
    return own.replace("tide", "buoy")


def requirements(submission):
    """Give what the learner's pyproject.toml asks for, by name and release alone."""
    project = submission.toml(PROJECT).get("project")
    found = project.get("dependencies") if isinstance(project, dict) else None
    try:
        asked = [Requirement(each) for each in found or []]
    except (InvalidRequirement, TypeError):
        pytest.fail("pyproject.toml asks for something that is no requirement.")
    if any(each.url for each in asked):
        pytest.fail("pyproject.toml asks for something from an address.")
    return asked


def compiled(box, *constraint):
    """Give what uv makes of pyproject.toml today: each file's text, but of one that it cannot."""
    lines = [shlex.join([*COMPILE, PROJECT, *groups, *constraint, "-o", f"made/{file}"])
             + f" && echo {file}" for file, groups in GROUPS.items()]  # fmt: skip
    done = run(box, "sh", "-c", "\n".join(["mkdir made", *lines])).stdout.split()
    return {file: (box.path / "made" / file).read_text() for file in GROUPS if file in done}


KNOWN = {}  # what uv keeps of the interpreter, by the name of the file: nothing of a learner's


def run(box, *words):
    """Run *words* where uv knows the interpreter already: to ask it takes longer than all else."""
    if not KNOWN:
        with box.apart() as alone:
            kept = alone.path.parent / "cache"
            options = ("--no-config", "--no-project", "--cache-dir", str(kept))
            alone.run("uv", "python", "find", *options)
            KNOWN.update((path.relative_to(kept), path.read_bytes())
                         for path in kept.glob("interpreter-*/*/*"))  # fmt: skip
    cache = Path(tempfile.mkdtemp(dir=box.path.parent))
    for name, content in KNOWN.items():
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).write_bytes(content)
    given = f"UV_CACHE_DIR={cache}"
    try:
        return box.run("env", given, *words)
    except NotGradable as error:
        raise NotGradable(error.args[0].replace(f"env {given} ", ""), error.detail) from None


def entries(submission, name):
    """Give each release in a file of the learner's with its hashes."""
    return entries_of(submission.read(name))


def entries_of(text):
    """Give each line that names a package with its hashes, none for what is no entry."""
    joined = re.sub(r"\\\n|(^|\s)#.*", " ", text)
    lines = [line.strip() for line in joined.splitlines() if line.strip()]
    found = [(line, ENTRY.fullmatch(line)) for line in lines]
    return {
        match[1] if match else line.split()[0]: re.findall(r"[0-9a-f]{64}", match[2])
        if match
        else []
        for line, match in found
    }


def wrong_hashes(submission, found):
    """Name the releases whose wheel has none of the hashes given."""
    wrong = []
    for release, hashes in found.items():
        made = (submission.path / "wheels").glob(release.replace("==", "-") + "-py3-none-any.whl")
        if not any(sha256(each) in hashes for each in made):
            wrong.append(release)
    return wrong


def sha256(path):
    """Give the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def state(box):
    """Give the content of whatever a guard must leave alone."""
    files = {path.name: path for path in (box.path / "wheels").glob("*")}
    files |= {name: box.path / name for name in (PROJECT, LOCK, REQUIREMENTS)}
    return {name: content(path) for name, path in files.items()}


def content(path):
    """Give a file's content; nothing for a link or what cannot be read."""
    try:
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def contents(folder):
    """Give the content of the files below *folder*, without following a link."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    return [content(path) or b"" for path in folder.rglob("*")]
