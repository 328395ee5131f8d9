"""The rules that every module, exercise and notebook keeps. What there is, is discovered."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from workbook import manifest
from workbook.course import ROOT, RUNNING_EXAMPLE, Exercise, find_exercises, read_tree

EXERCISES = find_exercises()
MODULES = sorted({each.module for each in EXERCISES})
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ANSWERS = [
    pytest.param(each, kind, name, id=f"{each.id}-{kind}-{name}")
    for each in EXERCISES
    for kind in ("wrong", "right")
    for name in each.answers.get(kind, {})
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.id)
each_module = pytest.mark.parametrize("module", MODULES)
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)

# A path of somebody's machine, or a place that packages come from: neither is the course's.
MACHINE = re.compile(r"(?<![\w.:/-])/(home|root|Users|work|tmp|mnt|private)/\w")
INDEX = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|https?://\S*(/simple\b|pypi|npm)"
)
RUNS_THEM = re.compile(r'run\("(pytest|coverage|python|robot)"|\bmeet\(')
LONGEST = 100  # characters of a line, and so of a check's title
TELLING = 12  # characters from which a line of a reference tells something


def git(*words: str) -> list[str]:
    """Ask git, and give the lines of its answer."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def prose(module: str) -> str:
    """Give the text of a module's chapter."""
    return (ROOT / "course" / f"{module}.md").read_text(encoding="utf-8")


def test_there_is_something_to_keep_rules():
    """The discovery finds the course."""
    assert EXERCISES
    assert NOTEBOOKS


def test_plain_pytest_finds_every_check():
    """`pytest tests/MODULE` has all checks of a verdict; what they say `workbook prove` tells."""
    words = ["-m", "pytest", "--collect-only", "-q", *(f"tests/{module}" for module in MODULES)]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )

    found = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert found == {
        f"{each.grader.relative_to(ROOT).as_posix()}::{check.id}"
        for each in EXERCISES
        for check in each.checks
    }, done.stderr


@each_exercise
def test_statement_ends_with_the_workbench(exercise):
    """The task has a heading, and its page ends where the work begins."""
    text = exercise.statement.read_text(encoding="utf-8")

    assert text.startswith("# ")
    assert text.endswith("\n```{workbench}\n```\n")


@each_exercise
def test_exercise_is_whole(exercise):
    """Start, reference and grader are there, and the start is not the reference."""
    assert exercise.start
    assert exercise.reference
    assert exercise.grader.is_file()
    assert exercise.start != exercise.reference
    for name in {*exercise.start, *exercise.reference}:
        exercise.reference.get(name, b"").decode("utf-8")


@each_exercise
def test_answers_are_enough_to_prove_it(exercise):
    """Three wrong answers at least, a right one that looks different, and the start's reason."""
    answers = exercise.answers

    assert set(answers) == {"start", "wrong", "right"}
    assert answers["start"]["refused_by"]
    assert len(answers["wrong"]) >= 3
    assert len(answers["right"]) >= 1


@each_exercise
def test_fixtures_and_answers_agree(exercise):
    """Each folder of a fixture is declared, each declaration has its folder."""
    for kind in ("wrong", "right"):
        folders = {path.name for path in (exercise.fixtures / kind).iterdir()}
        # A fixture that only leaves files out has none of its own, and so no folder.
        bare = {name for name, told in exercise.answers[kind].items() if told.get("without")}
        assert folders | bare == set(exercise.answers[kind])


@pytest.mark.parametrize(("exercise", "kind", "name"), ANSWERS)
def test_fixture_holds_only_what_differs(exercise, kind, name):
    """A fixture's file is graded, and is not the reference's."""
    files = read_tree(exercise.fixtures / kind / name, False)

    for file, content in files.items():
        assert file in exercise.graded, f"{file} is not taken from a submission"
        assert exercise.reference.get(file) != content, f"{file} is the reference's"
    assert files or exercise.answers[kind][name].get("without")


@pytest.mark.parametrize(("exercise", "kind", "name"), ANSWERS)
def test_fixture_is_declared_in_full(exercise, kind, name):
    """What the proof and the instructor's guide need is there, and names checks that exist."""
    declared = exercise.answers[kind][name]
    wanted = {"wrong": {"refused_by", "advice", "misconception"}, "right": {"note"}}

    assert wanted[kind] <= set(declared) <= wanted[kind] | {"without", "attack"}
    assert all(declared.values())
    checks = {check.id for check in exercise.checks}
    assert set(declared.get("refused_by", ())) <= checks
    for text in (declared.get("misconception"), declared.get("note")):
        assert text is None or text.endswith(".")


@each_exercise
def test_grader_that_runs_tests_of_a_learner_was_attacked(exercise):
    """Where a learner's tests or guards are run, two answers at least are attacks on just that.

    `workbook prove` hands them to the batch's judges, and they are refused as declared.
    """
    grader = exercise.grader.read_text(encoding="utf-8")
    attacks = [each for each in exercise.answers["wrong"].values() if "attack" in each]

    assert len(attacks) >= 2 or not RUNS_THEM.search(grader)


@each_exercise
def test_check_reads_as_a_truth(exercise):
    """A check's title is a sentence on one line; each check has a hint and counts something."""
    tree = ast.parse(exercise.grader.read_text(encoding="utf-8"))
    documented = {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }

    assert exercise.checks
    for check in exercise.checks:
        assert documented[check.id], f"{check.id} has no docstring"
        assert check.title.endswith("."), check.id
        assert len(check.title) <= LONGEST, check.id
        assert not check.title.lower().startswith(("test ", "check ", "tests ", "checks ")), (
            check.id
        )
        assert check.hints, f"{check.id} has no hint"
        assert check.points > 0, check.id


def squeezed(text: str) -> str:
    """Take the white space out, so that a line broken otherwise is found all the same."""
    return re.sub(r"\s+", "", text)


def telling(exercise: Exercise) -> set[str]:
    """Give the lines that only the reference has, of more than a few characters."""
    start = {squeezed(line) for content in exercise.start.values() for line in lines(content)}
    reference = {
        squeezed(line) for content in exercise.reference.values() for line in lines(content)
    }
    return {line for line in reference - start if len(line) > TELLING}


def lines(content: bytes) -> list[str]:
    """Give the lines of a file, without comments at their end."""
    return [re.sub(r"\s+#.*$", "", line) for line in content.decode("utf-8").splitlines()]


def asked(exercise: Exercise) -> list[str]:
    """Give every question of the grader: those of its markers, and those that advise asks."""
    tree = ast.parse(exercise.grader.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    advice = [text_of(call.args[1]) for call in calls if ast.unparse(call.func) == "advise"]
    return [*advice, *(hint for check in exercise.checks for hint in check.hints)]


def text_of(node: ast.expr) -> str:
    """Give the text of a literal; what is filled in at run time is an ellipsis."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(text_of, node.values))
    return node.value if isinstance(node, ast.Constant) else "…"


def new_names(exercise: Exercise) -> set[str]:
    """Give the names that the reference's Python uses and nothing handed out mentions.

    Only those that are no plain words: `total_seconds`, `FlaskClient`, not `write`.
    """
    handed_out = b"\n".join([*exercise.start.values(), exercise.statement.read_bytes()]).decode()
    names = set()
    for name, content in exercise.reference.items():
        for node in ast.walk(ast.parse(content)) if name.endswith(".py") else ():
            names |= {getattr(node, key, None) for key in ("id", "attr", "name", "arg")}
    known = set(re.findall(r"\w+", handed_out))
    code = re.compile("[A-Za-z]_[A-Za-z]|[a-z][A-Z]")
    return {name for name in names - known if isinstance(name, str) and code.search(name)}


@each_exercise
def test_no_hint_contains_the_answer(exercise):
    """No line that only the reference has stands in a hint, nor in what advise asks."""
    given = telling(exercise)

    for question in asked(exercise):
        bare = squeezed(question)
        assert not [line for line in given if line in bare], question


@each_exercise
def test_no_hint_names_what_only_the_reference_knows(exercise):
    """No name stands in a question that the learner would meet first in the reference."""
    names = new_names(exercise)

    for question in asked(exercise):
        words = set(re.findall(r"\w+", re.sub(r"https://\S+", "", question)))
        assert not words & names, question


@each_exercise
def test_hint_is_a_question_an_observation_or_a_link(exercise):
    """A hint asks, tells what to look at, or links; it fits a screen."""
    for question in asked(exercise):
        assert question.endswith(("?", ".")) or re.search(r"https://\S+$", question), question
        assert len(question) < 200


@each_module
def test_chapter_names_each_exercise_and_notebook_once(module):
    """A module's toctrees hold its exercises and its notebooks, each once, and nothing else's."""
    tocs = re.findall(r"```\{toctree\}\n(.*?)```", prose(module), re.DOTALL)
    entries = re.findall(r"^/(?:exercises|notebooks)/\S+$", "\n".join(tocs), re.MULTILINE)

    mine = [f"/exercises/{each.id}/README" for each in EXERCISES if each.module == module]
    number = module.partition("_")[0]
    mine += [f"/notebooks/{path.stem}" for path in NOTEBOOKS if path.stem.startswith(f"{number}_")]
    found = [entry.removesuffix(".ipynb").removesuffix(".md") for entry in entries]
    assert sorted(found) == sorted(mine)


def test_every_module_has_its_folders():
    """A module has one name in every tree: a chapter, exercises, references, graders."""
    for tree in ("exercises", "solutions", "tests"):
        found = {path.name for path in (ROOT / tree).glob("m[0-9]_*") if path.is_dir()}
        assert found == set(MODULES), tree
    assert {path.stem for path in (ROOT / "course").glob("m[0-9]_*.md")} == set(MODULES)


def handed_out() -> list[str]:
    """List the files of the learner's, the references' and the judge's trees that git would take.

    Also those that are not committed yet: a rule is kept before the commit.
    """
    trees = ["exercises", "solutions", "tests"]
    return git("ls-files", "--cached", "--others", "--exclude-standard", *trees)


def test_no_stray_file():
    """Every file of an exercise's trees belongs to an exercise, or to code that a notebook runs."""
    ids = {each.id for each in EXERCISES}
    names = {each.name for each in EXERCISES}
    stray = []
    for file in handed_out():
        if not (ROOT / file).exists():  # deleted, and not committed yet
            continue
        tree, place, *rest = Path(file).parts
        if place == RUNNING_EXAMPLE or not re.match(r"m\d_", place):
            continue
        known = len(rest) > 1 and f"{place}/{rest[0]}" in ids
        if tree == "solutions":
            known |= rest == ["README.md"] or len(rest) > 1  # the code of a notebook
        if tree == "tests" and len(rest) == 1:
            known = rest[0].removeprefix("test_").removesuffix(".py") in names
        stray += [] if known else [file]
    assert not stray


def test_no_file_of_an_exercise_is_ignored():
    """What git ignores would be missing in a clone: no start, reference or fixture is."""
    ignored = git("ls-files", "--others", "--ignored", "--exclude-standard", "exercises",
                  "solutions", "tests")  # fmt: skip

    left_behind = re.compile(r"__pycache__/|(^|/)\.\w+_cache/|\.egg-info/|\.ipynb_checkpoints/")
    assert [file for file in ignored if not left_behind.search(file)] == []


def test_lock_names_packages_and_hashes_alone():
    """The lock holds exact versions with hashes, and no address of an index."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9]\S*", text, re.MULTILINE)

    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==\S+", pin)] == []
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert not INDEX.search(text)
    assert not MACHINE.search(text)


@each_notebook
def test_notebook_names_no_machine_and_no_index(notebook):
    """Neither source nor output tells where it was run, or where its packages came from."""
    text = notebook.read_text(encoding="utf-8")

    assert not MACHINE.search(text), MACHINE.search(text)
    assert not INDEX.search(text), INDEX.search(text)


@each_notebook
def test_notebook_compares_every_cell(notebook):
    """No cell is left out of the comparison, but what says what the machine has of its own."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]

    for cell in code:
        source = "".join(cell["source"])
        assert "NBVAL_" not in source
        tags = {tag for tag in cell["metadata"].get("tags", []) if "nbval" in tag}
        assert tags == ({"nbval-ignore-output"} if re.search(r"\bpresent\(", source) else set())
        assert not re.search(r"^\s*[!%]", source, re.MULTILINE), "run() shows the exit status"
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))


def test_manifest_matches_the_notebooks():
    """Every notebook is, to the byte, the one that nbval verified under this lock."""
    assert manifest.unverified(ROOT) == []


def test_pipeline_calls_targets_that_exist():
    """Each `make` in the pipeline names a target of the Makefile."""
    file = ROOT / ".gitlab-ci.yml"
    pipeline = PipelineLoader(file.read_text(encoding="utf-8")).get_single_data()
    targets = re.findall(
        r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )

    called = {
        target
        for job in pipeline.values()
        if isinstance(job, dict)
        for key in ("before_script", "script", "after_script")
        for line in strings(job.get(key, []))
        for words in re.findall(r"\bmake\b([^;&|\n]*)", line)
        for target in words.split()
        if re.fullmatch(r"[a-z]+", target)
    }
    assert called
    assert called <= set(targets)


class PipelineLoader(yaml.SafeLoader):
    """Reads `!reference` as the list that it is."""


PipelineLoader.add_constructor(
    "!reference", lambda loader, node: loader.construct_sequence(node, deep=True)
)


def strings(value: object) -> list[str]:
    """Give every string of nested lists."""
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [str(value)]


# The design has one word for each idea; these are what else the same things are called.
OTHER_WORDS = re.compile(
    r"\b(assignment|homework|model answer|model solution|grading rubric|boilerplate|test suite of"
    r" the grader|lesson plan)s?\b",
    re.IGNORECASE,
)


@each_module
def test_words_of_the_design_are_used(module):
    """Chapter and statements speak of exercises, starts, references, checks and hints."""
    statements = [each.statement for each in EXERCISES if each.module == module]
    texts = [prose(module), *(path.read_text(encoding="utf-8") for path in statements)]

    assert [found for text in texts for found in OTHER_WORDS.findall(text)] == []


def test_prose_has_one_sentence_a_line():
    """A line of a statement holds one sentence, so that a change shows which."""
    for each in EXERCISES:
        text = each.statement.read_text(encoding="utf-8")
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        for line in text.splitlines():
            bare = re.sub(r"`[^`]*`|\[[^]]*\]\([^)]*\)|\*[^*]*\*", "x", line)
            assert not re.search(r"[a-z)][.?] +[A-Z][a-z]", bare), f"{each.id}: {line}"


def test_configuration_is_one_file():
    """The tools read pyproject.toml: what they are told stands in one place."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        tools = tomllib.load(file)["tool"]

    assert {"ruff", "mypy", "pytest", "coverage"} <= set(tools)
    for name in ("setup.cfg", "tox.ini", "pytest.ini", ".coveragerc", "mypy.ini", "ruff.toml"):
        assert not (ROOT / name).exists()
