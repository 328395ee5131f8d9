"""Judge a reviewer: how much of what it says is right, and how much of what is wrong it says."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solutions.m1_static_analysis.reviewing.findings import Finding


@dataclass(frozen=True)
class Defect:
    """A planted defect: its *lines* in the file of the change, *code* on the first of them."""

    name: str
    file: str
    lines: range
    code: str
    harm: str


@dataclass(frozen=True)
class Score:
    """How a reviewer did. *hits* are findings on a defect, *found* the names of the defects."""

    reviewer: str
    findings: int
    hits: int
    found: frozenset[str]
    planted: int

    @property
    def precision(self) -> float:
        """The part of its findings on a planted defect; 1 for a reviewer who says nothing."""
        return self.hits / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        """The part of the planted defects that it found."""
        return len(self.found) / self.planted


def read_truth(file: Path) -> list[Defect]:
    """Read the planted defects, in the order of the change."""
    return [
        Defect(name, each["file"], range(each["from"], each["to"] + 1), each["code"], each["harm"])
        for name, each in tomllib.loads(file.read_text(encoding="utf-8")).items()
    ]


def score(reviewer: str, findings: Iterable[Finding], truth: Sequence[Defect]) -> Score:
    """Compare *findings* with the planted defects, by file and line.

    A finding on the right line counts whatever it says about it. That is generous: read what a
    reviewer says before you believe its score.
    """
    said = list(findings)
    named = [{d.name for d in truth if d.file == f.file and f.line in d.lines} for f in said]
    return Score(
        reviewer=reviewer,
        findings=len(said),
        hits=sum(bool(names) for names in named),
        found=frozenset().union(*named),
        planted=len(truth),
    )


def table(scores: Sequence[Score]) -> str:
    """Show *scores* side by side."""
    head = f"{'':20} findings  hits  found  precision  recall"
    rows = [
        f"{s.reviewer:20} {s.findings:8} {s.hits:5} {f'{len(s.found)}/{s.planted}':>6}"
        f" {s.precision:10.2f} {s.recall:7.2f}"
        for s in scores
    ]
    return "\n".join([head, *rows])
