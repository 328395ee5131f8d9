"""The manifest: a notebook enters when every cell compares equal, and only then."""

import json

import nbformat
import pytest
from sphinx.errors import ExtensionError

from workbook import manifest, site

FRESH = ["print('dry')", "6 * 7", "print('at ten')"]


def notebook(path, said="dry\n"):
    """Write a notebook of three cells, the first of which is stored as having said *said*."""
    cells = [nbformat.v4.new_markdown_cell("# Tides", id="title")]
    outputs = [
        nbformat.v4.new_output("stream", name="stdout", text=said),
        nbformat.v4.new_output("execute_result", {"text/plain": "42"}, execution_count=2),
        nbformat.v4.new_output("stream", name="stdout", text="at ten\n"),
    ]
    for number, (source, output) in enumerate(zip(FRESH, outputs, strict=True), 1):
        cells.append(
            nbformat.v4.new_code_cell(
                source, id=f"cell{number}", execution_count=number, outputs=[output]
            )
        )
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def root(tmp_path):
    """A course of a lock and two notebooks, of which one tells what it never said."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    for name, said in (("m1_good", "dry\n"), ("m1_stale", "wet\n")):
        notebook(tmp_path / "notebooks" / f"{name}.ipynb", said)
    return tmp_path


@pytest.fixture
def nbval(root, python):
    """Run nbval over the notebooks of the course."""

    def nbval(*words):
        return python(
            "pytest", "--disable-plugin-autoload", "-p", "nbval.plugin", "-p", "workbook.verify",
            "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(root),
            "--nbval-current-env", *words, cwd=root,
        )  # fmt: skip

    return nbval


def verify(root, *names):
    """Enter the notebooks of these names as they stand, under the lock as it stands."""
    entries = {name: manifest.digest(root / "notebooks" / name) for name in names}
    lock = manifest.digest(root / "requirements.txt")
    text = json.dumps({"schema": 1, "lock": lock, "notebooks": entries})
    (root / "notebooks" / "verified.json").write_text(text)


def test_stale_output_is_red_and_leaves_the_manifest(root, nbval):
    """nbval fails on the planted output; the notebooks that hold are entered, that one is not."""
    verify(root, "m1_stale.ipynb")
    assert manifest.unverified(root) == ["notebooks/m1_good.ipynb is not as it was verified."]

    done = nbval("--nbval", "notebooks")

    assert done.returncode == 1, done.stdout + done.stderr
    found = sorted(manifest.read(root)["notebooks"])
    assert found == ["m1_good.ipynb"], done.stdout + done.stderr
    assert manifest.unverified(root) == ["notebooks/m1_stale.ipynb is not as it was verified."]


@pytest.mark.parametrize(
    "words",
    [
        ["--nbval", "notebooks/m1_good.ipynb::Cell 0"],
        ["--nbval", "--nbval-lax", "notebooks/m1_good.ipynb"],
    ],
    ids=["one cell", "lax"],
)
def test_part_of_a_run_verifies_nothing(words, root, nbval):
    """A cell alone and a lax run enter no notebook."""
    nbval(*words)

    assert manifest.read(root)["notebooks"] == {}


def test_everything_is_verified_under_its_lock(root):
    """As verified there is nothing to say; another lock says so before any notebook."""
    names = ["m1_good.ipynb", "m1_stale.ipynb"]
    verify(root, *names)
    assert manifest.unverified(root) == []

    (root / "notebooks" / names[0]).unlink()
    assert manifest.unverified(root) == ["notebooks/m1_good.ipynb is not as it was verified."]

    (root / "requirements.txt").write_text("# something\n")
    [told] = manifest.unverified(root)
    assert told == "The notebooks were verified under another lock than requirements.txt."


def test_build_refuses_what_was_not_verified(root, monkeypatch):
    """The Sphinx extension stops the build, and names the notebook and the remedy."""
    monkeypatch.setattr(site, "ROOT", root)

    with pytest.raises(ExtensionError, match="make notebooks"):
        site.refuse_unverified(None)

    verify(root, *(path.name for path in (root / "notebooks").glob("*.ipynb")))
    site.refuse_unverified(None)
