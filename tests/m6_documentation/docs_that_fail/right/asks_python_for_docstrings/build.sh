#!/bin/sh
# Builds the site into public/, or fails.
set -eu

sphinx-build --fail-on-warning --nitpicky docs public
sphinx-build -W -b doctest docs .build/doctest
sphinx-build -W -b linkcheck docs .build/linkcheck
python3 - <<'END'
import ast
import pathlib
import sys

missing = [
    f"{path}: {node.name}"
    for path in pathlib.Path("causeway").rglob("*.py")
    for node in ast.walk(ast.parse(path.read_text()))
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node)
]
print(*missing, sep="\n")
sys.exit(bool(missing))
END
