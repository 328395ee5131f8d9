"""A scripted stand-in for a reviewing model: six patterns over the added lines, no understanding.

It exists so that the lesson runs offline and says the same each time. What it finds and what it
gets wrong are its own: it reads the diff, it does not know the planted defects.
"""

import re

from solutions.m1_static_analysis.reviewing.change import added
from solutions.m1_static_analysis.reviewing.findings import Finding, Severity

PATTERNS: tuple[tuple[str, Severity, str, str], ...] = (
    (r"shell=True", "high", "shell", "A shell reads this command. Who can write into it?"),
    (
        r"\b\w*(KEY|PASSWORD|SECRET|TOKEN)\w*\s*=\s*[\"']",
        "high",
        "secret",
        "A secret stands in the source, and from now on in its history.",
    ),
    (r"except(\s+Exception)?\s*:", "medium", "swallowed", "Which failures end here unseen?"),
    (r"datetime\.now\(\)", "medium", "naive-time", "This time has no zone."),
    (r"def .*=\s*(\[\]|\{\})", "medium", "shared-default", "All calls share this default."),
    (r"^\s*assert\b", "low", "assert", "This check is gone under python -O."),
)


def review(diff: str) -> list[Finding]:
    """Give a finding for each added line of *diff* that looks like one of the patterns."""
    return [
        Finding(file, number, rule, severity, message, quote=text)
        for file, lines in added(diff).items()
        for number, text in lines.items()
        for pattern, severity, rule, message in PATTERNS
        if re.search(pattern, text)
    ]
