"""Grade *Say it once, or every week*: each rule is tried on the code a comment was about."""

import re

import pytest

# The code that each comment was about, as a change: with the lines marked - before the comment
# was followed, with those marked + after.
REVIEWED = {
    "leftover": '''
-import json
 from datetime import datetime


 def weekday(moment: datetime) -> str:
     """Name the day."""
     return f"{moment:%A}"
''',
    "compares_none": '''
 def closed(window: object) -> bool:
     """Whether there is no window."""
-    return window == None
+    return window is None
''',
    "name_says_nothing": '''
-def check(level: float, road: float) -> bool:
+def is_dry(level: float, road: float) -> bool:
     """Compare the water's *level* with the *road*."""
     return level < road
''',
    "remembers_boats": '''
-def moor(boat: str, quay: list[str] = []) -> list[str]:
+def moor(boat: str, quay: list[str] | None = None) -> list[str]:
     """Moor *boat* at *quay*, or at a new one."""
-    return [*quay, boat]
+    return [*(quay or []), boat]
''',
    "takes_everything": '''
 from pathlib import Path


 def table(file: Path) -> str:
     """Read the tide table."""
     try:
         return file.read_text(encoding="utf-8")
-    except:
+    except OSError:
         return ""
''',
    "why_thirty": '''
+# Notice 12 of the harbour master, paragraph 3: half an hour before the water.
 MARGIN = 30


 def last_start(closes: int) -> int:
     """Give the last minute in which a car may start."""
     return closes - MARGIN
''',
    "left_open": '''
 def lines(name: str) -> int:
     """Count the lines of the file *name*."""
-    file = open(name, encoding="utf-8")
-    return len(file.readlines())
+    with open(name, encoding="utf-8") as file:
+        return len(file.readlines())
''',
    "nothing_filled_in": '''
 def headline(minutes: int) -> str:
     """Say how long the road stays dry."""
-    return f"OPEN minutes" if minutes else "CLOSED"
+    return f"OPEN {minutes}" if minutes else "CLOSED"
''',
    "belongs_elsewhere": '''
-import json
-from pathlib import Path
-
-
-def first_opening(file: Path) -> str:
+def first_opening(openings: list[str]) -> str:
     """Give the first opening of the day."""
-    openings: list[str] = json.loads(file.read_text(encoding="utf-8"))
     return min(openings)
''',
    "hands_over_text": '''
 def wait(minutes: int) -> int:
     """Give the seconds to wait."""
     return minutes * 60


-print(wait("30"))
+print(wait(int("30")))
''',
    "no_window": '''
 from dataclasses import dataclass


 @dataclass
 class Window:
     """A time when the road is dry."""

     closes: int


 def closing(window: Window | None) -> int | None:
     """Give the minute in which the road floods."""
-    return window.closes
+    return window.closes if window else None
''',
    "fails_open": '''
 def is_open(table: dict[str, bool], day: str) -> bool:
     """Whether the road opens on *day*."""
     try:
         return table[day]
     except Exception:
-        return True
+        return False
''',
}
SIDES = {"-": "before", "+": "after"}
HUMAN = {"name_says_nothing", "why_thirty", "belongs_elsewhere", "fails_open"}


@pytest.mark.points(1)
@pytest.mark.hint("Which lines of enforcers.toml still hold an empty text?")
def test_each_comment_has_an_answer(submission):
    """Each of the twelve comments is answered with a code or with human."""
    answers = read(submission)

    missing = [name for name in REVIEWED if not answers[name]]
    unknown = sorted(set(submission.toml("enforcers.toml")) - set(REVIEWED))
    assert not missing, f"Without an answer: {', '.join(missing)}; expected a code or human."
    assert not unknown, f"{', '.join(unknown)} is no comment of the twelve."


@pytest.mark.points(3)
@pytest.mark.hint(
    "What do the three tools say when you run them over such a line yourself?",
    "All messages: https://pylint.readthedocs.io/en/stable/user_guide/messages/messages_overview.html",
)
def test_each_rule_reports_what_the_comment_was_about(submission, advise):
    """Each rule that you name reports the code that the comment was about."""
    codes = rules(submission)
    told = tried(submission, "-") if codes else {}
    silent = [name for name, code in codes.items() if code not in told[name]]

    advise(not codes, "Is there nothing here that you have seen a tool say?")
    foreign = any(re.match(r"(b|dtz|s|sim|up|ruf|pl[cerw])\d", codes[name]) for name in silent)
    advise(foreign, "Does one of the three tools have that code, or one that is not run here?")
    advise(HUMAN & set(silent), "Could whoever reads only this code, and no more, know that?")
    assert codes, "No rule is named; expected one for each comment that a rule can make."
    assert not silent, f"Tried, and silent: {listed(silent, codes)}. Expected a report of each."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What would the rule say to somebody who has done what the comment asks?",
    "Error codes of mypy: https://mypy.readthedocs.io/en/stable/error_code_list.html",
)
def test_each_rule_is_silent_once_the_comment_is_followed(submission, advise):
    """Each rule that you name is silent about the code in which the comment was followed."""
    codes = rules(submission)
    told = tried(submission, "+") if codes else {}
    loud = [name for name, code in codes.items() if code in told[name]]

    advise(not codes, "Is there nothing here that you have seen a tool say?")
    advise(HUMAN & set(loud), "It complained before, and it complains still. What did it not see?")
    assert codes, "No rule is named; expected one for each comment that a rule can make."
    told_of = listed(loud, codes)
    assert not loud, f"Followed, and still reported: {told_of}. Expected silence."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of these would you still say to somebody whose code every tool likes?",
    "What mypy can tell: https://mypy.readthedocs.io/en/stable/error_code_list.html",
)
def test_people_are_asked_what_no_rule_knows(submission, advise):
    """People are asked where no rule can tell the two apart, and nowhere else."""
    answers = read(submission)
    people = [name for name in REVIEWED if answers[name] == "human"]
    wasted = [name for name in people if name not in HUMAN]

    advise(not people, "What did the tools say when you tried them on the comment about a name?")
    advise(wasted, "Who will make this comment next week, and the week after?")
    assert people, "Nobody is asked anything; expected what no rule can know."
    assert not wasted, f"Left to people: {', '.join(wasted)}. Expected a rule: one can tell."


def read(submission):
    """Give the answer to each comment in small letters; an empty one where there is no text."""
    given = submission.toml("enforcers.toml")
    answers = {name: given.get(name, "") for name in REVIEWED}
    return {n: a.strip().lower() if isinstance(a, str) else "" for n, a in answers.items()}


def rules(submission):
    """Give the codes among the answers."""
    return {name: code for name, code in read(submission).items() if code not in ("", "human")}


def listed(names, codes):
    """Name comments with the codes that were tried on them."""
    return ", ".join(f"{name} ({codes[name].upper()})" for name in names)


TRIED = {}  # of the last answers only: two checks ask about the same runs


def tried(submission, side):
    """Give the codes that the tools report of one *side* of each change, by its name."""
    codes = frozenset(rules(submission).values())
    if codes not in TRIED:
        TRIED.clear()
        TRIED[codes] = reports(submission.copy(), codes)
    return {name: TRIED[codes][name, side] for name in REVIEWED}


def reports(copy, codes):
    """Run the tools over both sides of each change; give the codes they report, by name and side.

    A tool runs when a code looks like one of its own, and pylint looks for these only: a check
    of an answer should not take longer than reading it. What is alike in two files is no finding.
    """
    found = {}
    for name, change in REVIEWED.items():
        for side, when in SIDES.items():
            lines = [line for line in change.strip("\n").split("\n") if line[:1] in ("", " ", side)]
            text = "".join(f"{line[1:]}\n" for line in lines)
            (copy.path / f"{when}_{name}.py").write_text(text, encoding="utf-8")
            found[name, side] = set()
    files = [f"{SIDES[side]}_{name}.py" for name, side in found]
    told = ""
    if like(r"[a-z]+\d{3}", codes):
        told += copy.run("flake8", "--isolated", "--format=%(path)s:%(code)s", *files).stdout
    if wanted := like(r"[a-z]\d{4}|[a-z]+(-[a-z]+)+", codes):
        form = "--msg-template={path}:{msg_id}\n{path}:{symbol}"
        only = ("--disable=all", f"--enable={','.join(wanted)}", "--min-similarity-lines=0")
        told += copy.run("pylint", "--output-format=text", form, *only, *files).stdout
    if like(r"[a-z-]+", codes):
        said = copy.run("mypy", "--strict", "--no-error-summary", *files).stdout
        told += re.sub(r"^(\w+\.py):\d+: error: .*\[([\w-]+)\]$", r"\1:\2", said, flags=re.M)
    for name, side in found:
        file = re.escape(f"{SIDES[side]}_{name}.py")
        said = re.findall(rf"^(?:\./)?{file}:([\w-]+)$", told, re.MULTILINE)
        found[name, side] = {code.lower() for code in said}
    return found


def like(pattern, codes):
    """Give those of *codes* that look like *pattern*."""
    return sorted(code for code in codes if re.fullmatch(pattern, code))
