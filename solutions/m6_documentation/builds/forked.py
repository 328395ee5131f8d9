"""Run many builds of Sphinx, each in a process of its own, and import Sphinx only once."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workbook.notebook import STEADY

EXTENSIONS = "myst_parser,sphinx.ext.autodoc,sphinx.ext.coverage,sphinx.ext.doctest"


def statuses(builds: Sequence[Sequence[str]]) -> list[int]:
    """Run `sphinx-build` once with each list of words in *builds*; give the exit statuses."""
    done = subprocess.run(  # noqa: S603 - this module, in this interpreter
        [sys.executable, "-m", __name__, json.dumps(builds)],
        env={**os.environ, **STEADY, "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[int] = json.loads(done.stdout)
    return found


def main() -> None:
    from sphinx.cmd.build import main as sphinx_build  # noqa: PLC0415 - not for whoever asks

    with tempfile.TemporaryDirectory() as empty:  # what Sphinx loads only once it builds
        Path(empty, "index.rst").write_text("Empty\n=====\n", encoding="utf-8")
        sphinx_build(
            ["-Q", "-C", "-b", "dummy", "-D", f"extensions={EXTENSIONS}", empty, f"{empty}/out"]
        )
    found = []
    for words in json.loads(sys.argv[1]):
        child = os.fork()  # what a build has imported is gone with it
        if not child:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            os._exit(sphinx_build(words))
        found.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
