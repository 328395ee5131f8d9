"""What a decision says, and what its place says to that: the constraints of scenarios.toml."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

PLACES = tomllib.loads(Path(__file__).with_name("scenarios.toml").read_text(encoding="utf-8"))
CHOICES = {"packages": ("uv", "poetry"), "manifests": ("helm", "kustomize"),
           "delivery": ("push", "gitops")}  # fmt: skip
KEYS = ("choice", "because", "gives_up", "revisit")
CONDITION = re.compile(r"\s*([a-z_]+)\s*(<=|>=|==|<|>)\s*(-?\d{1,9}(?:\.\d{1,3})?)\s*")


@dataclass(frozen=True)
class Constraint:
    """What a place must or wishes: for which choice it speaks, and on what it rests."""

    question: str
    kind: str
    speaks_for: str
    rests_on: str


@dataclass(frozen=True)
class Decision:
    """A decision as the learner wrote it, and what the place says to its question."""

    place: str
    question: str
    choice: str
    because: list
    gives_up: list
    revisit: list

    @property
    def name(self):
        return f"{self.place}.toml, {self.question} = {self.choice}"

    @property
    def constraints(self):
        found = PLACES[self.place]["constraints"]
        every = {name: Constraint(*each) for name, each in found.items()}
        return {name: each for name, each in every.items() if each.question == self.question}

    def named(self, *, speaks_for_it, kind=None):
        """Name the constraints that speak for the choice, or for the other one."""
        return [
            name for name, each in self.constraints.items()
            if each.speaks_for != "both" and kind in (None, each.kind)
            and (each.speaks_for == self.choice) == speaks_for_it
        ]  # fmt: skip

    def moving(self):
        """Give what takes the decision back: measures, and +1 or -1 for the way they go."""
        found = set()
        for each in self.constraints.values():
            if each.rests_on:
                weighs = 1 if each.rests_on[0] == "+" else -1
                found.add(
                    (each.rests_on[1:], -weighs if each.speaks_for == self.choice else weighs)
                )
        return found


def holds(condition, value):
    """Whether a condition holds for *value*."""
    number = float(condition[3])
    return {"<": value < number, "<=": value <= number, "==": value == number,
            ">=": value >= number, ">": value > number}[condition[2]]  # fmt: skip


def way(condition, now, least, most):
    """Say which way what is measured goes for a condition to come true: 1 up, -1 down, or None."""
    number = float(condition[3])
    if holds(condition, now):
        return None
    if condition[2] == "==":
        up, can = number > now, least <= number <= most and number.is_integer()
    else:
        up = condition[2][0] == ">"
        can = holds(condition, most if up else least)
    return (1 if up else -1) if can else None


def read(file, place):
    """Read the decisions of a place out of its file, and say what is wrong with their form."""
    found, wrong = [], []
    wrong += [f"{place}.toml: {str(key)[:40]!r} is none of the three questions."
              for key in file if key not in CHOICES]  # fmt: skip
    for question, choices in CHOICES.items():
        told = file.get(question)
        where = f"{place}.toml, {question}"
        if not isinstance(told, dict):
            wrong.append(f"{where}: no decision.")
            continue
        wrong += [f"{where}: {key} is missing." for key in KEYS if key not in told]
        wrong += [f"{where}: {str(key)[:40]!r} is no key of a decision."
                  for key in told if key not in KEYS]  # fmt: skip
        choice, revisit = told.get("choice"), told.get("revisit", [])
        revisit = [revisit] if isinstance(revisit, str) else revisit
        lists = {"because": told.get("because", []), "gives_up": told.get("gives_up", [])}
        if choice not in choices:
            wrong.append(f"{where}: the choice is neither {' nor '.join(choices)}.")
        for key, value in (lists | {"revisit": revisit}).items():
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                what = "no text or list of texts" if key == "revisit" else "no list of texts"
                wrong.append(f"{where}: {key} is {what}.")
        if not wrong:
            found.append(Decision(place, question, choice, *lists.values(), revisit))
    return found, wrong
