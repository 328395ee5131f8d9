"""In the learner's process: what a job finds on its path, and then the builder of docs_that_fail.

Installers are stand-ins that succeed: what the locks name is here already. Nothing reaches a
network, wherever this runs. Sphinx, and what a project's pages are made with, is loaded once.
"""

import os
from pathlib import Path

import builder

STANDINS = {
    "pip pip3 apt-get apt apk corepack": "exit 0",
    # `uv run sphinx-build …` is sphinx-build; all else of it installs.
    "uv poetry hatch pdm": """
[ "$1" = run ] || exit 0
shift
while [ "${1#-}" != "$1" ]; do [ "$1" = -- ] && shift && break; shift; done
exec "$@" """,
    "python python3": """
case "$1 $2" in
    "-m pip" | "-m ensurepip" | "-m uv") exit 0 ;;
    "-m venv") for last; do :; done; mkdir -p "$last/bin"; : > "$last/bin/activate"; exit 0 ;;
esac
exec "$(dirname "$0")/../bin/python" "$@" """,
}
MODULES = [
    "flask", "flask.testing", "myst_parser.parsers.sphinx_", "myst_parser.sphinx_ext.main",
    "myst_parser.sphinx_ext.myst_refs", "pygments.lexers.shell", "sphinx.ext.apidoc",
    "sphinx.ext.autosummary.generate", "sphinx.ext.mathjax", "sphinx_rtd_theme", "yaml",
]  # fmt: skip
# Whose source autodoc reads for the signatures of a Flask application.
LIBRARY = (
    "dataclasses", "flask.app", "flask.blueprints", "flask.helpers", "flask.templating",
    "flask.wrappers", "pathlib", "typing", "werkzeug.exceptions", "werkzeug.wrappers.response",
)  # fmt: skip


def main():
    folder = Path("standins")
    folder.mkdir()
    for names, text in STANDINS.items():
        for name in names.split():
            (folder / name).write_text(f"#!/bin/sh\n{text.strip()}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    closed = "http://127.0.0.1:9"
    os.environ |= {"http_proxy": closed, "https_proxy": closed, "ALL_PROXY": closed}
    builder.LONGEST, builder.CONF = 90, 'html_theme = "sphinx_rtd_theme"'
    builder.MODULES += MODULES
    builder.LIBRARY += LIBRARY
    builder.main()


if __name__ == "__main__":
    main()
