"""A small model of Renovate: which requests a configuration makes of given updates.

It runs in the learner's process, whose patterns may take for ever. It knows what this exercise
needs: rules merged in their order, groups, release age, schedules, advisories, a few presets.
tests/lessons/test_m3_updates.py compares it with Renovate itself.
"""

import json
import re

ANY_TIME = ["at any time"]
# What an advisory's request is treated by, unless the configuration says otherwise.
ALERT = {"groupName": None, "schedule": [], "minimumReleaseAge": None}
TYPES = ("major", "minor", "patch", "pin", "digest", "lockFileMaintenance", "replacement")
MERGEABLE = {"packageRules", "vulnerabilityAlerts", *TYPES}
MATCHERS = {
    "matchPackageNames": "package", "matchDepNames": "package", "matchDepTypes": "depType",
    "matchUpdateTypes": "type", "matchManagers": "manager", "matchDatasources": "datasource",
    "matchFileNames": "file",
}  # fmt: skip
DECIDES = {
    "extends", "enabled", "automerge", "groupName", "groupSlug", "schedule", "minimumReleaseAge",
    "separateMajorMinor", "separateMinorPatch", "osvVulnerabilityAlerts", "matchCurrentVersion",
    *MERGEABLE, *MATCHERS,
}  # fmt: skip
# What changes how a request looks or who hears of it, and not which one an update is in.
LOOKS = re.compile(
    r"\$schema|description|labels|addLabels|(additionalR|r)eviewers|assign\w*|timezone|semantic\w+"
    r"|commit(Message|Body)\w*|pr(Title|Body|Footer|Header)\w*|dependencyDashboard(Title|Header"
    r"|Footer|Labels)?|(pr|branch)(Concurrent|Hourly)Limit|rebaseWhen|platformAutomerge"
    r"|automerge(Type|Strategy)|configMigration|rangeStrategy|pinDigests|timezone|fetchChangeLogs"
)
RENAMED = {"packagePatterns", "packageNames", "matchPackagePatterns", "matchPackagePrefixes",
           "excludePackageNames", "excludePackagePatterns", "updateTypes", "depTypeList",
           "stabilityDays", "managers", "paths"}  # fmt: skip
DAY = 24 * 60
UNITS = {"m": 1, "h": 60, "d": DAY, "w": 7 * DAY, "y": 365.25 * DAY}


def plan(text, updates, options, presets):
    """Give what is wrong with a configuration, and what becomes of each update.

    An update that is not offered has no request; `age` is in days, and `at_once` says that no
    schedule keeps it waiting.
    """
    config, problems = migrated(json.loads(text)), []
    inspect(json.loads(text), "", options, presets, problems)
    if any(kind in ("type", "value") for kind, *_ in problems):
        return {"problems": problems, "updates": {}}
    whole = resolve(config, presets)
    found = {each["name"]: treat(whole, each) for each in updates}
    for each in found.values():
        shared = [other for other in found.values() if other["request"] == each["request"]]
        # One member that waits for a person makes the whole request wait.
        each["merges_itself"] = all(other["automerge"] for other in shared) and each["offered"]
    return {"problems": problems, "updates": found}


# What is wrong


def inspect(config, path, options, presets, problems):
    """Note what Renovate would refuse or rename in *config*, and what this model cannot follow."""
    if not isinstance(config, dict):
        problems.append(["type", path or "the file", "an object"])
        return
    inside = path.split(".")[-1].split("[")[0]
    if inside == "packageRules" and not any(key.startswith("match") for key in config):
        if not RENAMED & set(config):
            problems.append(["bare", path])
    for key, value in config.items():
        at = f"{path}.{key}" if path else key
        if key == "$schema":
            continue
        if key in RENAMED:
            problems.append(["renamed", at])
        elif key not in options:
            problems.append(["unknown", at])
        elif misplaced(key, inside, options[key][1:]):
            problems.append(["misplaced", at])
        elif not fits(value, options[key][0]):
            problems.append(["type", at, options[key][0]])
        elif key in DECIDES:
            inspect_value(key, value, at, options, presets, problems)
        elif not LOOKS.fullmatch(key):
            problems.append(["beyond", at])


def inspect_value(key, value, at, options, presets, problems):
    """Look into the value of an option that decides something; null unsets it."""
    if value is None:
        return
    if key == "packageRules":
        for number, rule in enumerate(value):
            inspect(rule, f"{at}[{number}]", options, presets, problems)
    elif key in MERGEABLE:
        inspect(value, at, options, presets, problems)
    elif key == "extends":
        if isinstance(value, str):  # read, and migrated to a list
            problems.append(["type", at, "array"])
        for name in texts(value):
            if name == "config:base":
                problems.append(["renamed", f"{at}: {name}"])
            elif not isinstance(name, str) or name not in presets or "." in at:
                problems.append(["preset", f"{at}: {name}"])
    elif key in MATCHERS or key == "matchCurrentVersion":
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, str):
                problems.append(["type", at, "string"])
            elif not readable(each):
                problems.append(["value", f"{at}: {each}"])
    elif key == "schedule" and not all(map(is_schedule, texts(value))):
        problems.append(["value", at])
    elif key == "minimumReleaseAge" and minutes(value) is None:
        problems.append(["ignored", at])
    elif key in ("groupName", "groupSlug") and "{{" in str(value):
        problems.append(["beyond", at])


def misplaced(key, inside, parents):
    """Whether an option stands where Renovate does not read it."""
    if key == "vulnerabilityAlerts" and inside:
        return True
    return bool(parents) and (inside or ".") not in parents


def fits(value, kind):
    """Whether *value* is of the type that an option has; null unsets any."""
    if value is None:
        return True
    kinds = {"boolean": bool, "string": str, "integer": int, "array": list, "object": dict}
    if kind == "array or string":
        return isinstance(value, str) or fits(value, "array")
    return isinstance(value, kinds[kind]) and (kind != "integer" or value is not True)


def is_schedule(text):
    """Whether Renovate reads *text* as a schedule; of its English only the usual forms."""
    if not isinstance(text, str):
        return False
    if re.fullmatch(r"\*( [\d*/,A-Z-]+){4}", text):
        return True
    hour = r"(\d\d?)(?::00)? ?(am|pm)"
    span = rf"(?:after {hour}|before {hour}|after {hour} and before {hour})"
    day = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    days = rf"(?:on {day}(?: and {day})*|every week(?:day|end))"
    date = r"(?:(?:every \d+ months )?on the first day of the month)"
    whole = rf"{span}(?: {days}| {date})?|{days}(?: {span})?|{date}|monthly|every month|at any time"
    if not re.fullmatch(whole, text, re.IGNORECASE):
        return False
    hours = [int(hour) % 12 + 12 * (half == "pm") for hour, half in re.findall(hour, text.lower())]
    return hours == sorted(hours)  # over midnight is for Renovate two spans, and it asks for both


# What becomes of an update


def migrated(config):
    """Bring the names of former releases up to date, as Renovate does by itself."""
    if not isinstance(config, dict) or not isinstance(config.get("packageRules") or [], list):
        return config
    extends = config.get("extends") or []
    if isinstance(extends, str | list):
        extends = texts(extends)
        renamed = ["config:recommended" if name == "config:base" else name for name in extends]
        config = {**config, "extends": renamed}
    rules = []
    for rule in config.get("packageRules") or []:
        fresh = dict(rule) if isinstance(rule, dict) else {}
        for old in ("packagePatterns", "matchPackagePatterns"):
            patterns = fresh.pop(old, None)
            if isinstance(patterns, list):
                named = [f"/{each}/" for each in patterns if readable(f"/{each}/")]
                fresh["matchPackageNames"] = [*texts(fresh.get("matchPackageNames") or []), *named]
        rules.append(fresh)
    return {**config, "packageRules": rules}


def resolve(config, presets):
    """Put a configuration on top of the presets that it extends."""
    whole = {}
    for name in config.get("extends") or []:
        whole = merge(whole, resolve(presets.get(name, {}), presets))
    return merge(whole, config)


def merge(parent, child):
    """Lay *child* over *parent*; what is mergeable is joined, what is forced stays on top."""
    merged = {**parent, **child}
    for key in MERGEABLE:
        if parent.get(key) is not None and child.get(key) is not None:
            one, other = parent[key], child[key]
            merged[key] = one + other if isinstance(one, list) else merge(one, other)
    return {**merged, **merged.get("force", {})}


def treat(whole, update):
    """Say what becomes of one update under a resolved configuration."""
    rules = list(whole.get("packageRules") or [])
    if update.get("advisory") and whole.get("osvVulnerabilityAlerts"):
        alert = merge(ALERT, whole.get("vulnerabilityAlerts") or {})
        rules.append({"matchPackageNames": [update["package"]], "force": alert, "alert": True})
    settings = apply(whole, rules, update)
    settings = merge(settings, settings.get(update["type"]) or {})
    settings = apply(settings, rules, update)
    schedule = texts(settings.get("schedule") or [])
    return {
        "request": request(settings, update),
        "offered": settings.get("enabled") is not False and not settings.get("skipped"),
        "automerge": settings.get("automerge") is True,
        "age": (minutes(settings.get("minimumReleaseAge")) or 0) / DAY,
        "at_once": not schedule or schedule[0] in ("at any time", "* * * * *"),
    }


def apply(settings, rules, update):
    """Apply the rules that match, in their order: of two that set the same, the later wins."""
    for rule in rules:
        if not matches(rule, update):
            continue
        fresh = {key: value for key, value in rule.items() if not key.startswith("match")}
        if settings.get("groupSlug") and rule.get("groupName") and not rule.get("groupSlug"):
            fresh["groupSlug"] = rule["groupName"]
        told = {fresh.get("enabled"), fresh.get("force", {}).get("enabled")}
        if False in told and settings.get("enabled") is not False:
            fresh["skipped"] = True
        if True in told:
            fresh["skipped"] = False
        settings = merge(settings, fresh)
    return settings


def matches(rule, update):
    """Whether each matcher of *rule* holds for *update*."""
    for key, fact in MATCHERS.items():
        if rule.get(key) is not None and not listed(update[fact], texts(rule[key])):
            return False
    wanted = rule.get("matchCurrentVersion")
    return wanted is None or has_version(update["from"], wanted)


def listed(value, patterns):
    """Whether *value* is one of *patterns*, and none of those with an exclamation mark."""
    takes = [each for each in patterns if not each.startswith("!")]
    leaves = [each for each in patterns if each.startswith("!")]
    if not patterns or (takes and not any(alike(value, each) for each in takes)):
        return False
    return not any(alike(value, each[1:]) for each in leaves)


def alike(value, pattern):
    """Whether *value* is what *pattern* describes: /a regular expression/ or a glob."""
    if pattern == "*":
        return True
    if is_regex(pattern):
        return regex(pattern).search(value) is not None
    return re.fullmatch(glob(pattern), value, re.IGNORECASE) is not None


def glob(pattern):
    """Write a glob as a regular expression."""
    text = re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*\*", ".*")
    text = text.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
    return re.sub(r"\\{(.*?)\\}", lambda found: "(" + found[1].replace(",", "|") + ")", text)


def is_regex(pattern):
    return re.fullmatch(r"!?/.*/i?", pattern, re.DOTALL) is not None


def regex(pattern):
    """Compile what stands between the strokes."""
    inner = re.fullmatch(r"!?/(.*)/(i?)", pattern, re.DOTALL)
    return re.compile(inner[1], re.IGNORECASE if inner[2] else 0)


def readable(pattern):
    """Whether *pattern* can be read at all."""
    try:
        return not is_regex(pattern) or bool(regex(pattern))
    except (re.error, OverflowError, RecursionError):
        return False


def has_version(version, wanted):
    """Whether *version* is in what matchCurrentVersion says: /a pattern/, or a range."""
    if is_regex(wanted):
        return (regex(wanted).search(version) is not None) != wanted.startswith("!")
    # Loaded where it is needed alone: most answers have no range.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        exact = wanted if re.match(r"\s*[<>=!~]", wanted) else f"=={Version(wanted)}"
        return Version(version) in SpecifierSet(exact)
    except (InvalidVersion, InvalidSpecifier):
        return False


def request(settings, update):
    """Name the request that an update is in: its group's, or its own."""
    major, minor = update["to"].split(".")[:2]
    kind = update["type"]
    if name := settings.get("groupName"):
        slug = re.sub(r"\s+", "-", str(settings.get("groupSlug") or name).strip().lower())
        if kind == "major" and settings.get("separateMajorMinor") is not False:
            return f"major-{slug}"
        return f"patch-{slug}" if kind == "patch" and settings.get("separateMinorPatch") else slug
    if settings.get("alert"):
        return f"{update['package']}-vulnerability"
    apart = f".{minor}" if kind == "patch" and settings.get("separateMinorPatch") else ""
    return f"{update['package']}-{major}{apart}.x"


def texts(value):
    return [value] if isinstance(value, str) else list(value)


def minutes(text):
    """Read a duration; None for what Renovate does not understand, and so ignores."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*", str(text or ""))
    if "".join(n + u for n, u in parts) != re.sub(r"\s", "", str(text or "")) or not parts:
        return None
    total = 0.0
    for number, unit in parts:
        short = re.fullmatch(r"(m)(in(ute)?s?)?|(h)((ou)?rs?)?|(d)(ays?)?|(w)(eeks?)?|(y)((ea)?rs?)?",
                             unit.lower())  # fmt: skip
        if not unit:  # milliseconds, as in JavaScript
            total += float(number) / 60000
        elif re.fullmatch(r"months?|M", unit):
            total += float(number) * 30 * DAY
        elif short:
            total += float(number) * UNITS[unit[0].lower()]
        else:
            return None
    return total
