"""What GitLab reads from a job's log by a coverage expression; runs in the learner's process.

After `extract_coverage` in GitLab's lib/gitlab/ci/trace/stream.rb and `scan` in its
lib/gitlab/untrusted_regexp.rb: https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/trace/stream.rb
The expression is RE2's, and is played by Python's re after what RE2 does not know was refused.
"""

import re

TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<class>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])"
    r"|(?P<opening>\(\?(?:P?<(?![=!])\w+>|[a-zA-Z-]+[:)]|P=|P>|<=|<!|.))|(?P<repeat>[*+?}]\+)|.",
    re.DOTALL,
)
NAMES = {"digit": "0-9", "space": r"\s", "alpha": "a-zA-Z", "alnum": "a-zA-Z0-9", "word": r"\w",
         "upper": "A-Z", "lower": "a-z", "xdigit": "0-9a-fA-F", "blank": r" \t"}  # fmt: skip
GROUPS = {
    "(?=": "looks ahead",
    "(?!": "looks ahead",
    "(?<=": "looks behind",
    "(?<!": "looks behind",
    "(?>": "has an atomic group",
    "(?P=": "has a backreference",
    "(?#": "has a comment",
    "(?(": "has a condition",
}


class Refused(Exception):
    """RE2, or this model of it, does not take the expression."""


def compiled(expression):
    """Compile an expression of RE2's, or say why it is none."""
    try:
        return re.compile(TOKEN.sub(in_python, expression), re.ASCII)
    except re.error:  # in words that differ between Python's releases
        raise Refused("is no regular expression") from None
    except (OverflowError, RecursionError):
        raise Refused("is too large") from None


def in_python(token):
    """Write one token of RE2's as Python has it."""
    text = token[0]
    if token["escape"]:
        return escape(text)
    if token["class"]:
        inner = re.sub(r"(\\.)|\[:(\^?\w+):\]|\[", member, text[1:-1], flags=re.DOTALL)
        return f"[{inner}]"
    if token["repeat"]:
        raise Refused(f"repeats with {text}, which RE2 does not know")
    if token["opening"]:
        if text in GROUPS:
            raise Refused(f"{GROUPS[text]} with {text}, which RE2 does not do")
        if re.fullmatch(r"\(\?<\w+>", text):
            return "(?P<" + text[3:]
        flags = re.fullmatch(r"\(\?[ims]*(-[ims]+)?([:)])", text)
        if not flags and not text.startswith("(?P<"):
            raise Refused(f"opens a group with {text}, which this exercise's reader does not know")
        if flags and flags[2] == ")" and token.start():
            raise Refused(f"has {text} inside; this exercise's reader knows it at the beginning")
    return text


def escape(text):
    """Write one escape of RE2's as Python has it."""
    if text[1] in "123456789":
        raise Refused(f"has the backreference {text}, which RE2 does not know")
    if text[1] in "pPQEC":
        raise Refused(f"has {text}, which this exercise's reader does not know")
    if text[1].isalnum() and text[1] not in "dDsSwWbBAzntrfvax0":
        raise Refused(f"has {text}, which RE2 does not know")
    return r"\Z" if text == r"\z" else text


def member(found):
    """Write one member of a class as Python has it."""
    if found[1]:
        return escape(found[1])
    if found[2] and found[2] not in NAMES:
        raise Refused(f"has {found[0]}, which this exercise's reader does not know")
    return NAMES[found[2]] if found[2] else r"\["


def read(regex, log):
    """Give the figure that GitLab takes from *log*, and the text it took it from."""
    for line in reversed(log.split("\n")):
        found = list(regex.finditer(line.removesuffix("\r")))
        if not found:
            continue
        fragment = found[-1].groups()[-1] if regex.groups else found[-1][0]
        if fragment is None:  # what GitLab does not expect: it gives up here, and shows no figure
            return {"figure": None, "fragment": None, "unused": True}
        if number := re.search(r"[0-9]+(\.[0-9]+)?", fragment):
            return {"figure": number[0], "fragment": fragment[:80], "unused": False}
    return {"figure": None, "fragment": None, "unused": False}


def play(expression, logs):
    """Read each of *logs* by *expression*; or say why it cannot be compiled."""
    try:
        regex = compiled(expression)
    except Refused as error:
        return str(error)
    return [read(regex, log) for log in logs]
