"""The reference answers on the site: what changed since the start, and the code's own words."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from workbook.course import ROOT, RUNNING_EXAMPLE, Exercise, Files, find_exercises
from workbook.workbench import language


class References(SphinxDirective):
    """Show every reference of the module in whose folder below solutions/ this page stands."""

    def run(self) -> list[nodes.Node]:
        module = Path(self.env.current_document.docname).parent.name
        mine = [each for each in find_exercises(ROOT) if each.module == module]
        lines = []
        for each in mine:
            lines += [f"## {each.title}", "", f"[The task](/exercises/{each.id}/README.md).", ""]
            if each.files_at == RUNNING_EXAMPLE:
                lines += ["Its reference is [Causeway, finished](/course/causeway.md).", ""]
                continue
            note_files(self, each.files_at, each.reference)
            lines += changes(each.files_at, each.start, each.reference)
            lines += described(f"solutions/{each.id}", each.reference)
        lessons = lesson_folders(module, {each.name for each in mine})
        if lessons:
            lines += ["## Code of the notebooks", ""]
        for folder in lessons:
            lines += described(f"solutions/{module}/{folder.name}", python_files(folder))
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Causeway(SphinxDirective):
    """Show the running example finished: its tree, its files, and what they were.

    The content says of each file, below its path, what it is for and which module made it; a file
    that it leaves out, or that is not there, stops the build.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        project = Exercise(ROOT, "", "project")
        start, files = project.start, project.reference
        note_files(self, RUNNING_EXAMPLE, files)
        told = explained("\n".join(self.content))
        if odd := sorted(told.keys() ^ files.keys()):
            raise self.error(f"Explained or there, and not both: {', '.join(odd)}.")
        lines = ["## Its tree", "", *tree(told), "", "## Its modules", ""]
        source = f"solutions/{RUNNING_EXAMPLE}/src"
        lines += described(source, python_files(ROOT / source), package="")
        lines += ["## Its files", "", *shown(files)]
        lines += ["## What the modules change", ""]
        kept = {name: content for name, content in files.items() if name in start}
        lines += changes(RUNNING_EXAMPLE, start, kept)
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Misconceptions(SphinxDirective):
    """List what whoever gives a wrong answer believes, and the question that answer is asked."""

    def run(self) -> list[nodes.Node]:
        lines = []
        for each in find_exercises(ROOT):
            self.env.note_dependency(str(each.fixtures / "answers.toml"))
            lines += [f"### {each.title}", ""]
            for name, wrong in each.answers.get("wrong", {}).items():
                lines += [f"- *{wrong['misconception']}* (`{name}`)"]
            lines += [""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def explained(text: str) -> dict[str, str]:
    """Read what *text* says of each file: a line with its path, and one with `: ` and the rest."""
    return dict(re.findall(r"^(\S+)\n: (.+)$", text, re.MULTILINE))


def tree(told: Mapping[str, str]) -> Iterator[str]:
    """Write the files of a tree as a list in its folders, each with what is *told* of it."""
    before: list[str] = []
    # A folder's own files stand before its folders.
    for name in sorted(told, key=lambda name: [(each != "", each) for each in parts(name)]):
        *folders, file = name.split("/")
        for depth, folder in enumerate(folders):
            if folders[: depth + 1] != before[: depth + 1]:
                yield f"{'  ' * depth}- `{folder}/`"
        before = folders
        yield f"{'  ' * len(folders)}- [`{file}`](#{label(name)}): {told[name]}"


def parts(name: str) -> list[str]:
    """Split a path, so that in a sorted list the files of a folder come before its folders."""
    *folders, file = name.split("/")
    return [*folders, "", file]


def shown(files: Files) -> Iterator[str]:
    """Write each file of the running example, a lock by its first lines."""
    for name, content in files.items():
        yield from (f"({label(name)})=", f"### `{name}`", "")
        if not content.strip():
            yield from ("It is empty: that it is there is enough.", "")
            continue
        lock = b"--hash=sha256:" in content and name.endswith(".txt")
        yield f"```{{literalinclude}} /solutions/{RUNNING_EXAMPLE}/{name}"
        yield from (f":language: {language(name)}", *[":lines: 1-8"][:lock], "```", "")
        if lock:
            yield from (f"And so on: {len(content.splitlines())} lines in all.", "")


def label(name: str) -> str:
    """Name the place of a page where the file *name* is shown."""
    return "file-" + re.sub(r"\W+", "-", name).strip("-").lower()


def note_files(directive: SphinxDirective, files_at: str, files: Files) -> None:
    """Have the page made again when one of these files changes."""
    for name in files:
        directive.env.note_dependency(str(ROOT / "solutions" / files_at / name))


def changes(files_at: str, start: Files, reference: Files) -> Iterator[str]:
    """Write, for each file that the reference changed or added, the difference or the file."""
    for name, content in reference.items():
        if not content.strip() or start.get(name) == content:
            continue
        if name in start:
            # Sphinx's own `:diff:` would print where the build found the files.
            yield from ("~~~~{code-block} diff", f':caption: "`{name}`"', "")
            yield from difference(name, start[name], content)
            yield from ("~~~~", "")
        else:
            yield f"```{{literalinclude}} /solutions/{files_at}/{name}"
            yield from (f':caption: "`{name}`"', f":language: {language(name)}", "```", "")
    for name in start:
        if name not in reference:
            yield from (f"`{name}` is gone.", "")


def difference(name: str, old: bytes, new: bytes) -> list[str]:
    """Compare two texts line by line: a unified diff."""
    before, after = old.decode().splitlines(), new.decode().splitlines()
    return list(unified_diff(before, after, f"start/{name}", f"reference/{name}", lineterm=""))


def described(where: str, files: Files, package: str | None = None) -> Iterator[str]:
    """Write what autodoc says of the Python modules among *files*, below the folder *where*."""
    package = where.replace("/", ".") + "." if package is None else package
    for name in sorted(files):
        if not name.endswith(".py") or is_test(name) or not files[name].strip():
            continue
        if is_script(files[name]):
            continue
        dotted = package + name.removesuffix(".py").replace("/", ".")
        module = dotted.removesuffix(".__init__")
        load(module, ROOT / where)
        yield from ("```{eval-rst}", f".. automodule:: {module}", "```", "")


def is_test(name: str) -> bool:
    """Whether the file *name* is a test: it has callers no more than a page of its own."""
    *folders, file = name.split("/")
    return "tests" in folders or file.startswith("test_")


def is_script(content: bytes) -> bool:
    """Whether a file judges or ends its process when it is imported: autodoc cannot ask it."""
    return any(
        isinstance(node, ast.Assert) or ast.unparse(node).startswith("sys.exit(")
        for node in ast.parse(content).body
    )


def load(module: str, folder: Path) -> None:
    """Import *module* for autodoc; its siblings are found by their own names meanwhile.

    A reference imports as a learner's file does, `from windows import Window`, and two exercises
    may each have a windows.py: what was imported by such a name is forgotten again.
    """
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module(module)
    finally:
        sys.path.remove(str(folder))
        own = module.partition(".")[0]
        for name in set(sys.modules) - before:
            place = getattr(sys.modules[name], "__file__", None) or ""
            if place.startswith(f"{folder}/") and name.partition(".")[0] != own:
                del sys.modules[name]


def lesson_folders(module: str, exercises: set[str]) -> list[Path]:
    """List the packages of *module* below solutions/ that notebooks import, not exercises."""
    packages = sorted((ROOT / "solutions" / module).glob("*/__init__.py"))
    return [path.parent for path in packages if path.parent.name not in exercises]


def python_files(folder: Path) -> dict[str, bytes]:
    """Read the Python files below *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.py"))
        if "__pycache__" not in path.parts
    }
