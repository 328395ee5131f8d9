"""Run the shell blocks of a runbook in their order, and stop at the first that fails."""

import subprocess
from collections.abc import Iterator

from markdown_it import MarkdownIt

from workbook.notebook import LIMIT


def blocks(text: str) -> list[str]:
    """List the blocks of the Markdown *text* that are marked as `sh`."""
    tokens = MarkdownIt().parse(text)
    return [each.content for each in tokens if each.type == "fence" and each.info.strip() == "sh"]


def play(text: str) -> Iterator[str]:
    """Run each block of *text* by `sh -eu`, in the working directory; tell what happened.

    An error ends a block, and so does a variable that is not set; no block runs after it.
    """
    for number, block in enumerate(blocks(text), start=1):
        done = subprocess.run(  # noqa: S603 - a runbook of this course
            ["/bin/sh", "-eu", "-c", block],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        said = f", said {done.stdout.strip()}" if done.stdout.strip() else ""
        yield f"block {number}: exit {done.returncode}{said}"
        if done.returncode:
            return
