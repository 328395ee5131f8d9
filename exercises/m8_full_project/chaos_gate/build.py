"""Stands in for a build backend: puts into dist/*.whl what pyproject.toml includes."""

import tomllib
import zipfile
from pathlib import Path

told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
name, version = told["project"]["name"], told["project"]["version"]
Path("dist").mkdir(exist_ok=True)
with zipfile.ZipFile(f"dist/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for pattern in told["tool"]["build"]["include"]:
        for path in sorted(Path("src").glob(pattern)):
            when = (2026, 5, 4, 0, 0, 0)  # the same files, the same bytes
            place = zipfile.ZipInfo(path.relative_to("src").as_posix(), when)
            wheel.writestr(place, path.read_bytes())
