"""Grade *The badge says 197 per cent*: the expression is played over eight logs.

logs/ holds the ends of real ones: pytest 9.2, coverage 7.17 and pytest-cov 7.1 ran parts of
Causeway's tests. What GitLab does with a log stands in reader.py beside them, with its source.
"""

from pathlib import Path

import pytest

DATA = Path(__file__).with_name("read_the_coverage")
FIGURES = {"lines": 95, "branches": 94, "hundred": 100, "decimals": 93.78, "two_reports": 94,
           "coloured": 97, "sections": 92, "failing": None}  # fmt: skip
COUNTS = (197, 9, 28, 5, 53, 4, 14)  # of statements and branches: the other numbers of those lines
# The same logs with other figures in them: of which log, what is replaced, and by what.
TWINS = {
    "lines, with 7 % in all": ("lines", " 95%\n=", "  7%\n=", 7),
    "lines, with 0 % in all": ("lines", " 95%\n=", "  0%\n=", 0),
    "branches, with 88 % in all": ("branches", " 94%", " 88%", 88),
    "decimals, with 100.00 % in all": ("decimals", "93.78%", "100.00%", 100),
    "decimals, with 8.05 % in all": ("decimals", "93.78%", "8.05%", 8.05),
}


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which characters does GitLab expect around the expression, and which constructs does it know?",
    "What the keyword takes: https://docs.gitlab.com/ci/yaml/#coverage",
)
def test_gitlab_takes_the_expression(submission, advise):
    """GitLab takes the expression: it stands between slashes, and RE2 can compile it."""
    value = coverage(submission)
    bare = isinstance(value, str) and not fenced(value)
    advise(bare, "How does GitLab tell where the expression begins and where it ends?")
    advise(not bare, "Which engine reads it, and what does that engine leave out to be quick?")
    played(submission, ["lines"])


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which text does the expression match, and which of the numbers in it comes first?",
    "How the number is found: https://docs.gitlab.com/ci/yaml/#coverage",
)
def test_the_figure_is_the_share(submission, advise):
    """The figure is the share of the total, whatever columns stand before it."""
    found = played(submission, ["lines", "branches"])

    numbers = [float(each["figure"]) for each in found.values() if each["figure"]]
    advise(any(each["unused"] for each in found.values()), "Of several groups the last one counts. "
           "Which one is that, and has it matched anything?")  # fmt: skip
    advise(197 in numbers, "Of all that the expression matched GitLab takes the first number. "
           "How many numbers did it match?")  # fmt: skip
    advise(28 in numbers, "What is the third number of the line, once branches are measured?")
    advise(any(0 < number < 10 for number in numbers), "How much has the star eaten before the "
           "digits have their turn?")  # fmt: skip
    advise(len(numbers) < len(found), "Which words does the log hold when no floor is set?")
    agree(found, FIGURES)


@pytest.mark.points(2)
@pytest.mark.hint(
    "How many digits can the figure have, before the point and after it?",
    "What coverage.py prints: https://coverage.readthedocs.io/en/latest/config.html#report-precision",
)
def test_every_digit_is_read(submission, advise):
    """Every digit of the figure is read: one, two or three, and the decimals."""
    found = played(submission, ["hundred", "decimals", *TWINS])

    figures = {name: each["figure"] for name, each in found.items()}
    lost = figures["decimals"] in ("78", ".78")
    advise(any(each["unused"] for each in found.values()), "Of several groups the last one counts. "
           "Which one is that, and has it matched anything?")  # fmt: skip
    advise(lost or figures["hundred"] == "00", "What stands before the digits that were read?")
    advise(figures["hundred"] is None, "What will the badge show on the day when all is reached?")
    advise(figures["decimals"] is None, "What happens when a team sets a precision?")
    advise(figures["branches, with 88 % in all"] is None, "Does the expression know what a figure "
           "looks like, or which figures there were?")  # fmt: skip
    agree(found, FIGURES | {name: twin[3] for name, twin in TWINS.items()})


@pytest.mark.points(2)
@pytest.mark.hint(
    "What stands before the word and after the figure, byte by byte, in the logs that go wrong?",
    "Colour in a log: https://docs.gitlab.com/ci/testing/code_coverage/",
)
def test_the_line_is_found_whatever_is_around(submission, advise):
    """The line is found among colours, sections and an earlier report."""
    found = played(submission, ["two_reports", "coloured", "sections"])

    missed = [name for name, each in found.items() if each["figure"] is None]
    numbers = [float(each["figure"]) for each in found.values() if each["figure"]]
    advise({"coloured", "sections"} <= set(missed), "Is the word the first thing in its line, "
           "for somebody who reads bytes?")  # fmt: skip
    advise("coloured" in missed, "What does a log hold where you see red?")
    advise(69 in numbers, "Two reports stand in that log. Which one is about all the tests?")
    agree(found, FIGURES)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which line of that log does the expression match, and what is it about?",
    "What the figure is used for: https://docs.gitlab.com/ci/testing/code_coverage/",
)
def test_nothing_measured_is_no_figure(submission, advise):
    """A run that measured nothing gives no figure."""
    found = played(submission, ["failing"])

    shown = found["failing"]["figure"]
    advise(shown == "100", "Hundred per cent of the tests were run. "
           "What share of the code is that?")  # fmt: skip
    advise(shown == "100.0", "A hundred per cent of what had arrived, in that line?")
    agree(found, FIGURES)


def coverage(submission):
    """Give the value of `coverage` of the job `test`, whatever it is."""
    file = submission.yaml(".gitlab-ci.yml")
    job = file.get("test") if isinstance(file, dict) else None
    assert isinstance(job, dict), "There is no job `test` in .gitlab-ci.yml. Expected one."
    assert "coverage" in job, "The job `test` has no `coverage`. Expected an expression there."
    return job["coverage"]


def fenced(value):
    return len(value) > 2 and value.startswith("/") and value.endswith("/")


def played(submission, names):
    """Read the logs by the expression, in the learner's process: it may take for ever."""
    value = coverage(submission)
    assert isinstance(value, str), (
        f"`coverage` is {type(value).__name__}: {value!r:.60}. Expected an expression in quotes."
    )
    assert fenced(value), f"`coverage` is {value:.100}. Expected an expression between slashes."
    setup = (DATA / "reader.py").read_text(encoding="utf-8")
    setup += f"\nEXPRESSION, LOGS = {value[1:-1]!r}, {[log(name) for name in names]!r}"
    found = submission.evaluate("play(EXPRESSION, LOGS)", setup=setup)
    assert isinstance(found, list), f"{value:.100} {found}. Expected an expression that RE2 takes."
    return dict(zip(names, found, strict=True))


def log(name):
    """Give the text of a log, or of a log's twin."""
    like, old, new, _ = TWINS.get(name, (name, "", "", None))
    text = (DATA / "logs" / f"{like}.log").read_bytes().decode()
    return text.replace(old, new) if old else text


def agree(found, expected):
    """Tell each log from which GitLab would take another figure than the one that is there."""
    told = []
    for name, each in found.items():
        figure, wish = each["figure"], expected[name]
        if (None if figure is None else float(figure)) != wish:
            source = f" out of {each['fragment']!r}" if figure else ""
            wished = "none" if wish is None else wish
            told.append(f"{name}: {figure or 'no figure'}{source}, expected {wished}")
    assert not told, "; ".join(told) + "."
