"""The lessons on installers: their index, and that what is handed out is what is judged."""

import os
import re
import urllib.error
import urllib.request

import pytest

from solutions.m3_dependencies.installers import index
from workbook.course import ROOT

HANDED_OUT = ROOT / "exercises" / "m3_dependencies"
JUDGED = ROOT / "tests" / "m3_dependencies"


@pytest.mark.parametrize(
    ("handed_out", "judged"),
    [
        ("drift_and_tamper/index.toml", "drift_and_tamper/index.toml"),
        ("library_or_application/index.toml", "library_or_application/index.toml"),
        ("library_or_application/library/tidetable.py", "library_or_application/tidetable.py"),
        ("library_or_application/application/signboard.py", "library_or_application/signboard.py"),
    ],
)
def test_learner_is_judged_by_what_is_handed_out(handed_out, judged):
    """The index before anything newer, and the code around it, are the judge's to the byte."""
    assert (JUDGED / judged).read_bytes() == (HANDED_OUT / handed_out).read_bytes()


def test_locks_of_causeway_name_no_index():
    """Both locks hold exact releases with hashes alone, and a server's is a part of the other."""
    causeway = ROOT / "solutions" / "my-devops-project"
    names = ("requirements.txt", "requirements-dev.txt")
    texts = [(causeway / name).read_text(encoding="utf-8") for name in names]
    entries = [set(re.findall(r"^\w.*(?:\n    .*)*", text, re.MULTILINE)) for text in texts]

    assert entries[0] < entries[1]
    for entry in entries[1]:
        assert re.match(r"[\w.-]+==[\w.]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+", entry)
    assert not re.search(r"://|^-", "".join(texts), re.MULTILINE)


def test_index_links_each_wheel_with_its_hash(tmp_path):
    """A package's page links its wheels with the hashes they had; another name is not found."""
    served = index.Index(tmp_path)
    wheel = served.release("sea-chart", "1.2")

    with urllib.request.urlopen(index.ADDRESS + "sea-chart/") as answer:  # noqa: S310 - ours
        page = answer.read().decode()
    assert f"/wheels/{wheel.name}#sha256={index.sha256(wheel)}" in page
    with urllib.request.urlopen(f"http://127.0.0.1:{index.PORT}/wheels/{wheel.name}") as answer:
        assert answer.read() == wheel.read_bytes()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(index.ADDRESS + "flask/")  # noqa: S310 - ours
    served.close()


def test_installers_stay_here(tmp_path, monkeypatch):
    """What a machine has configured is forgotten, and other hosts are out of reach."""
    configured = {"PIP_EXTRA_INDEX_URL": "https://packages.causeway.example/"}
    monkeypatch.setattr(os, "environ", {**os.environ, **configured})

    index.stay_here(tmp_path)

    assert "PIP_EXTRA_INDEX_URL" not in os.environ
    assert os.environ["PIP_INDEX_URL"] == os.environ["UV_DEFAULT_INDEX"] == index.ADDRESS
    assert os.environ["HTTPS_PROXY"] == index.NOWHERE
