"""A quality gate over findings: what is new may not be bad, and what is old may not grow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from solutions.m1_static_analysis.reviewing.change import Added
from solutions.m1_static_analysis.reviewing.findings import Finding

Baseline = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class Gate:
    """Whether a change may pass; *reasons* say why not, and are empty when it may."""

    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the change."""
        return not self.reasons

    def __str__(self) -> str:
        return "\n".join(["passed" if self.passed else "not passed", *self.reasons])


def baseline(findings: Sequence[Finding]) -> Baseline:
    """Count *findings* by file, tool and rule.

    Line numbers are left out: they move when somebody adds a line above, and an old finding
    would look new.
    """
    return Counter((each.file, each.tool, each.rule) for each in findings)


def judge(findings: Sequence[Finding], accepted: Baseline, changed: Added) -> Gate:
    """Judge *findings* of the changed project against the *accepted* ones from before.

    Two conditions: no finding of high severity on a *changed* line, and no more findings of a
    rule in a file than were accepted there.
    """
    high = [
        f"high, on a changed line: {each}"
        for each in findings
        if each.severity == "high" and each.line in changed.get(each.file, {})
    ]
    grown = baseline(findings) - accepted
    rise = [f"{grown.total()} findings more than the baseline accepts"] if grown else []
    return Gate((*high, *rise))
