"""Make small wheels out of a table of packages, the same to the byte on every machine.

`python -m workbook.wheels index.toml wheels` makes the folder that resolvers are shown instead of
an index. The table has a package's versions, each with what it requires and its module's source:

    [lunation."1.4"]
    requires = ["stars>=2"]
    module = "def phase(): ..."
"""

import base64
import hashlib
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# The first moment that a zip file can tell: neither the day nor the machine goes into a wheel.
EPOCH = (1980, 1, 1, 0, 0, 0)
WHEEL = "Wheel-Version: 1.0\nGenerator: workbook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build(
    folder: Path, name: str, version: str, requires: Iterable[str] = (), module: str = ""
) -> Path:
    """Make the wheel of one release in *folder*, and give its path.

    Written here and not by a build backend: the next release of one would give other bytes.
    """
    bare = name.replace("-", "_")
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.11\n"
    metadata += "".join(f"Requires-Dist: {each}\n" for each in requires)
    info = f"{bare}-{version}.dist-info"
    files = {
        f"{bare}.py": module or f'__version__ = "{version}"\n',
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": WHEEL,
    }
    record = "".join(
        f"{path},{digest(text)},{len(text.encode())}\n" for path, text in files.items()
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{bare}-{version}-py3-none-any.whl"
    # Stored, not compressed: compressed bytes differ with the zlib that made them.
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, also where it is made on another system
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text)
    return wheel


def digest(text: str) -> str:
    """Give the digest of *text* as a wheel's RECORD has it."""
    found = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(found).decode().rstrip("=")


def build_all(table: Mapping[str, Mapping[str, Mapping[str, Any]]], folder: Path) -> list[Path]:
    """Make every release of *table*, which is laid out as the module's docstring shows."""
    return [
        build(folder, name, version, **release)
        for name, releases in table.items()
        for version, release in releases.items()
    ]


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for made in build_all(tomllib.load(file), Path(sys.argv[2])):
            print(made)
