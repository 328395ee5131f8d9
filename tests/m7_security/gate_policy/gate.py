"""The gate: reads a policy, and says what becomes of a finding. `cases.txt` has its words."""

from datetime import date, datetime

OUTCOMES = ("block", "warn", "pass")
FLAGS = ("known_exploited", "repaired", "exposed", "direct", "shipped")
WORDS = {
    "kind": ("vulnerability", "malware", "licence"),
    "severity": ("low", "medium", "high", "critical", "unrated"),
    "reachable": ("yes", "no", "unknown"),
    "licence": None,  # any text
}
MOST = 100  # rules, and exceptions


def played(policy, facts, day, *, excused=True):
    """Say what the gate does with a finding on a day: the first rule that fits, then exceptions."""
    then = next((then for when, then in policy["rules"] if fits(when, facts)), policy["default"])
    if (
        excused
        and then == "block"
        and any(holds(each, facts, day) for each in policy["exceptions"])
    ):
        return "warn"
    return then


def fits(when, facts):
    """Whether all that a rule asks is so; what a finding does not have fits nothing."""
    for word, wanted in when.items():
        if word == "score_at_least":
            if facts.get("score") is None or facts["score"] < wanted:
                return False
        elif facts.get(word) not in wanted:
            return False
    return True


def holds(exception, facts, day):
    """Whether an exception is for this finding on this day; its last day is the one it names."""
    meant = all(exception[key] in ("*", facts.get(key)) for key in ("finding", "component"))
    return meant and (exception["expires"] is None or day <= exception["expires"])


def read(given):
    """Read a policy: its rules and exceptions, and what of it the gate does not understand."""
    policy = {"default": given.get("default", "pass"), "rules": [], "exceptions": []}
    problems = [f"{word} is no word of a policy's" for word in sorted({*given} - {"default", "rule",
                "exception"})]  # fmt: skip
    if policy["default"] not in OUTCOMES:
        problems.append(f"default is {policy['default']!r}")
    for number, rule in enumerate(tables(given, "rule", problems), 1):
        asked = rule.get("when", {})
        if not isinstance(asked, dict):
            problems.append(f"when of rule {number} is no table")
            asked = {}
        if "when" not in rule or rule.get("then") not in OUTCOMES or {*rule} - {"when", "then",
                                                                               "name"}:  # fmt: skip
            problems.append(f"rule {number} does not say just when and then")
        when = {}
        for word, value in asked.items():
            when[word], problem = condition(word, value)
            problems += [f"rule {number}: {problem}"] if problem else []
        policy["rules"].append((when, rule.get("then")))
    for number, each in enumerate(tables(given, "exception", problems), 1):
        texts = {word: each.get(word, default) for word, default in
                 {"finding": "*", "component": "*", "owner": "", "reason": ""}.items()}  # fmt: skip
        if {*each} - {*texts, "expires"} or not all(isinstance(v, str) for v in texts.values()):
            problems.append(f"exception {number} has a word too many, or one that is no text")
            continue
        expires, problem = day_of(each.get("expires"))
        problems += [f"exception {number}: {problem}"] if problem else []
        policy["exceptions"].append(texts | {"expires": expires})
    return policy, problems


def tables(given, name, problems):
    """Give the tables of that name."""
    found = given.get(name, [])
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        problems += [f"there are more than {MOST} of {name}"] if len(found) > MOST else []
        return found[:MOST]
    problems.append(f"{name} is no list of tables: it is written [[{name}]]")
    return []


def condition(word, value):
    """Give the values that fit a condition, and what is wrong with it."""
    values = value if isinstance(value, list) else [value]
    if word == "score_at_least":
        number = type(value) in (int, float) and 0 <= value <= 10
        return value, "" if number else f"{word} is no number from 0 to 10"
    if word in FLAGS:
        right = bool(values) and all(type(each) is bool for each in values)
        return values, "" if right else f"{word} is neither true nor false"
    if word not in WORDS:
        return values, f"{word} is no word that a rule may ask"
    known = WORDS[word]
    for each in values:
        if not isinstance(each, str) or (known and each not in known):
            return values, f"{word} is never {str(each)[:40]!r}"
    return values, "" if values else f"{word} is an empty list"


def day_of(value):
    """Give the day of a date or of a text like 2026-05-04."""
    if value is None or type(value) is date:
        return value, ""
    if isinstance(value, datetime):
        return value.date(), ""
    try:
        return date.fromisoformat(value), ""
    except (TypeError, ValueError):
        return None, f"expires is {str(value)[:40]!r}, no day"
