"""Not the file is a link, but a folder on the way."""

import shutil
from pathlib import Path

SOLUTIONS = Path(__file__).parents[3] / "course/solutions"


def build(folder):
    shutil.rmtree(folder / "exercises")
    (folder / "exercises").symlink_to(SOLUTIONS)
    return folder
