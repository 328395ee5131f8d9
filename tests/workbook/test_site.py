"""The Sphinx extension over a small course: workbenches, references, quizzes."""

import json
import re
import shutil
import sys
import warnings

import pytest
from sphinx.testing.util import SphinxTestApp

from workbook import manifest, references, site, workbench
from workbook.course import find_exercise


def built(root, monkeypatch):
    """Build the site of the course at *root*; give its pages by name, and the warnings."""
    for module in (references, site, workbench):
        monkeypatch.setattr(module, "ROOT", root)
    # Autodoc imports the references as the course's own configuration lets it.
    monkeypatch.syspath_prepend(root)
    monkeypatch.syspath_prepend(root / "solutions" / "my-devops-project" / "src")
    lock = manifest.digest(root / "requirements.txt")
    verified = {"schema": 1, "lock": lock, "notebooks": {}}
    (root / "notebooks" / "verified.json").write_text(json.dumps(verified))
    before = set(sys.modules)
    app = SphinxTestApp(srcdir=root, builddir=root / ".build", freshenv=True)
    try:
        with warnings.catch_warnings():
            # MyST's own calls of what the next Sphinx will drop: not ours to mend.
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            app.build()
        pages = {
            path.relative_to(app.outdir).with_suffix("").as_posix(): path.read_text("utf-8")
            for path in app.outdir.rglob("*.html")
        }
        return pages, app.warning.getvalue()
    finally:
        app.cleanup()
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in ("solutions", "app"):
                del sys.modules[name]


def words(page):
    """Give the text of an HTML page, its tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace("&#39;", "'")


@pytest.fixture(scope="module")
def pages(small_course, tmp_path_factory):
    """The pages of the small course, built once, without a warning."""
    root = tmp_path_factory.mktemp("site") / "course"
    shutil.copytree(small_course, root)
    with pytest.MonkeyPatch.context() as monkeypatch:
        pages, told = built(root, monkeypatch)
    assert told == ""
    return pages


def test_workbench_shows_files_checks_and_what_to_type(pages):
    """Below the statement stand the start, each check with its points, and the command."""
    told = words(pages["exercises/m1_crossing/toll/README"])

    assert "They stand in exercises/m1_crossing/toll of your own folder." in told
    for part in ("toll.py", "tariff.toml", "hours.yaml", "sign.json", "return axles * 150"):
        assert part in told
    assert "workbook check toll" in told
    assert "The checks, 7 points in all:" in told
    assert "Without a vehicle there is no toll: None. (3)" in told
    assert "return None" not in told  # the reference is a link away
    assert "/solutions/m1_crossing/README.html" in pages["exercises/m1_crossing/toll/README"]


def test_workbench_of_a_project_names_its_module_and_needs(pages):
    """A project is typed with its module, tells what it needs, and has its files elsewhere."""
    told = words(pages["exercises/m1_crossing/project/README"])

    assert "They stand in exercises/my-devops-project of your own folder." in told
    assert "workbook check m1/project" in told
    assert "It needs git, ruff on your machine." in told
    assert "course/causeway.html" in pages["exercises/m1_crossing/project/README"]


def test_references_show_what_changed_and_the_codes_own_words(pages):
    """The reference is shown as a difference, with what autodoc says, and so are lessons."""
    told = words(pages["solutions/m1_crossing/README"])

    assert "Charge each axle" in told
    assert "+ if axles &lt;= 0:" in told
    assert "Give the toll in pence, 150 an axle; None where there is no vehicle." in told
    assert "Its reference is Causeway, finished." in told
    assert "Code of the notebooks" in told
    assert "Say it louder." in told


def test_causeway_shows_the_running_example(pages):
    """Its modules, what was added and what is gone."""
    told = words(pages["course/causeway"])

    assert "Say that it runs." in told
    assert "src/app.py" in told
    assert "old.cfg is gone." in told


def test_misconceptions_are_listed(pages):
    """The instructor reads what each wrong answer believes."""
    told = words(pages["course/instructor"])

    assert "No vehicle and a free vehicle are the same thing. (free_for_nobody)" in told


def test_quiz_opens_its_explanations_without_a_script(pages):
    """Each choice holds its explanation; one of them is right."""
    page = pages["course/m1_crossing"]

    assert page.count("<details>") == page.count("<summary>") == 2
    assert 'id="quiz-what-comes-back"' in page
    told = words(page.replace("<p>", " "))
    assert "None. Yes. There is nobody to charge." in told, told
    assert "0. No. Nothing to pay is an answer for a vehicle that is there." in told


def test_no_page_names_the_machine(pages, tmp_path_factory):
    """Files are named relative to the course, also in the head of a difference."""
    place = str(tmp_path_factory.getbasetemp())

    assert [name for name, page in pages.items() if place in page] == []


MISUSED = {
    "a quiz without choices": (
        ":::{quiz} one\nWhat now?\n:::",
        "A quiz ends in its choices: a list of `- [ ]` and `- [x]`.",
    ),
    "a quiz without a right choice": (
        ":::{quiz} two\nWhat now?\n\n- [ ] This.\n\n  No, that.\n:::",
        "The quiz two has no right choice: mark one with [x].",
    ),
    "a choice without an explanation": (
        ":::{quiz} three\nWhat now?\n\n- [x] This.\n:::",
        "Found the choice '[x] This.'. Expected",
    ),
    "a choice without a mark": (
        ":::{quiz} four\nWhat now?\n\n- This.\n\n  Because.\n:::",
        "Found the choice 'This.'. Expected",
    ),
    "a workbench in a chapter": (
        "```{workbench}\n```",
        "{workbench} stands in exercises/MODULE/NAME/README.md only.",
    ),
}


def test_misused_directive_is_told(broken_course, monkeypatch):
    """An author's mistake is named with its file and line, and fails a strict build."""
    chapter = broken_course / "course" / "m1_crossing.md"
    text = "\n\n".join(source for source, _ in MISUSED.values())
    chapter.write_text(f"# Crossing\n\n{text}\n")
    (broken_course / "solutions/m1_crossing/lesson/notes.py").write_text("")

    _, said = built(broken_course, monkeypatch)

    for _, told in MISUSED.values():
        assert re.search(rf"m1_crossing\.md:\d+: ERROR: {re.escape(told)}", said), said


def test_larger_tree_is_listed_by_name(broken_course, monkeypatch):
    """Of many files that are not edited in the page the names are enough."""
    monkeypatch.setattr(workbench, "SHOWN", 3)
    exercise = find_exercise("toll", broken_course)
    local = exercise.grader.read_text() + '\npytestmark = pytest.mark.needs("git")\n'
    exercise.grader.write_text(local)

    page = workbench.page(exercise)

    assert "- `toll.py`" in page
    assert "It needs git on your machine." in page
    assert "::::{tab-set}" not in page


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.py", "python"), ("Dockerfile", "docker"), (".flake8", "ini"), ("a/b.yml", "yaml"),
     ("notes", "text")],
)  # fmt: skip
def test_language_of_a_file(name, language):
    """The colours follow the name."""
    assert workbench.language(name) == language
