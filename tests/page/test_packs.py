"""The packs name all that their tools import, at the versions that the terminal has."""

import ast
import hashlib
import json
import re
import tarfile
from importlib.metadata import requires

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workbook.course import ROOT, find_exercises
from workbook.page.packs import COURSE, LOCK, PACKS, build, describe, tool_packs, tools_of

IN_PAGE = {**default_environment(), "python_version": "3.14", "python_full_version": "3.14.2",
           "sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}  # fmt: skip


SCHEMAS = "kubernetes-validate"  # a pack of this package's data, without its code


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack != SCHEMAS])
def test_pack_brings_what_its_packages_require(pack):
    here = {*PACKS[pack], *PACKS["base"]}

    wanted = {
        canonicalize_name(need.name)
        for package in PACKS[pack]
        for need in map(Requirement, requires(package) or ())
        if need.marker is None or need.marker.evaluate(IN_PAGE)
    }

    assert wanted <= here


def test_pack_of_schemas_has_no_code_that_requires_anything():
    with tarfile.open(tool_packs() / f"{SCHEMAS}.tar.gz") as archive:
        names = [name for name in archive.getnames() if ".dist-info/" not in name]

    assert [name.rpartition("/")[2] for name in names] == ["_definitions.json"]


def test_versions_are_those_of_the_terminal():
    theirs, ours = (
        dict(re.findall(r"^(\S+)==(\S+)", file.read_text(), re.MULTILINE))
        for file in (ROOT / "requirements.txt", LOCK)
    )

    assert ours == {name: theirs[name] for name in ours}


@pytest.mark.parametrize("name", COURSE)
def test_course_pack_holds_what_its_modules_import(name):
    """What a module of the course imports as it is loaded comes with it."""
    tree = ast.parse((ROOT / "workbook" / f"{name}.py").read_text())
    wanted = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "workbook":
            wanted |= {alias.name for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("workbook."):
            wanted.add(node.module.removeprefix("workbook.").replace(".", "/"))

    assert wanted <= set(COURSE)


def test_tools_are_found_in_the_grader(tmp_path):
    grader = tmp_path / "test_one.py"
    grader.write_text('def test_it(submission):\n    submission.copy().run("flake8", "mypy")\n')

    assert tools_of(grader) == ["flake8"]


def test_first_check_is_light_on_the_line(tmp_path):
    """What a Python-only exercise fetches at its first Check stays below 8 MB, compressed."""
    manifest = build(tmp_path / "page")

    told = manifest["exercises"]["m1_static_analysis/triage"]
    packs = json.loads((tmp_path / "page" / told["file"]).read_text())["packs"]
    parts = [manifest["core"], told, *(manifest["packs"][name] for name in packs)]
    assert packs == ["course", "base"]
    assert 4_000_000 < sum(part["transfer"] for part in parts) < 8_000_000


def test_every_file_of_the_manifest_is_there(tmp_path):
    """Each name in packs.json is a file, named by its content, with its size."""
    out = tmp_path / "page"
    manifest = build(out)

    parts = [*manifest["packs"].values(), *manifest["exercises"].values()]
    assert parts
    for part in parts:
        content = (out / part["file"]).read_bytes()
        assert len(content) == part["bytes"]
        assert hashlib.sha256(content).hexdigest()[:12] in part["file"]


def test_a_local_exercise_says_what_the_page_lacks():
    """An exercise that needs a program which no browser has is told apart from the others."""
    missing = {each.id: describe(each)["missing"] for each in find_exercises()}

    assert missing["m1_static_analysis/none_on_the_causeway"] == []
    assert "git" in missing["m1_static_analysis/project"]
