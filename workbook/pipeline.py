"""A small model of what GitLab makes of a .gitlab-ci.yml: `problems`, `plan` and `play`.

It knows rules, only and except, stages, needs, artifacts, manual jobs and failures. It imports
nothing but the standard library, so that its text can be run in the learner's process (the regular
expressions of rules are the learner's) and in the page. tests/lessons/test_m4_pipelines.py
compares it with gitlab-ci-local; where the two differ it follows GitLab, whose words and code these
functions cite. The patterns of `changes` and `exists` always match, a `delayed` job does not wait
for its time, and `retry` helps nothing that fails each time.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

Job = dict[str, Any]

# https://docs.gitlab.com/ci/variables/predefined_variables/
_ALWAYS = {
    "CI": "true", "GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_NAME": "causeway",
    "CI_PROJECT_PATH": "shore/causeway", "CI_COMMIT_SHORT_SHA": "1ec8b2a4",
    "CI_COMMIT_SHA": "1ec8b2a45d6c7e8f90a1b2c3d4e5f60718293a4b", "CI_PIPELINE_IID": "42",
    "CI_REGISTRY": "registry.example.com",
    "CI_REGISTRY_IMAGE": "registry.example.com/shore/causeway",
}  # fmt: skip


def _event(source: str, ref: str, protected: bool, **more: str) -> dict[str, str]:
    """Give the predefined variables of a pipeline that *source* started for *ref*."""
    told = {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_REF_NAME": ref}
    told["CI_COMMIT_REF_SLUG"] = re.sub(r"[^a-z0-9]+", "-", ref.lower()).strip("-")
    return {**_ALWAYS, **told, "CI_COMMIT_REF_PROTECTED": str(protected).lower(), **more}


EVENTS: dict[str, dict[str, str]] = {
    "merge request": _event(
        "merge_request_event", "spring-tide", False, CI_MERGE_REQUEST_IID="7",
        CI_MERGE_REQUEST_ID="1007", CI_MERGE_REQUEST_EVENT_TYPE="detached",
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME="spring-tide",
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_OPEN_MERGE_REQUESTS="shore/causeway!7",
    ),
    "branch": _event("push", "spring-tide", False, CI_COMMIT_BRANCH="spring-tide"),
    "main": _event("push", "main", True, CI_COMMIT_BRANCH="main"),
    "tag": _event("push", "v1.4.0", False, CI_COMMIT_TAG="v1.4.0"),
    "schedule": _event("schedule", "main", True, CI_COMMIT_BRANCH="main"),
}  # fmt: skip

WHEN = ("on_success", "on_failure", "always", "manual", "delayed")
BEYOND = {"dast_configuration", "hooks", "include", "inputs", "run", "spec", "trigger"}
DEFAULT = {"after_script", "artifacts", "before_script", "cache", "id_tokens", "identity", "image",
           "interruptible", "retry", "services", "tags", "timeout"}  # fmt: skip
GLOBAL = {"after_script", "before_script", "cache", "default", "image", "include", "inputs",
          "services", "spec", "stages", "trigger", "variables", "workflow"}  # fmt: skip
RULE = {"if", "changes", "exists", "when", "allow_failure", "variables", "start_in",
        "interruptible"}  # fmt: skip
DEEPEST = 11  # levels of extends: https://docs.gitlab.com/ci/yaml/#extends
TOKENS = 100  # of an expression: lib/gitlab/ci/pipeline/expression/lexer.rb


def setup(**given: Any) -> str:
    """Give this module's text and *given* as names of its own: `setup` of `submission.evaluate`."""
    text = Path(__file__).read_text(encoding="utf-8")
    odd = "import datetime\ninf, nan = float('inf'), float('nan')\n"  # what YAML's values need
    return text + odd + "".join(f"{name} = {value!r}\n" for name, value in given.items())


# Expressions: https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions

TOKEN = re.compile(
    r"""\s*(\$\w+|"[^"]*"|'[^']*'|/(?:[^/\\]|\\.)+/[ismU]*|null|==|=~|!=|!~|&&|\|\||[()])"""
)
Value = str | bool | None
Expression = Callable[[Mapping[str, str]], Value]


def _pattern(text: str) -> re.Pattern[str]:
    """Compile /…/; raises ValueError for what RE2 does not know (Python would take it)."""
    body, _, flags = text[1:].rpartition("/")
    if re.search(r"\(\?(<?[=!]|P=)|\\[1-9]", body):
        raise ValueError("looks around or back, which RE2 cannot")
    body = re.sub(r"\(\?<(?=\w)", "(?P<", body.replace(r"\/", "/").replace(r"\z", r"\Z"))
    try:
        return re.compile(body, sum(getattr(re, flag.upper()) for flag in set(flags) - {"U"}))
    except (re.error, OverflowError, RecursionError):  # in words that differ between Pythons
        raise ValueError("is no regular expression") from None


def _matches(pattern: Value, text: Value) -> bool:
    """Search *text* for a pattern; a variable's value may be one, or no pattern at all."""
    if not isinstance(pattern, str) or not re.fullmatch(r"/.+/[ismU]*", pattern, re.DOTALL):
        return False
    try:
        return bool(_pattern(pattern).search(str(text or "")))
    except ValueError:
        return False


def _operation(left: Expression, operator: str, right: Expression) -> Expression:
    def evaluate(variables: Mapping[str, str]) -> Value:
        first = left(variables)
        if operator in ("&&", "||"):  # as in Ruby, where an empty text counts as true
            no = first is None or first is False
            return first if no == (operator == "&&") else right(variables)
        second = right(variables)
        if operator in ("==", "!="):
            return (first == second) == (operator == "==")
        return _matches(second, first) == (operator == "=~")

    return evaluate


def _parse(text: str) -> Expression:
    """Read the expression of an `if`; raises ValueError where GitLab would refuse it."""
    tokens: list[str] = []
    place = 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if not found or len(tokens) == TOKENS:
            raise ValueError(f"cannot be read from {text[place:].strip()[:30]!r} on")
        tokens.append(found[1])
        place = found.end()
    tokens.append("")

    def chain(operators: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        left = part()
        while tokens[0] in operators:
            left = _operation(left, tokens.pop(0), part())
        return left

    def whole() -> Expression:
        return chain(("||",), lambda: chain(("&&",), lambda: chain(("==", "=~", "!=", "!~"), one)))

    def one() -> Expression:
        word = tokens.pop(0)
        if word == "(":
            inner = whole()
            if tokens.pop(0) != ")":
                raise ValueError("does not close a parenthesis")
            return inner
        if word[:1] == "$":
            return lambda variables: variables.get(word[1:])
        if word[:1] == "/":
            _pattern(word)
        elif word[:1] not in ('"', "'") and word != "null":
            raise ValueError("lacks a value")
        constant = None if word == "null" else word if word[0] == "/" else word[1:-1]
        return lambda variables: constant

    expression = whole()
    if len(tokens) > 1:
        raise ValueError("goes on where it should end")
    return expression


def holds(text: str, variables: Mapping[str, str]) -> bool:
    """Say whether the expression *text* of an `if` holds."""
    found = _parse(text)(variables)
    return found if isinstance(found, bool) else bool((found or "").strip())


# What a value may be. The name of a kind is what a learner reads of it.


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _each(kind: Callable[[Any], bool], value: Any) -> bool:
    return isinstance(value, list) and all(map(kind, value))


def _texts(value: Any) -> bool:
    return _text(value) or _each(_text, value)


def _commands(value: Any) -> bool:
    return isinstance(value, str) or _each(_commands, value)


def _number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not _boolean(value) and least <= value <= most


def _variables(value: Any) -> bool:
    if not isinstance(value, dict) or not all(map(_text, value)):
        return False
    long = [each for each in value.values() if _mapping(each)]
    plain = [each for each in value.values() if not _mapping(each)]
    known = {"value", "description", "options", "expand"}
    plain += [each.get("value", "") for each in long]
    fits = all(isinstance(each, str | int | float) for each in plain)
    return fits and all(each and set(each) <= known for each in long)


def _artifacts(value: Any) -> bool:
    if not isinstance(value, dict) or not _mapping(reports := value.get("reports", {})):
        return False
    return (
        _texts(reports.get("dotenv", "-"))
        and _each(_text, value.get("paths", []))
        and value.get("when", "always") in ("on_success", "on_failure", "always")
    )


def _policy(value: Any) -> bool:
    parts = value if _mapping(value) else {"refs": value}
    known = set(parts) <= {"refs", "variables", "changes", "kubernetes"}
    return known and all(map(_texts, parts.values()))


def _need(value: Any) -> bool:
    if not _mapping(value):
        return _text(value)
    known = set(value) <= {"job", "artifacts", "optional"} and _text(value.get("job"))
    return known and all(_boolean(value[key]) for key in set(value) - {"job"})


def _rules(value: Any) -> bool:
    return isinstance(value, list) and bool(_flat(value)) and all(map(_mapping, _flat(value)))


KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "a text": (
        _text, "identity manual_confirmation publish resource_group stage start_in timeout"),
    "a mapping": (_mapping, "id_tokens inherit release secrets"),
    "true or false": (_boolean, "interruptible"),
    "a text or a mapping": (lambda value: _text(value) or _mapping(value), "image"),
    "a list of texts": (lambda value: _each(_text, value), "dependencies stages tags"),
    "a text or a list of texts": (_texts, "extends"),
    "a list": (lambda value: isinstance(value, list), "services"),
    "a command or a list of commands": (_commands, "after_script before_script"),
    "a command or a list of commands, and not empty": (
        lambda value: _commands(value) and any(_flat(value)), "script"),
    "true, false or a mapping of exit_codes": (
        lambda value: _boolean(value) or (_mapping(value) and [*value] == ["exit_codes"]),
        "allow_failure"),
    "a mapping of paths, reports or both": (_artifacts, "artifacts"),
    "a mapping or a list of mappings": (
        lambda value: _mapping(value) or _each(_mapping, value), "cache"),
    "a regular expression between slashes": (
        lambda value: _text(value) and len(value) > 2 and value[0] == value[-1] == "/", "coverage"),
    "a name or a mapping with a name": (
        lambda value: _text(value.get("name") if _mapping(value) else value), "environment"),
    "refs or a mapping of refs and variables": (_policy, "except only"),
    "a list of jobs (each a name or a mapping of job, artifacts and optional)": (
        lambda value: _each(_need, value), "needs"),
    "true, false or a mapping": (lambda value: _boolean(value) or _mapping(value), "pages"),
    "a number from 1 to 200": (lambda value: _number(value, 1, 200), "parallel"),
    "0, 1 or 2, or a mapping with max": (
        lambda value: _number(value.get("max", 0) if _mapping(value) else value, 0, 2), "retry"),
    "a list of rules": (_rules, "rules"),
    "a mapping of names to texts or numbers": (_variables, "variables"),
    f"one of {', '.join(WHEN)}": (lambda value: value in WHEN, "when"),
}  # fmt: skip
KEYS = {key: kind for kind, (_, keys) in KINDS.items() for key in keys.split()}


def _wrong(values: Mapping[str, Any]) -> list[str]:
    """Say which values are not of their keyword's kind."""
    wrong = [key for key in values if key in KEYS and not KINDS[KEYS[key]][0](values[key])]
    return [f"{key} should be {KEYS[key]}." for key in wrong]


# The file


def _flat(value: Any) -> list[Any]:
    """Give the elements of nested lists, as aliases make them; of anything else that alone."""
    if not isinstance(value, list):
        return [] if value is None else [value]
    return [element for each in value for element in _flat(each)]


def _merged(below: Any, above: Any) -> Any:
    """Lay *above* over *below*: mappings are merged, all else is replaced."""
    if not (_mapping(below) and _mapping(above)):
        return above
    return {**below, **{key: _merged(below.get(key), value) for key, value in above.items()}}


def _extended(
    file: Job, name: str, told: list[str], done: dict[str, Job], path: tuple[str, ...] = ()
) -> Job:
    """Give a job with what it extends; tells what cannot be extended."""
    own: Job = file[name]
    whole: Job = {}
    path = (*path, name)
    for parent in _flat(own.get("extends")) if _texts(own.get("extends")) else ():
        if not _mapping(file.get(parent)) or parent in GLOBAL:
            told.append(f"{name}: extends {parent}, which is not there.")
        elif parent in path or len(path) > DEEPEST:
            told.append(f"{name}: extends {parent}, in a circle or too deep.")
        elif not told:
            if parent not in done:
                done[parent] = _extended(file, parent, told, done, path)
            whole = _merged(whole, done[parent])
    return dict(_merged(whole, own))


def _jobs(file: Job, told: list[str]) -> dict[str, Job]:
    """Give the visible jobs, with what they extend and the defaults they inherit."""
    default = {key: file[key] for key in DEFAULT & GLOBAL & set(file)}  # the older place
    default |= file["default"] if _mapping(file.get("default")) else {}
    found: dict[str, Job] = {}
    done: dict[str, Job] = {}
    for name, own in file.items():
        if name not in GLOBAL and not name.startswith(".") and _mapping(own):
            job = _extended(file, name, told, done)
            inherit = job["inherit"].get("default", True) if _mapping(job.get("inherit")) else True
            kept = inherit if isinstance(inherit, list) else DEFAULT if inherit else ()
            found[name] = {key: value for key, value in default.items() if key in kept} | job
    return found


def _stages(file: Job) -> list[str]:
    return [".pre", *file.get("stages", ("build", "test", "deploy")), ".post"]


def _needs(job: Job) -> list[Job] | None:
    """Give a job's needs in their long form; None where it waits for the stages before its own."""
    needs = job.get("needs")
    return needs if needs is None else [{"job": e} if isinstance(e, str) else e for e in needs]


def problems(file: Any) -> list[str]:
    """Say what GitLab's lint would refuse, a sentence each; no regular expression is searched.

    What GitLab would take and this model does not know is named too: "… is beyond this model."
    """
    if not _mapping(file) or not file:
        return ["The file is no mapping of jobs."]
    told = [f"{key!r} is no name: it should be a text." for key in file if not _text(key)]
    file = {key: value for key, value in file.items() if _text(key)}
    told += [f"{key} is beyond this model." for key in sorted(BEYOND & GLOBAL & set(file))]
    told += _global_problems(file)
    told += [f"{name}: neither a keyword nor a job." for name, value in file.items()
             if not (name in GLOBAL or name.startswith(".") or _mapping(value))]  # fmt: skip
    jobs = _jobs(file, told)
    told += [f"{name}: {what}" for name, job in jobs.items() for what in _job_problems(job)]
    if not jobs:
        told.append("The file has no job that is not hidden.")
    return told or _graph_problems(file, jobs)


def _global_problems(file: Job) -> list[str]:
    """Say what is wrong at the top of the file."""
    top = (DEFAULT & GLOBAL) | {"variables", "stages"}
    told = _wrong({key: value for key, value in file.items() if key in top})
    if file.get("stages") == []:
        told.append("stages should name a stage.")
    default, workflow = file.get("default", {}), file.get("workflow", {})
    if not _mapping(default):
        return [*told, "default should be a mapping."]
    told += [f"default: {what}" for what in _wrong(default)]
    told += [f"default knows no {key}." for key in sorted(map(str, set(default) - DEFAULT))]
    if not _mapping(workflow) or set(workflow) - {"name", "rules", "auto_cancel"}:
        return [*told, "workflow should be a mapping of name, rules and auto_cancel."]
    known = RULE - {"start_in", "allow_failure"} | {"auto_cancel"}
    found = _rule_problems(workflow, known, ("always", "never"))
    return told + [f"workflow: {what}" for what in found]


def _job_problems(job: Job) -> list[str]:
    """Say what is wrong in one job, whatever the others are."""
    told = [f"{key} is beyond this model." for key in sorted(BEYOND & set(job))]
    told += [f"GitLab knows no keyword {key}." for key in sorted(map(str, set(job) - BEYOND))
             if key not in KEYS or key == "stages"]  # fmt: skip
    told += _wrong({key: value for key, value in job.items() if key != "rules"})
    if "script" not in job and not BEYOND & set(job):
        told.append("it has no script.")
    told += _rule_problems(job, RULE, (*WHEN, "never"))
    if "rules" in job:
        told += [f"{key} may not stand beside rules." for key in ("except", "only", "start_in")
                 if key in job]  # fmt: skip
    for key in ("except", "only"):
        if not told and _mapping(job.get(key)):
            told += [e for text in _flat(job[key].get("variables")) for e in _unreadable(text)]
    return told


def _rule_problems(place: Job, known: set[str], when: Collection[str]) -> list[str]:
    """Say what is wrong in the rules of a job or of the workflow, where it has any."""
    told = _wrong({"rules": place["rules"]}) if "rules" in place else []
    for rule in [] if told else _flat(place.get("rules")):
        if "needs" in rule:
            told.append("rules:needs is beyond this model.")
        odd = sorted(map(str, set(rule) - known - {"needs"}))
        told += [f"a rule knows no {key}." for key in odd]
        if "if" in rule:
            told += _unreadable(rule["if"]) if _text(rule["if"]) else ["if should be a text."]
        if "when" in rule and rule["when"] not in when:
            told.append(f"when in a rule should be one of {', '.join(when)}.")
        if not _boolean(rule.get("allow_failure", False)):
            told.append("allow_failure in a rule should be true or false.")
        told += _wrong({key: rule[key] for key in ("interruptible", "variables") if key in rule})
    return told


def _unreadable(text: str) -> list[str]:
    try:
        _parse(text)
    except ValueError as error:
        return [f"the expression {text[:60]} {error}."]
    return []


def _graph_problems(file: Job, jobs: dict[str, Job]) -> list[str]:
    """Say what is wrong between the jobs: stages, needs, dependencies, cycles."""
    order = {stage: place for place, stage in reversed([*enumerate(_stages(file))])}
    stage = {name: job.get("stage", "test") for name, job in jobs.items()}
    told = [f"{name}: its stage {stage[name]} is not among the stages." for name in jobs
            if stage[name] not in order]  # fmt: skip
    needed: dict[str, list[str]] = {}
    for name, job in jobs.items() if not told else ():
        needs, dependencies = _needs(job) or [], job.get("dependencies", [])
        needed[name] = [each["job"] for each in needs]
        optional = {each["job"] for each in needs if each.get("optional")}
        for key, others in (("needs", needed[name]), ("dependencies", dependencies)):
            for other in others:
                if other not in jobs and not (key == "needs" and other in optional):
                    told.append(f"{name}: {key} {other}, and there is no such job.")
                elif other in jobs and order[stage[other]] > order[stage[name]]:
                    told.append(f"{name}: {key} {other}, which is of a later stage.")
        if len(set(needed[name])) < len(needs):
            told.append(f"{name}: needs the same job twice.")
        apart = sorted(set(dependencies) - set(needed[name])) if needs else []
        told += [f"{name}: dependencies name {each}, and needs do not." for each in apart]
    return told or _circle(needed)


def _circle(needs: Mapping[str, list[str]]) -> list[str]:
    """Tell a circle of needs; it would never start, and never end in gitlab-ci-local."""
    left = {name: {each for each in named if each in needs} for name, named in needs.items()}
    while free := [name for name, waits in left.items() if not waits & set(left)]:
        for name in free:
            del left[name]
    if not left:
        return []
    path = [min(left)]
    while path[-1] not in path[:-1]:
        path.append(min(left[path[-1]] & set(left)))
    return [f"The needs go in a circle: {' needs '.join(path[path.index(path[-1]) :])}."]


# The plan


def _told(variables: Any) -> dict[str, str]:
    """Give the values of a mapping of variables as texts."""
    found = {}
    for name, value in (variables or {}).items():
        plain = value.get("value", "") if _mapping(value) else value
        found[name] = str(plain).lower() if _boolean(plain) else str(plain)
    return found


def _matched(rules: Any, variables: Mapping[str, str]) -> Job | None:
    """Give the first rule that matches; None where it says never, or where there is none."""
    fits = [rule for rule in _flat(rules) if "if" not in rule or holds(rule["if"], variables)]
    return dict(fits[0]) if fits and fits[0].get("when") != "never" else None


def _ref_matches(ref: str, variables: Mapping[str, str]) -> bool:
    """Say whether a word of `only` or `except` fits: lib/gitlab/ci/build/policy/refs.rb."""
    source = variables.get("CI_PIPELINE_SOURCE", "").removesuffix("_event")
    tag, branch = variables.get("CI_COMMIT_TAG"), variables.get("CI_COMMIT_BRANCH")
    if ref in (source, "pushes" if source == "push" else f"{source}s"):
        return True
    if (ref == "tags" and tag) or (ref == "branches" and branch):
        return True
    name = tag or branch  # no name and no pattern fits a merge request
    return bool(name) and (ref == name or _matches(ref, name))


def _policy_fits(policy: Any, variables: Mapping[str, str]) -> list[bool]:
    """Say of each part of `only` or `except` whether it fits."""
    parts = policy if _mapping(policy) else {"refs": policy}
    fits = {"refs": _ref_matches, "variables": holds}
    return [
        any(fits[key](each, variables) for each in _flat(value)) if key in fits else True
        for key, value in parts.items()
    ]


def _created(file: Job, job: Job, variables: Mapping[str, str]) -> Job | None:
    """Give when the job runs, whether it may fail, and its variables; None where it is not made.

    Without rules anywhere a job is made for branches and tags, not for merge requests:
    https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/
    """
    allow = bool(job.get("allow_failure", job.get("when") == "manual"))
    found = {"when": job.get("when", "on_success"), "allow_failure": allow, "variables": {}}
    if "rules" in job:
        rule = _matched(job["rules"], variables)
        if rule is None:
            return None
        said: Job = {key: rule[key] for key in ("when", "allow_failure") if key in rule}
        return {**found, **said, "variables": _told(rule.get("variables"))}
    usual = {"refs": ["branches", "tags"]}
    only = job.get("only", {} if "rules" in file.get("workflow", {}) else usual)
    only = usual | only if "only" in job and _mapping(only) else only
    excepted = any(_policy_fits(job.get("except", {}), variables))
    return found if all(_policy_fits(only, variables)) and not excepted else None


def _planned(file: Any, event: str, variables: Mapping[str, str] | None) -> tuple[list[Job], str]:
    """Give the jobs of the pipeline, and what stands in its way."""
    if told := problems(file):
        return [], told[0]
    asked = variables or {}
    own = _told(file.get("variables"))
    if "rules" in file.get("workflow", {}):
        rule = _matched(file["workflow"]["rules"], {**EVENTS[event], **own, **asked})
        if rule is None:
            return [], "workflow:rules say no."
        own |= _told(rule.get("variables"))
    made = []
    for name, job in _jobs(file, []).items():
        inherit = job.get("inherit", {}).get("variables", True)
        chosen = inherit if isinstance(inherit, list) else own if inherit else ()
        kept = {key: own[key] for key in own if key in chosen}
        known = {**EVENTS[event], **kept, **_told(job.get("variables")), **asked}
        if (found := _created(file, job, known)) is not None:
            made.append(
                (name, job, found | {"variables": {**known, **found["variables"], **asked}})
            )
    numbers = {name: job.get("parallel", 0) for name, job, _ in made}
    for name, job, _ in made:
        for need in _needs(job) or ():
            if need["job"] not in numbers and not need.get("optional"):
                return [], f"{name} needs {need['job']}, which this pipeline does not have."
    if {job.get("stage", "test") for _, job, _ in made} <= {".pre", ".post"}:
        return [], "No job is made for this event."
    order = _stages(file)
    made.sort(key=lambda each: order.index(each[1].get("stage", "test")))
    return [
        _planned_job(one, job, found, numbers)
        for name, job, found in made
        for one in _copies(name, numbers)
    ], ""


def _copies(name: str, numbers: Mapping[str, int]) -> list[str]:
    """Name the jobs that `parallel` makes of one."""
    total = numbers[name]
    return [f"{name} {number}/{total}" for number in range(1, total + 1)] if total else [name]


def _planned_job(name: str, job: Job, found: Job, numbers: Mapping[str, int]) -> Job:
    """Give one job of the plan."""
    artifacts, retry, needs = job.get("artifacts") or {}, job.get("retry", 0), _needs(job)
    environment = job.get("environment")
    environment = {"name": environment} if _text(environment) else environment or {}

    def spread(others: Iterable[str] | None) -> list[str] | None:
        if others is None:
            return None
        return [one for each in others if each in numbers for one in _copies(each, numbers)]

    # Of the jobs needed, those bring artifacts that do not say no and that dependencies name.
    brings = asked = job.get("dependencies")
    if needs is not None:
        brings = [each["job"] for each in needs if each.get("artifacts", True)
                  and (asked is None or each["job"] in asked)]  # fmt: skip
    return {
        "name": name,
        "stage": job.get("stage", "test"),
        **found,
        "needs": spread(each["job"] for each in needs) if needs is not None else None,
        "dependencies": spread(brings),
        "script": [*_flat(job.get("before_script")), *_flat(job.get("script"))],
        "artifacts": list(artifacts.get("paths", [])),
        "artifacts_when": artifacts.get("when", "on_success"),
        "dotenv": next(iter(_flat(artifacts.get("reports", {}).get("dotenv"))), None),
        "environment": environment.get("name"),
        "action": environment.get("action", "start"),
        "resource_group": job.get("resource_group"),
        "retry": retry.get("max", 0) if _mapping(retry) else retry,
        "interruptible": bool(job.get("interruptible", False)),
        "cache": bool(job.get("cache")),
        "coverage": job.get("coverage"),
    }


def plan(file: Any, event: str, variables: Mapping[str, str] | None = None) -> list[Job]:
    """Give the jobs that *event* creates, by stage and then by place in the file.

    *variables* go before those of the file, as a project's do. A file that GitLab refuses, rules
    of the workflow that say no and a need that this pipeline lacks give none: see `refusal`.
    """
    return _planned(file, event, variables)[0]


def refusal(file: Any, event: str, variables: Mapping[str, str] | None = None) -> str | None:
    """Say why *event* creates no pipeline; None where it creates one."""
    return _planned(file, event, variables)[1] or None


# The run

# What the jobs before may be for a job to start: app/services/ci/process_build_service.rb
_STARTS = {"on_failure": {"failed"}, "always": {"success", "failed", "skipped"}}


def _composite(states: set[str], by_needs: bool) -> str | None:
    """Sum up the jobs before: lib/gitlab/ci/status/composite.rb; None where some have to wait.

    Beside the states of `play` there are "ignored", a manual job that holds nothing up, and
    "created", one that waits for a manual one that does.
    """
    if by_needs and states & {"skipped", "ignored"}:
        return "skipped"
    if states & {"manual", "created"}:
        return None
    if states and states <= {"skipped", "ignored"}:
        return "skipped"
    return "failed" if "failed" in states else "success"


def _in_order(jobs: list[Job]) -> list[Job]:
    """Put each job after those of its stage that it needs; the stages have their order."""
    done: dict[str, Job] = {}
    names = {job["name"] for job in jobs}
    for stage in dict.fromkeys(job["stage"] for job in jobs):
        left = [job for job in jobs if job["stage"] == stage]
        while left:
            free = [job for job in left if set(job["needs"] or ()) & names <= set(done)]
            done |= {job["name"]: job for job in free}
            left = [job for job in left if job["name"] not in done]
    return list(done.values())


def play(
    file: Any,
    event: str,
    failing: Collection[str] = (),
    clicked: Collection[str] = (),
    seconds: Mapping[str, float] | None = None,
    variables: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run the plan with as many runners as it can use.

    The jobs in *failing* fail, manual ones run if they are *clicked*, *seconds* tells how long a
    job runs (1 where it does not); a name stands for all copies that `parallel` makes. A job that
    did not run is "manual" if nobody clicked it, else "skipped", also while it waits for a click.
    Where there is no pipeline "refusal" says why.
    """
    jobs, why = _planned(file, event, variables)
    if not jobs:
        return {"created": False, "status": "none", "jobs": {}, "seconds": 0, "refusal": why}
    runs: dict[str, Job] = {}
    state: dict[str, str] = {}
    ready: dict[str, float] = {}
    stages = list(dict.fromkeys(job["stage"] for job in jobs))
    for job in _in_order(jobs):
        name, names = job["name"], [job["name"], re.sub(r" \d+/\d+$", "", job["name"])]
        stage, by_needs = stages.index(job["stage"]), job["needs"] is not None
        earlier = [each["name"] for each in jobs if stages.index(each["stage"]) < stage]
        before = job["needs"] if by_needs else earlier
        found = _composite({state[each] for each in before}, by_needs)
        usual = {"success"} if by_needs else {"success", "skipped"}
        ready[name] = start = max((ready[each] for each in before), default=0)
        if found is None:
            state[name] = "created"
        elif found not in _STARTS.get(job["when"], usual):
            state[name] = "skipped"
        elif job["when"] == "manual" and not set(names) & set(clicked):
            state[name] = "ignored" if job["allow_failure"] else "manual"
        else:
            failed = "warning" if job["allow_failure"] else "failed"
            state[name] = failed if set(names) & set(failing) else "success"
            lasts = [seconds[each] for each in names if seconds and each in seconds]
            ready[name] = start + (lasts[0] if lasts else 1)
        ran = state[name] in ("success", "failed", "warning")
        waited = {each for each in before if state[each] not in ("ignored", "manual")}
        waited |= {far for each in before for far in runs[each]["after"]}
        runs[name] = {
            "status": {"ignored": "manual", "created": "skipped"}.get(state[name], state[name]),
            "start": start if ran else None,
            "end": ready[name] if ran else None,
            "after": [each["name"] for each in jobs if each["name"] in waited],
            "artifacts": _received(jobs, job, earlier, state) if ran else [],
        }
    return {
        "created": True,
        "status": _composite(set(state.values()), False) or "blocked",
        "jobs": {job["name"]: runs[job["name"]] for job in jobs},
        "seconds": max((run["end"] for run in runs.values() if run["end"] is not None), default=0),
        "refusal": None,
    }


def _received(jobs: list[Job], job: Job, earlier: list[str], state: Mapping[str, str]) -> list[str]:
    """Name the jobs whose artifacts, files or variables, *job* finds.

    https://docs.gitlab.com/ci/jobs/job_artifacts/#fetching-artifacts
    """
    asked = earlier if job["dependencies"] is None else job["dependencies"]
    kept = {"success": ("on_success", "always"), "failed": ("on_failure", "always"),
            "warning": ("on_failure", "always")}  # fmt: skip
    return [
        each["name"]
        for each in jobs
        if each["name"] in asked
        and (each["artifacts"] or each["dotenv"])
        and each["artifacts_when"] in kept.get(state.get(each["name"], ""), ())
    ]
