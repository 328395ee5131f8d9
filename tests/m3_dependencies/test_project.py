"""Grade *One source for what Causeway needs*: locks are resolved again, policies are played."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.dependency_groups import DependencyGroupResolver
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, canonicalize_version

from workbook import wheels

pytestmark = pytest.mark.needs("uv", "deptry")

DATA, POLICY = (Path(__file__).with_name(name) for name in ("project", "update_policy"))
PROJECT, LOCK, REQUIREMENTS = "pyproject.toml", "requirements-dev.txt", "requirements.txt"
RENOVATE = "renovate.json"
HOOKS = ".pre-commit-config.yaml"
COMPILE = (
    "uv", "pip", "compile", "--quiet", "--no-config", "--offline", "--no-index", "--no-header",
    "--no-annotate", "--find-links", "index", "--python-version", "3.11",
)  # fmt: skip
ENTRY = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)(\[[\w,-]*\])?==(?P<release>[\w.+!]+)\s*(;[^\\]*?)?"
    r"(?P<hashes>(\s+--hash=sha256:[0-9a-f]{64})*)"
)
# What runs Causeway and is not imported.
SERVERS = ("gunicorn", "uvicorn", "waitress")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Go through the imports of src. Who asks for each of them, and who for what is not imported?",
    "deptry: https://deptry.com/rules-violations/",
)
def test_asks_for_what_it_imports(submission, advise):
    """What src imports is what pyproject.toml asks for: deptry has nothing to report."""
    asked, _ = requirements(submission)
    # Under the judge's settings: only what is asked for is the learner's.
    text = f"[project]\nname = 'judged'\nversion = '0'\ndependencies = {json.dumps(asked)}\n"
    (submission.path / "judged.toml").write_text(text)
    ignored = "DEP002=" + "|".join(SERVERS)
    said = submission.run(
        *("deptry", "src", "--no-ansi", "--config", "judged.toml", "--json-output", "found.json"),
        *("--per-rule-ignores", ignored),
    )
    found = (submission.path / "found.json").read_text() if said.returncode else "[]"
    told = {(each["error"]["code"], each["module"]) for each in json.loads(found)}
    unused = sorted(name for code, name in told if code == "DEP002")
    missing = sorted(name for code, name in told if code != "DEP002")

    advise(unused, "Who needs that when a driver asks? Where do developers find it?")
    advise(missing, "What if the package that brings it today brings it no more?")
    assert not unused, f"pyproject.toml asks for {', '.join(unused)}, which src never imports."
    assert not missing, f"src imports {', '.join(missing)}, which pyproject.toml does not ask for."
    servers = [each for each in asked if canonicalize_name(Requirement(each).name) in SERVERS]
    assert servers, "Nothing that pyproject.toml asks for serves the application."


@pytest.mark.points(2)
@pytest.mark.hint(
    "A new developer installs the group dev, and nothing else. Which command fails first?",
    "include-group: https://packaging.python.org/en/latest/specifications/dependency-groups/",
)
def test_group_dev_has_the_tools(submission, advise):
    """The group dev has pytest, and whatever the hooks call."""
    _, tools = requirements(submission)
    advise(not tools, "Where does a new developer learn what they need, and by which command?")
    assert tools, "pyproject.toml has no dependency group dev."
    there = {canonicalize_name(Requirement(each).name) for each in tools}
    lacking = sorted({"pytest", *called_by_hooks(submission)} - there)

    advise(lacking, "Who calls that tool, and where does a new developer get it from?")
    assert not lacking, f"The group dev lacks {', '.join(lacking)}."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Write the file anew. Which lines come, and which go?",
    "uv pip compile: https://docs.astral.sh/uv/pip/compile/",
)
def test_locks_hold_what_is_asked_for(submission, advise):
    """Each lock holds what pyproject.toml asks for and what that requires, and nothing else."""
    asked, tools = requirements(submission)
    for name, wanted in ((LOCK, [*asked, *tools]), (REQUIREMENTS, asked)):
        advise(
            name not in submission.files, "Which file says what a developer gets, to the release?"
        )
        assert name in submission.files, f"There is no {name}."
        found = entries(submission, name)
        loose = [line for line, entry in found.items() if entry is None]
        advise(loose, "What will this line install tomorrow? Who asked for an address?")
        assert not loose, f"{name} has a line that names no single release: {loose[0]}"
        releases = {entry["name"]: entry["release"] for entry in found.values()}
        later = lay_index(submission, releases)
        least, most = (resolved(submission, wanted, releases, how) for how in ([], ["--universal"]))
        advise(least is None, "Can what pyproject.toml asks for be had from this lock?")
        assert least is not None, f"{name} does not hold what pyproject.toml asks for."
        lacking = sorted(set(least) - set(releases))
        advise(lacking, "You named a few packages. What do these require, and who locks that?")
        assert not lacking, f"{name} lacks {', '.join(lacking)}."
        # What a later release requires is not known here, nor what an extra does.
        unknown = later or any(Requirement(each).extras for each in wanted)
        stale = [] if unknown else sorted(set(releases) - {*least, *(most or {})})
        served = name == REQUIREMENTS and stale
        advise(served, "What does a server do with that? Which part of the lock is it to get?")
        advise(stale, "Nobody asks for that any more. Who wrote it here, and from what?")
        assert not stale, f"{name} has {', '.join(stale)}, which nothing asks for."


@pytest.mark.points(2)
@pytest.mark.hint(
    "With what does pip compare the file that it is given?",
    "Hashes: https://pip.pypa.io/en/stable/topics/secure-installs/",
)
def test_each_release_has_its_hashes(submission, advise):
    """Each entry has hashes, and those of a release that the judge knows are its files'."""
    known = table()
    for name in (REQUIREMENTS, LOCK):
        advise(
            name not in submission.files, "Which file says what a developer gets, to the release?"
        )
        assert name in submission.files, f"There is no {name}."
        found = [entry for entry in entries(submission, name).values() if entry]
        bare = sorted(entry["name"] for entry in found if not entry["hashes"])
        advise(bare, "The same name, the same release. Are they the same bytes?")
        assert not bare, f"{name} has no hash for {', '.join(bare)}."
        wrong = sorted(
            entry["name"]
            for entry in found
            if (files := known.get(entry["name"], {}).get(entry["release"], {}).get("hashes"))
            and not {each[:12] for each in entry["hashes"]} <= set(files)
        )
        advise(wrong, "Whose file has this hash? Where did you get it from?")
        assert not wrong, f"{name} has a hash that is of no file of {', '.join(wrong)}."


@pytest.mark.points(2)
@pytest.mark.hint("Write one lock from the other: which option keeps uv to the releases of a file?")
def test_servers_get_what_was_tested(submission, advise):
    """What a server gets, developers have in the same release, with the same hashes."""
    for name in (REQUIREMENTS, LOCK):
        advise(
            name not in submission.files, "Which file says what a developer gets, to the release?"
        )
        assert name in submission.files, f"There is no {name}."
    found = [entry for entry in entries(submission, REQUIREMENTS).values() if entry]
    tested = {e["name"]: e for e in entries(submission, LOCK).values() if e}
    differ = sorted(
        f"{entry['name']} {entry['release']}"
        for entry in found
        if (other := tested.get(entry["name"])) is None
        or (other["release"], set(other["hashes"])) != (entry["release"], set(entry["hashes"]))
    )

    advise(differ, "Two locks, two answers. On which of them were the tests run?")
    assert found, f"{REQUIREMENTS} locks nothing."
    assert not differ, f"{REQUIREMENTS} has {', '.join(differ)}; {LOCK} has it otherwise or not."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of the twelve updates in the exercise on policies would this file treat otherwise?",
    "https://docs.renovatebot.com/configuration-options/",
)
def test_updates_come_as_agreed(submission, advise):
    """renovate.json is as agreed: repairs come at once and alone, majors wait for a person."""
    advise(
        RENOVATE not in submission.files, "A lock stands still. Who tells you what came out since?"
    )
    assert RENOVATE in submission.files, f"There is no {RENOVATE}."
    found = played(submission)
    problems = sorted({words[0] for _, *words in found["problems"]})
    advise(problems, "What does renovate-config-validator --strict say?")
    assert not problems, f"Renovate does not take {', '.join(problems)} as it stands there."
    updates = found["updates"]
    together = {name: each["request"] for name, each in updates.items()}
    fixes = [name for name in updates if name.endswith("_fix")]
    majors = [name for name in updates if name.endswith("_major")]
    waiting = [
        name for name in fixes
        if updates[name]["age"] or not updates[name]["at_once"] or not updates[name]["offered"]
        or [*together.values()].count(together[name]) > 1
    ]  # fmt: skip
    merged = [name for name in majors if updates[name]["merges_itself"]]
    young = [name for name in updates if name not in fixes and updates[name]["age"] < 3]

    advise(waiting, "The hole is known since this morning. What does its repair wait for?")
    advise(merged, "Have the tests ever met the version that changed its promises?")
    advise(young, "A release is an hour old. Who has tried it before you?")
    assert not waiting, f"Kept waiting, or not alone: {', '.join(waiting)}."
    assert not merged, f"A major is merged without a person: {', '.join(merged)}."
    assert not young, f"Taken before it is three days old: {', '.join(young)}."


def requirements(submission):
    """Give what pyproject.toml asks for, and what its group dev adds, as plain requirements."""
    content = submission.toml(PROJECT)
    project = content.get("project")
    asked = project.get("dependencies", []) if isinstance(project, dict) else []
    groups = content.get("dependency-groups", {})
    try:
        parsed = [Requirement(each) for each in asked]
        tools = []
        if isinstance(groups, dict) and "dev" in {canonicalize_name(name) for name in groups}:
            tools = list(DependencyGroupResolver(groups).resolve("dev"))
    except InvalidRequirement as error:
        pytest.fail(f"pyproject.toml: {str(error).splitlines()[0]}")
    except Exception as error:  # a group that includes itself, or what is no group
        pytest.fail(f"pyproject.toml: its groups cannot be resolved: {type(error).__name__}.")
    addressed = [each.name for each in [*parsed, *tools] if each.url]
    if addressed:
        pytest.fail(f"pyproject.toml takes {', '.join(addressed)} from an address.")
    return [str(each) for each in parsed], [str(each) for each in tools]


def called_by_hooks(submission):
    """Name the tools that local hooks call, as far as they are packages that the judge knows."""
    config = submission.yaml(HOOKS) if HOOKS in submission.files else {}
    repos = config.get("repos") if isinstance(config, dict) else []
    hooks = [
        hook
        for repo in repos or []
        if isinstance(repo, dict) and isinstance(repo.get("hooks"), list)
        for hook in repo["hooks"]
        if isinstance(hook, dict) and isinstance(hook.get("entry"), str) and hook["entry"].split()
    ]
    known = table()
    names = {canonicalize_name(hook["entry"].split()[0]) for hook in hooks}
    return {"pre-commit", *(name for name in names if name in known)} if hooks else set()


def entries(submission, name):
    """Give each line of a lock, and what it says; None for a line that is no entry."""
    text = re.sub(r"\\\r?\n", " ", submission.read(name))
    lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines()]
    found = {}
    for line in filter(None, lines):
        if line == "--require-hashes":  # it asks for nothing
            continue
        entry = ENTRY.fullmatch(line)
        found[line] = entry and {
            "name": canonicalize_name(entry["name"]),
            "release": canonicalize_version(entry["release"], strip_trailing_zero=False),
            "hashes": re.findall(r"[0-9a-f]{64}", entry["hashes"]),
        }
    return found


def table():
    """Read the releases that the judge knows."""
    return tomllib.loads((DATA / "known.toml").read_text(encoding="utf-8"))


def lay_index(submission, releases):
    """Make an index of toys: what is known, and what came out later; name the later known ones.

    Of a later release nothing is known but that it may still require what an earlier one did.
    """
    known = table()
    later = [name for name, release in releases.items() if release not in known.get(name, {})]
    for name in later:
        earlier = [
            each for found in known.get(name, {}).values() for each in found.get("requires", [])
        ]
        required = {canonicalize_name(Requirement(each).name) for each in earlier}
        known.setdefault(name, {})[releases[name]] = {"requires": sorted(required & set(releases))}
    for found in known.values():
        for release in found.values():
            release.pop("hashes", None)
    wheels.build_all(known, submission.path / "index")
    return [name for name in later if name in table()]


def resolved(submission, wanted, releases, how):
    """Let uv resolve *wanted* under a lock; give name and release, None where it cannot."""
    (submission.path / "wanted.in").write_text("\n".join(wanted))
    locked = "\n".join(f"{name}=={release}" for name, release in releases.items())
    (submission.path / "locked.txt").write_text(locked)
    done = submission.run(*COMPILE, *how, "--constraint", "locked.txt", "wanted.in")
    found = re.findall(r"^([\w.-]+)==(\S+)", done.stdout, re.MULTILINE)
    return None if done.returncode else dict(found)


def played(submission):
    """Have the model play the policy over the updates, in the learner's process.

    The patterns are the learner's, and may take for ever.
    """
    submission.json(RENOVATE)
    names = ("updates.json", "options.json", "presets.json")
    files = [(POLICY / name).read_text(encoding="utf-8") for name in names]
    setup = (POLICY / "model.py").read_text(encoding="utf-8")
    setup += f"\nDATA = [json.loads(each) for each in {files!r}]"
    setup += f"\nGIVEN = {{'renovate.json': {submission.read(RENOVATE)!r}}}"
    setup += "\ndef requests_of(name):\n    return plan(GIVEN[name], *DATA)"
    found = submission.evaluate("requests_of('renovate.json')", setup=setup)
    assert isinstance(found, dict), f"{RENOVATE} could not be played. Expected a policy."
    return found
