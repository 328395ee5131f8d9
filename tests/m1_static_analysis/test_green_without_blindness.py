"""Grade *Green without blindness*: the linters are silent, and still see what they are shown."""

import io
import re
import tokenize

import pytest

PACKAGE = "causeway_sign"
NEW_FILE = f"{PACKAGE}/ferry.py"

# Each fault with the codes that flake8 or pylint has for it: one report is enough.
CANARIES = {
    "a mutable default": {"W0102"},
    "a shadowed builtin": {"W0622"},
    "a bare except": {"E722", "W0702"},
    "an unused import": {"F401", "W0611"},
    "an annotation that names nothing": {"F821"},
    "a literal compared with is": {"F632", "R0123"},
}
PLANTED = """

def moor(boat, quay=[]):
    quay.append(boat)
    return quay


def pier(list):
    return list


def sail(leave):
    try:
        leave()
    except:
        return False


import colorsys


def captain(of: "Ferrry"):
    return of


def moored(state):
    return state is "moored"
"""

SIGN = """
from causeway_sign.alarm import Alarm
from causeway_sign.board import Board, headline

def sign(*lines, **how):
    board = Board(list(lines[:1]))
    for line in lines[1:]:
        board.add(line)
    return board.render(**how)

class Radio(Alarm):
    def __init__(self, failures, error):
        self.failures, self.error, self.calls = failures, error, 0

    def send(self, message):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error("no signal")

def alarm(failures, error=ConnectionError):
    radio = Radio(failures, error)
    try:
        return radio.call_warden("dark", pause=0), radio.calls
    except KeyboardInterrupt:
        return "stopped"
"""


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which of the findings would you repair even if nobody had asked for green?",
    "What each code means: https://flake8.pycqa.org/en/latest/user/error-codes.html",
)
def test_flake8_is_clean(submission):
    """flake8 has nothing to report, under your own configuration."""
    result = submission.run("flake8", PACKAGE)

    assert result.returncode == 0, result.stdout


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which findings are bugs, and which one cannot be repaired without asking somebody else?",
    "All messages: https://pylint.readthedocs.io/en/stable/user_guide/messages/messages_overview.html",
)
def test_pylint_is_clean(submission, advise):
    """pylint has nothing to report, under your own configuration."""
    result = submission.run("pylint", "--output-format=text", "--reports=n", PACKAGE)
    printed = result.stdout.strip()

    lenient = result.returncode == 0 and PACKAGE in printed
    advise(lenient, "Exit code 0, and findings all the same: who lowered the bar?")
    assert result.returncode == 0, printed + result.stderr
    assert not printed, f"pylint exits with 0 and still has findings, expected none.\n{printed}"


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which of your settings and comments hold for more than the line you had in mind?",
    "How far a setting reaches: https://flake8.pycqa.org/en/latest/user/violations.html",
    "And a comment: https://pylint.readthedocs.io/en/stable/user_guide/messages/message_control.html",
)
def test_canaries_are_reported(submission, advise):
    """Six canaries, planted in each file and in a new one, are all reported.

    One report is enough, by either linter: what both can see may be switched off in one.
    """
    modules = [name for name in submission.files if name.endswith(".py")]
    unseen = unseen_canaries(submission.copy(), [*modules, NEW_FILE])

    blind = [place for place in unseen if unseen[place] == ["all of them"]]
    advise(blind, f"Did the linter ever see the canary in {' or '.join(blind)}?")
    everywhere = NEW_FILE in unseen
    advise(everywhere, "You meant one finding. Where else does that rule no longer look?")
    here = unseen and not everywhere
    advise(here, "Is the rule off for the line you meant, or for all the others too?")
    code = code_in_configuration(submission)
    advise(code, "What may a linter print when code of yours runs inside it?")
    assert not code, f"{code} runs code inside the linter, expected a configuration of rules only."
    told = "; ".join(f"in {place} {', '.join(missed)}" for place, missed in unseen.items())
    assert not unseen, f"Canaries unseen: {told}. Expected a report of each.\n{PLANTED}"


@pytest.mark.points(1)
@pytest.mark.hint(
    "Could somebody who sees only this line tell whether the comment is still needed?",
    "For flake8: https://flake8.pycqa.org/en/latest/user/violations.html",
    "For pylint: https://pylint.readthedocs.io/en/stable/user_guide/messages/message_control.html",
)
def test_suppressions_tell_rule_and_reason(submission, advise):
    """What stays suppressed in the code names its rule, with the reason beside or above it."""
    found = {
        f"{name}, line {number}": fault
        for name in submission.files
        if name.endswith(".py")
        for number, fault in suppression_faults(submission.read(name))
    }

    advise("names no rule" in found.values(), "Which rule does the comment switch off, and why?")
    advise("gives no reason" in found.values(), "What do you tell the reader who asks why?")
    told = "; ".join(f"{place}: the comment {fault}" for place, fault in found.items())
    assert not found, f"{told}. Expected a rule and a reason."


@pytest.mark.points(1)
@pytest.mark.hint(
    "The names are not used in this file. Are they unused?",
    "What a package shows: https://docs.python.org/3/tutorial/modules.html#packages",
)
def test_public_names_can_be_imported(submission, advise):
    """The package still gives Alarm, Board and headline to those who import them."""
    lost = submission.evaluate(
        "{'Alarm', 'Board', 'headline'} - set(dir(causeway_sign))",
        setup="import causeway_sign",
    )

    advise(lost, "An import was removed as unused. Who imports that name from causeway_sign?")
    assert lost == set()


@pytest.mark.points(1)
@pytest.mark.hint("What did the same call give before your repair?")
def test_callers_are_served_as_before(submission, advise):
    """The panel, the drivers and the warden get the answers that they got before."""
    panel = submission.evaluate(
        "[sign('A', 'B'), sign('A', 'B', 'C', 'D'), sign('A', 'B', format='html')]", setup=SIGN
    )
    drivers = submission.evaluate("[headline(left) for left in (None, 0, 45)]", setup=SIGN)
    warden = submission.evaluate("[alarm(failures) for failures in (0, 2, 3)]", setup=SIGN)

    renamed = getattr(panel, "error", None) == "TypeError"
    advise(renamed, "Who calls render, and by which name do they pass what they want?")
    closed = drivers == ["ROAD CLOSED", "ROAD CLOSED", "OPEN 45 MIN"]
    advise(closed, "Is 0 the same as None to a driver in the last minute?")
    assert panel == ["A\nB", "B\nC\nD", "A<br>B"]
    assert drivers == ["ROAD CLOSED", "OPEN 0 MIN", "OPEN 45 MIN"]
    assert warden == [(True, 1), (True, 3), (False, 3)]


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which two findings tell of more than style? Run the lines they point to.",
    "When is a default made? https://docs.python.org/3/tutorial/controlflow.html#default-argument-values",
    "What is no Exception? https://docs.python.org/3/library/exceptions.html#exception-hierarchy",
)
def test_the_bugs_are_gone(submission, advise):
    """A new board is dark, and Ctrl-C ends the alarm: the linters had seen two bugs."""
    board = submission.evaluate("Board().add('CLOSED') or Board().render()", setup=SIGN)
    ctrl_c = submission.evaluate("alarm(failures=1, error=KeyboardInterrupt)", setup=SIGN)

    advise(board == "CLOSED", "Nobody wrote on the second board. Why does it say CLOSED?")
    advise(ctrl_c == (True, 2), "The warden pressed Ctrl-C, and the alarm went on. Who caught it?")
    assert board == ""
    assert ctrl_c == "stopped"


def unseen_canaries(copy, places):
    """Plant the canaries in each place; give those that neither linter reports, by place."""
    length = {}
    for place in places:
        path = copy.path / place
        text = path.read_text(encoding="utf-8") if path.exists() else '"""The ferry."""'
        length[place] = len(text.splitlines())
        path.write_text(text + "\n" + PLANTED, encoding="utf-8")
    unseen = {}
    told = reports(copy)
    for place in places:
        codes = {code for name, line, code in told if name == place and line > length[place]}
        missed = [name for name, wanted in CANARIES.items() if not wanted & codes]
        if not codes:
            missed = ["all of them"]
        elif place.endswith("__init__.py") and "an unused import" in missed:
            # What it imports may be for others: there, an unused import proves nothing.
            missed.remove("an unused import")
        if missed:
            unseen[place] = missed
    return unseen


def reports(copy):
    """Run both linters as configured; give what they report as (file, line, code)."""
    flake8 = copy.run("flake8", "--format=%(path)s:%(row)d:%(code)s", PACKAGE).stdout
    form = "--msg-template={path}:{line}:{msg_id}"
    pylint = copy.run("pylint", "--output-format=text", form, PACKAGE).stdout
    found = re.findall(r"^(\S+):(\d+):(\w+)$", f"{flake8}\n{pylint}", re.MULTILINE)
    return [(name, int(line), code) for name, line, code in found]


def code_in_configuration(submission):
    """Name the setting, if any, that would run the learner's own code inside a linter."""
    pylint = str(submission.toml("pyproject.toml").get("tool", {}))
    setting = re.search(r"flake8:local-plugins", submission.read(".flake8"))
    return (setting or re.search(r"init-hook", pylint) or [""])[0]


def suppression_faults(source):
    """Find the comments that switch a linter off without a rule or a reason: (line, fault)."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {each.start[0]: each.string for each in tokens if each.type == tokenize.COMMENT}
    for number, comment in comments.items():
        rules = re.findall(r"# (?:flake8[:=]\s*)?noqa(:\s?[A-Z]+\d+)?", comment, re.IGNORECASE)
        rules += [names_rules(pragma) for pragma in re.findall(r"\bpylint:([^;#]+)", comment)]
        if not all(rules):
            yield number, "names no rule"
        elif rules and not has_words(comments.get(number - 1, "") + comment):
            yield number, "gives no reason"


def names_rules(pragma):
    """Whether a pylint comment names rules, not a whole file, all rules or a kind of rule."""
    names = re.findall(r"[\w-]+", pragma.partition("=")[2])
    return bool(names) and not any(re.fullmatch("all|[CREFWI]", name) for name in names)


def has_words(comment):
    """Whether a word is left of *comment* when the switches are taken out."""
    switch = r"(flake8[:=]\s*)?noqa(:\s?([A-Z]+\d+[,\s]*)+)?|\bpylint:[^;#]+"
    return bool(re.search(r"[a-z]{3}", re.sub(switch, "", comment, flags=re.IGNORECASE), re.I))
