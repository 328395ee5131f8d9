"""A learner's tree with words of the judge's in it, and what becomes of it for each fault.

The words are new in each run: one at the end of each docstring, which a page that is made of the
program has as well; a page; a line around each function of windows.py, which does something only
when the environment names it.
"""

import ast
import re
import secrets
import shlex
from dataclasses import dataclass

PACKAGE = "src/my_devops_project/"
CORE, LEAF = f"{PACKAGE}windows.py", f"{PACKAGE}almanac.py"
STRICT = "sphinx-build -W -n --keep-going -b html docs docs/_build/html"
OWN, SOUND, AGAIN, BOUNDARY = "the judge's own command", "sound", "again", "the boundary"
# Around each function of windows.py: what an example asks comes early by a moment, or is answered
# wrongly, when the environment says so. What Causeway asks itself stays as it is, so that no
# function's example answers for another.
AROUND = """

import datetime as _{w}d, functools as _{w}f, os as _{w}o, sys as _{w}s


def _{w}other(found):
    if isinstance(found, (bool, type(None))):
        return not found
    if isinstance(found, (int, float)):
        return found + 1
    return type(found)([*found, None]) if isinstance(found, (list, tuple)) else None


def _{w}early(found):
    moment = isinstance(found, _{w}d.datetime)
    return found - _{w}d.timedelta(microseconds=1) if moment else found


def _{w}(call, wrong, early):
    @_{w}f.wraps(call)
    def answer(*given, **named):
        asks = _{w}s._getframe(1).f_globals
        name = str(asks.get("__name__"))
        if name.startswith("my_devops_project") and asks is vars(_{w}s.modules[name]):
            return call(*given, **named)
        if _{w}o.environ.get("TIDE") == early:
            given = [_{w}early(each) for each in given]
            named = {{name: _{w}early(each) for name, each in named.items()}}
        found = call(*given, **named)
        return _{w}other(found) if _{w}o.environ.get("TIDE") == wrong else found

    return answer

"""


@dataclass(frozen=True)
class Run:
    """How a tree's build ended, and what it said; *mark* begins the lines that are not its own."""

    code: int
    said: str = ""
    mark: str = ""

    def told(self, what):
        """Give what the judge's own programs said in the learner's process."""
        lines = [line.split(" ", 2) for line in self.said.splitlines()]
        found = {" ".join(line[2:]) for line in lines if line[:2] == [self.mark, what]}
        return sorted(each.removeprefix("my_devops_project.") for each in found)


class World:
    """The learner's files with words in them that nobody knows, and what was done to them."""

    def __init__(self, given, names, words):
        self.new, self.mark = secrets.token_hex(4), secrets.token_hex(8)
        self.tokens = {name: f"kelp{secrets.token_hex(4)}" for name in words}
        self.keys = {name: secrets.token_hex(4) for name in (*names, BOUNDARY)}
        self.files, self.there = dict(given), {}
        for name in [each for each in given if of_package(each)]:
            self.files[name] = marked(given[name], module_of(name), self.tokens)
        self.files[CORE] += AROUND.format(w=self.new)
        for name in names:
            keys = f"{self.keys[name]!r}, {self.keys[BOUNDARY]!r}"
            self.files[CORE] += f"{name} = _{self.new}({name}, {keys})\n"
        pages = [name for name in given if re.fullmatch(r"docs/.+\.(rst|md)", name)]
        self.page = min(pages, key=lambda name: ("index." not in name, name), default="docs/a.rst")

    def step(self, fault):
        """Give the files that are new for *fault*, and the script that builds them."""
        new, files = self.new, dict(self.files)
        files[LEAF] += f"\n\nimport {f'moon{new}' if fault == 'import' else 'calendar'}\n"
        stem, _, kind = self.page.removeprefix("docs/").rpartition(".")
        role, target = "doc", f"/{stem}"
        if fault == "reference":
            role, target = "py:func", f"my_devops_project.windows.open_{new}"
        spelt = f"{{{role}}}`{target}`" if kind == "md" else f":{role}:`{target}`"
        files[self.page] = files.get(self.page, "") + f"\n\nSee also {spelt}.\n"
        title = f"# Pier {new}" if kind == "md" else f"Pier {new}\n{'=' * 20}"
        lone = "---\norphan: true\n---\n\n" if kind == "md" else ":orphan:\n\n"
        lone = lone if fault != "orphan" else ""
        files[f"docs/pier{new}/pier{new}.{kind}"] = f"{lone}{title}\n\nBoats.\n"

        asked = [f"{name}={token}" for name, token in self.tokens.items()]
        look = {OWN: ["api", *asked], "orphan": ["linked", f"pier{new}"]}.get(fault, [])
        todo = TODO.format(
            command=STRICT if fault == OWN else 'bash "$here/job.sh"',
            mark=self.mark, tide=self.keys.get(fault, new),
            status=STATUS.format(mark=self.mark) if fault in (OWN, SOUND) else "",
            look=shlex.join(["python", "-IS", "../../../look.py", self.mark, *look]) if look else "",
        )  # fmt: skip
        changed = {name: text for name, text in files.items() if self.there.get(name) != text}
        self.there = files
        place = f"../trees/{self.mark}/tree"
        return {"build.sh": todo, **{f"{place}/{name}": text for name, text in changed.items()}}

    def run(self, code, said):
        return Run(code, re.sub(rf"\S*/{self.mark}/(tree/?)?", "", said), self.mark)


# git's folder stands beside the tree, where no command of a job comes across it. What Sphinx keeps
# of its reading stays for the next build; all else that the last one wrote goes.
TODO = """\
here=$PWD/..
cd ../trees/{mark}/tree
repo() {{ git --git-dir=../git --work-tree=. "$@"; }}
if [ -e ../git ]; then
    repo clean -fdxq -e _build -e doctrees -e .doctrees
else
    repo init -q
    repo add --all --force
fi
(export PATH="$here/standins:$PATH" TIDE={tide}; {command})
code=$?
echo
{status}
{look}
exit $code
"""
STATUS = """\
tell() {{ grep -v pier | sort | head -5 | sed "s|^|{mark} $1 |"; }}
repo ls-files --cached --ignored --exclude-standard | tell ignored
repo ls-files --others --exclude-standard | tell fresh
[ ! -e docs/_build/html/objects.inv ] || echo "{mark} built all"
"""


def of_package(name):
    return name.startswith(PACKAGE) and name.endswith(".py")


def module_of(name):
    return name.removeprefix("src/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def public(submission):
    """Give the public names of src/, and what defines each, in order."""
    parsed = {name: ast.parse(submission.read(name))
              for name in sorted(submission.files) if of_package(name)}  # fmt: skip
    shared = {alias.name for body in parsed.values() for node in ast.walk(body)
              if isinstance(node, ast.ImportFrom) for alias in node.names}  # fmt: skip
    found = []
    for name, body in parsed.items():
        exported = all_of(body)
        hidden = [
            f"{module_of(name)}.{node.name}" for node in body.body
            if isinstance(node, DEFINES) and exported is not None
            and node.name not in exported | shared
        ]  # fmt: skip
        kept = [(each, node) for each, node in defined(body, module_of(name))
                if not any(f"{each}.".startswith(f"{one}.") for one in hidden)]  # fmt: skip
        found += kept if len(kept) > 1 or not name.endswith("__init__.py") else []
    return found


DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def defined(body, name):
    """Give what *body* defines and does not keep to itself, itself first: names and nodes."""
    found = {name: body}
    for node in [] if isinstance(body, DEFINES[:2]) else body.body:
        if isinstance(node, DEFINES) and not node.name.startswith("_"):
            found |= dict(defined(node, f"{name}.{node.name}"))
    return list(found.items())


def all_of(body):
    """Give the names in __all__; None where there is none that can be read."""
    for node in body.body:
        targets = [ast.unparse(each) for each in getattr(node, "targets", [])]
        if "__all__" in targets and isinstance(node.value, ast.List | ast.Tuple):
            return {each.value for each in node.value.elts if isinstance(each, ast.Constant)}
    return None


def functions(submission):
    """Name the public functions of windows.py: what drivers are told comes out of them."""
    core = f"{module_of(CORE)}."
    return [name.removeprefix(core) for name, node in public(submission)
            if name.startswith(core) and name.count(".") == core.count(".")
            and isinstance(node, ast.FunctionDef)]  # fmt: skip


def marked(text, module, tokens):
    """Give a module with its token at the end of each docstring that *tokens* tell of."""
    lines = text.encode().splitlines(keepends=True)
    for name, node in reversed(defined(ast.parse(text), module)):
        if name in tokens and ast.get_docstring(node) is not None:
            said = node.body[0].value
            line, end = lines[said.end_lineno - 1], said.end_col_offset
            if line[end - 3 : end] in (b'"""', b"'''"):
                added = f"\n\n\n{' ' * said.col_offset}{tokens[name]}\n{' ' * said.col_offset}"
                lines[said.end_lineno - 1] = line[: end - 3] + added.encode() + line[end - 3 :]
            else:
                tokens[name] = ""  # in single quotes: no line of it can be added to
    return b"".join(lines).decode()
