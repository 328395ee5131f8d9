"""Follow the requirements by hand: through the lock, and through what the wheels require."""

import re
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ENTRY = re.compile(r"([\w.-]+)==(\S+)((?:\s+--hash=sha256:\w{64})+)")


def entries(name):
    text = Path(name).read_text().replace("\\\n", " ")
    matches = [ENTRY.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    return {canonicalize_name(each[1]): (each[2], each[3].split()) for each in matches}


def required_by(name, version):
    wheel = next(Path("wheels").glob(f"{name.replace('-', '_')}-{version}-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        file = next(each for each in archive.namelist() if each.endswith("/METADATA"))
        return Parser().parsestr(archive.read(file).decode()).get_all("Requires-Dist") or []


def reached(asked, lock):
    found, left = set(), [Requirement(each) for each in asked]
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        version = lock[name][0]
        assert one.specifier.contains(version)
        if name not in found:
            found.add(name)
            left += [Requirement(each) for each in required_by(name, version)]
    return found


project = tomllib.loads(Path("pyproject.toml").read_text())
asked, tools = project["project"]["dependencies"], project["dependency-groups"]["dev"]
try:
    lock, exported = entries("requirements-dev.txt"), entries("requirements.txt")
    needed = reached(asked, lock)
    assert set(lock) == needed | reached(tools, lock)
    assert exported == {name: lock[name] for name in needed}
except (AssertionError, KeyError, OSError, TypeError) as error:
    print(f"Drift: {error!r}")
    sys.exit(1)
