"""Hold a record of decisions against the tree that it is about."""

import re
import shutil
import tomllib

FILE = "decisions.toml"
FEWEST = 3  # decisions
WORDS = 5  # of a sentence that says something
CONDITION = re.compile(r"\s*(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)\s*")
HOLDS = {
    "<": lambda one, other: one < other, "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other, ">=": lambda one, other: one >= other,
    "==": lambda one, other: one == other,
}  # fmt: skip
LOCKERS = {
    "uv": r"\buv\s+(?:pip\s+compile|lock|export)\b",
    "poetry": r"\bpoetry\s+(?:lock|export)\b|\[tool\.poetry\b|poetry-core",
    "pip-tools": r"\bpip-compile\b",
    "pdm": r"\bpdm\s+(?:lock|export)\b|\[tool\.pdm\b|pdm-backend",
}
SENDS = r"\bkubectl\b[^\n]*\b(?:apply|set\s+image|patch|replace)\b|\bhelm\s+(?:upgrade|install)\b"
RUNS = r"""
for each do
    said=$(timeout 5 sh -c "$each" 2>/dev/null </dev/null | tail -n 1 | cut -c 1-40)
    echo "said:$said"
done
"""


def decisions(submission):
    """Give the decisions of the record by their names, those that are tables."""
    found = submission.toml(FILE) if FILE in submission.files else {}
    return {name: each for name, each in found.items() if isinstance(each, dict)}


def made(submission):
    """Give what the tree itself has decided: the choices that can be seen in it, by name."""
    files = {name: submission.read(name) for name in submission.files if name != FILE}
    every = "\n".join(text for name, text in files.items() if not name.startswith("docs/"))
    jobs = files.get(".gitlab-ci.yml", "")
    chart, kustomize = "chart/Chart.yaml" in files, re.search(r"kustomiz|apply\s+-k", every)
    return {
        "locks": {name for name, form in LOCKERS.items() if re.search(form, every)},
        "packaging": {*(["helm"] if chart else []), *(["kustomize"] if kustomize else [])},
        "delivery": {"push" if re.search(SENDS, jobs) else "gitops"},
        "coverage": floors(files.get("pyproject.toml", ""), jobs),
    }


def floors(project, jobs):
    """Give the floors of coverage that are set."""
    try:
        tools = tomllib.loads(project).get("tool", {})
        settings = [tools.get("coverage", {}).get("report", {}).get("fail_under")]
    except (tomllib.TOMLDecodeError, AttributeError):
        settings = []
    settings += re.findall(r"--cov-fail-under[= ](\d+(?:\.\d+)?)", project + jobs)
    return {number(each) for each in settings} - {None}


def number(value):
    """Give a number as coverage compares it; None for what is none."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def chosen(name, value):
    """Give a choice as `made` gives it."""
    return number(value) if name == "coverage" else value.strip().lower() if text(value) else None


def shown(choice):
    """Give a choice as `made` gives it in a message's words."""
    return f"{choice:g}" if isinstance(choice, float) else choice


def rejected(decision):
    """Give what a decision rejected: texts and numbers."""
    found = decision.get("rejected")
    found = found if isinstance(found, list) else [found]
    return [each for each in found if text(each) or number(each) is not None]


def text(value):
    return isinstance(value, str) and bool(value.strip())


def says(value):
    """Whether *value* is a sentence rather than a word."""
    return isinstance(value, str) and len(re.findall(r"\w+", value)) >= WORDS


def quoted(submission, value):
    """Whether *value*, `FILE: words`, names a file of the tree in which the words stand."""
    name, _, words = value.partition(":") if isinstance(value, str) else ("", "", "")
    name, words = name.strip(), " ".join(words.split())
    if name == FILE or name not in submission.files or len(re.sub(r"\W", "", words)) < WORDS:
        return False
    return words in " ".join(submission.read(name).split())


def observed(submission, commands):
    """Run *commands* over the tree, once more, and over nothing; give what each said, thrice."""
    found = []
    for empty in (False, False, True):
        with submission.apart() as box:
            for each in box.path.iterdir() if empty else ():
                shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
            lines = box.run("sh", "-c", RUNS, "sh", *commands).stdout.splitlines()
        found.append([line.removeprefix("said:").strip() for line in lines])
    # What printed more than its line has printed no number.
    whole = all(len(each) == len(commands) for each in found)
    return list(zip(*found, strict=True)) if whole else [("", "", "")] * len(commands)


READS = re.compile(r"\b(grep|find|ls|wc|cat|awk|sed|git|sort|uniq|python3?)\b")


def blind(command, now, again, nothing):
    """Whether a command says nothing of the tree: it says the same of an empty folder.

    What is not there yet is counted as 0 in both, by a command that looks.
    """
    none_yet = number(now) == 0 and READS.search(command)
    return now != again or (now == nothing and not none_yet)


def true_today(figure, condition):
    """Whether a condition holds of *figure*; None where one of the two is none."""
    parts = CONDITION.fullmatch(condition) if isinstance(condition, str) else None
    now = number(figure)
    return HOLDS[parts[1]](now, float(parts[2])) if parts and now is not None else None
