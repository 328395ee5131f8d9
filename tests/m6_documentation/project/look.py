"""In the learner's process: tell what stands in the pages that were built.

python look.py MARK api NAME=WORD …    which names the inventory lacks, which words no page has
python look.py MARK linked PAGE        whether another page leads to that one
"""

import sys
import zlib
from pathlib import Path


def inventory():
    """Give the names of Python that other sites could refer to."""
    try:
        data = Path("docs/_build/html/objects.inv").read_bytes()
        lines = zlib.decompress(data.split(b"\n", 4)[4]).decode().splitlines()
    except (OSError, IndexError, ValueError, zlib.error):
        return set()
    return {line.split(" ")[0] for line in lines if " py:" in line}


def pages(folder):
    """Give each page's path and text; a copy of the source is no page about it."""
    for path in sorted(Path(folder).rglob("*.html")):
        if "_modules" not in path.parts:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def main(mark, what, *asked):
    if what == "linked":
        [name] = asked
        if any(f"{name}.html" in text for path, text in pages(".") if path.stem != name):
            print(mark, "linked")
        return
    known = inventory()
    text = "".join(text for _, text in pages("docs/_build/html"))
    for pair in asked:
        name, _, word = pair.partition("=")
        package, _, rest = name.partition(".")
        again = f"{package}.{rest.partition('.')[2]}"  # what the package itself hands on
        if not known & {name, again}:
            print(mark, "lacks", name)
        elif word not in text:
            print(mark, "silent", name)


if __name__ == "__main__":
    main(*sys.argv[1:])
