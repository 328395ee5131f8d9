"""Compare requirements.txt with what pyproject.toml asks for: each is there, within its bounds."""

import re
import sys
import tomllib
from pathlib import Path

HOLDS = {
    ">=": lambda pin, bound: pin >= bound,
    ">": lambda pin, bound: pin > bound,
    "<=": lambda pin, bound: pin <= bound,
    "<": lambda pin, bound: pin < bound,
    "==": lambda pin, bound: pin == bound,
    "!=": lambda pin, bound: pin != bound,
}


def plain(name: str) -> str:
    """Give the one spelling of a package's name: PyYAML and pyyaml are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


asked = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
pins = re.findall(r"(?m)^([\w.-]+)==([\d.]+)", Path("requirements.txt").read_text(encoding="utf-8"))
locked = {plain(name): numbers(version) for name, version in pins}

wrong = []
for text in asked:
    pin = locked.get(plain(re.findall(r"[\w.-]+", text)[0]))
    bounds = re.findall(r"([<>=!]=?)\s*([\d.]+)", text)
    if pin is None or not all(HOLDS[how](pin, numbers(bound)) for how, bound in bounds):
        wrong.append(text)
sys.exit(f"The lock does not hold what is asked for: {', '.join(wrong)}." if wrong else 0)
