"""Grade *Repair it, or say until when not*: the learner's lock, audited with frozen records."""

import json
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

DATA = Path(__file__).with_name("advisory_triage")
TODAY = date(2026, 5, 4)
LONGEST = timedelta(days=90)
ASKS = ("signboard>=2.3", "tidetable>=2.4", "quaymail>=4.1", "harbourlog>=4.8")
BEFORE = {
    "signboard": "2.3.1", "inkline": "1.2.0", "tidetable": "2.4.1", "ebbcache": "1.7.0",
    "moonphase": "0.9.2", "quaymail": "4.1.0", "postbox": "1.4.6", "harbourlog": "4.8.0",
}  # fmt: skip
UNREPAIRED = "moonphase"  # the one package of which every release is affected


@pytest.mark.points(2)
@pytest.mark.hint(
    "Would pip install every line of it, and would the result satisfy every line of releases.toml?",
    "What a hash is for: https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode",
)
def test_the_lock_can_be_installed(submission, advise):
    """Each line of the lock is a release with its own hash, and they all get what they ask for."""
    pins(submission)
    lock, known = read_lock(submission), releases()

    foreign = [name for name, (pin, hashes) in lock.items()
               if set(hashes) != {known[name, pin]["sha256"]}]  # fmt: skip
    unmet = sorted(unmet_by(lock, known))
    idle = sorted(set(lock) - needed(lock, known)) if not unmet else []
    advise(foreign, "Which file does that hash belong to, and what does pip say to another one?")
    advise(any("nothing" in each for each in unmet), "Who imports what the lock no longer has?")
    advise(unmet, "Which other line has a say in the version of that one?")
    assert not foreign, f"Another release's hash: {', '.join(foreign)}. Expected its own."
    assert not unmet, f"Does not fit together: {'; '.join(unmet)}. Expected all to be satisfied."
    assert not idle, f"Nobody asks for {', '.join(idle)}. Expected only what is needed."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Take the records one by one: is the version that stands in your lock among the affected ones?",
    "How a range is read: https://ossf.github.io/osv-schema/#affectedrangesevents-fields",
)
def test_no_known_hole_is_left_open(submission, advise):
    """Nothing in the lock is affected by a record, unless an exception excuses it today."""
    lock, excused = pins(submission), exceptions(submission)

    left = audit(lock, records(), excused, TODAY)
    names = {name for _, name in left}
    advise("ebbcache" in names, "Which release of ebbcache did its maintainers make themselves?")
    advise("harbourlog" in names, "Is the version that a record calls the last affected one "
           "affected?")  # fmt: skip
    ended = [each for each in excused if isinstance(each.get("expires"), date)
             and each["expires"] < TODAY]  # fmt: skip
    advise(ended, "Which day is today, in this exercise?")
    told = ", ".join(f"{identity} ({name} {lock[name]})" for identity, name in left)
    assert not left, (
        f"Still open: {told}. Expected a release that is not affected, or an exception."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "It is Monday noon, and the repair goes out today. What of your change has to be tested?",
    "What a major may do: https://semver.org/#spec-item-8",
)
def test_nothing_moves_without_a_reason(submission, advise):
    """Only what a record is about moves, with what must move along, and no major is crossed."""
    lock, known = pins(submission), releases()

    moved = {name for name in BEFORE if name in lock and lock[name] != BEFORE[name]}
    majors = sorted(name for name in moved if major(lock[name]) != major(BEFORE[name]))
    reasons = {name for _, name in audit(BEFORE, records(), [], TODAY)}
    # A package moves along when its old release would not take what it needs now.
    along = {name for name in BEFORE if name in lock and not takes(known, name, BEFORE[name], lock)}
    idle = sorted(moved - reasons - along)
    advise(majors, "What did the line you were on get on the same day, and what did the other "
           "one lose?")  # fmt: skip
    advise(idle, "Which record asked for that move? Who tests it today?")
    assert not majors, f"Over a major: {', '.join(majors)}. Expected a repair in the same line."
    assert not idle, f"Moved, and no record asked: {', '.join(idle)}. Expected them to stay."


@pytest.mark.points(2)
@pytest.mark.hint(
    "On which day will the pipeline be red again, if nobody does anything?",
    "How TOML writes a date: https://toml.io/en/v1.0.0#local-date",
)
def test_an_exception_says_why_and_until_when(submission, advise):
    """What has no repair is excused with a reason, for ninety days at most, and then reported."""
    excused = exceptions(submission)
    faults = {str(each.get("id")): fault for each in excused if (fault := fault_of(each))}

    lock = pins(submission)
    days = [each["expires"] for each in excused if isinstance(each.get("expires"), date)]
    last = max([TODAY, *(day for day in days if day <= TODAY + LONGEST)])
    later = audit(lock, records(), excused, last + timedelta(days=1)) if excused else []
    advise("has no expires" in faults.values(), "Who will look at it again, and what reminds them?")
    advise("expires too late" in faults.values(), "Who will still know then why it was excused?")
    advise("has expired" in faults.values(), "Which day is today, in this exercise?")
    advise("has no reason" in faults.values(), "What will you answer when the auditor asks why?")
    assert excused, "Nothing is excused. Expected it of the one hole that no release closes."
    told = "; ".join(f"{name} {fault}" for name, fault in faults.items())
    assert not faults, f"{told}. Expected four words or more, and a day within ninety."
    assert UNREPAIRED not in lock or later, "After the last day nothing is reported."


@pytest.mark.points(3)
@pytest.mark.hint(
    "What exactly does each exception excuse, today and tomorrow?",
    "Which releases of the package are affected, and which are not?",
)
def test_an_exception_excuses_one_hole(submission, advise):
    """An exception excuses one hole that no release closes: not the next one, nor another's."""
    lock, excused = pins(submission), exceptions(submission)

    fresh = {name: new_record(name) for name in BEFORE}
    heard = {name for _, name in audit(BEFORE, list(fresh.values()), excused, TODAY)}
    deaf = sorted(set(BEFORE) - heard)
    known = [*affecting(lock, records())]
    used = [[pair for pair in known if covers(each, *pair, TODAY)] for each in excused]
    idle = sorted(label(each) for each, pairs in zip(excused, used, strict=True) if not pairs)
    repaired = sorted({name for pairs in used for _, name in pairs if clean_releases(name)})
    advise(not excused, "Is there a hole among these that no release closes?")
    advise(deaf, "Tomorrow there is another advisory about the same package. Who hears of it?")
    advise(repaired, "Is there a release that is not affected, above it or below?")
    advise(idle, "Which version in your lock does that record speak of?")
    assert excused, "Nothing is excused. Expected it of the one hole that no release closes."
    assert not deaf, f"A new advisory is passed over: {', '.join(deaf)}. Expected to hear of it."
    assert not repaired, f"Excused, and repaired: {', '.join(repaired)}. Expected the repair."
    assert not idle, f"Excuses nothing: {', '.join(idle)}. Expected each to be needed."


# The lock


def read_lock(submission):
    """Give the version and the hashes of each package that the lock pins."""
    text = re.sub(r"\\\r?\n", " ", submission.read("requirements.txt"))
    found = {}
    for line in text.splitlines():
        words = re.sub(r"(^|\s)#.*", "", line).split()
        if not words:
            continue
        name, _, version = words[0].partition("==")
        hashes = [word.removeprefix("--hash=sha256:") for word in words[1:]]
        pinned = version and len(hashes) == len(words) - 1
        assert pinned, (
            f"{words[0][:80]} is no pin of a lock. Expected name==version and its hashes."
        )
        assert canonicalize_name(name) not in found, f"{name[:80]} is pinned twice. Expected once."
        found[canonicalize_name(name)] = (version, hashes)
    return found


def pins(submission):
    """Give the version of each package of the index that the lock pins; each must be a release."""
    lock = {name: version for name, (version, _) in read_lock(submission).items()}
    known = releases()
    unknown = [f"{name} {pin}"[:80] for name, pin in lock.items() if (name, pin) not in known]
    assert not unknown, f"No such release: {', '.join(unknown)}. Expected those of releases.toml."
    return lock


def releases():
    """Give every release of the frozen index, by name and version."""
    text = (DATA / "releases.toml").read_text(encoding="utf-8")
    return {(each["name"], each["version"]): each for each in tomllib.loads(text)["release"]}


def unmet_by(lock, known):
    """Say which requirements the lock does not meet."""
    asked = [("Causeway", text) for text in ASKS]
    for name, (version, _) in lock.items():
        asked += [(name, text) for text in known[name, version]["requires"]]
    for who, text in asked:
        wanted = Requirement(text)
        version, _ = lock.get(wanted.name, ("nothing", []))
        if version == "nothing" or not fits(wanted, version):
            yield f"{who} asks for {text} and gets {version}"


def needed(lock, known):
    """Name what is asked for, directly or by what is."""
    names, open_ones = set(), [Requirement(text).name for text in ASKS]
    while open_ones:
        name = open_ones.pop()
        if name not in names:
            names.add(name)
            release = known[name, lock[name][0]]
            open_ones += [Requirement(text).name for text in release["requires"]]
    return names


def takes(known, name, version, lock):
    """Whether the release of *name* takes what the lock has of what it requires."""
    wanted = [Requirement(text) for text in known[name, version]["requires"]]
    return all(each.name not in lock or fits(each, lock[each.name]) for each in wanted)


def fits(requirement, version):
    return Version(version) in requirement.specifier


def major(version):
    return Version(version).major


# The records


def records():
    """Give the frozen record set."""
    return json.loads((DATA / "advisories.json").read_text(encoding="utf-8"))


def new_record(name):
    """Make a record that nobody has seen: every release of *name* is affected."""
    package = {"ecosystem": "PyPI", "name": name}
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]
    return {"id": f"NEW-{name}", "affected": [{"package": package, "ranges": ranges}]}


def affecting(lock, found):
    """Give each record that affects the lock, with the package that it affects."""
    for record in found:
        if "withdrawn" in record:
            continue
        for affected in record["affected"]:
            name = affected["package"]["name"]
            if name in lock and is_affected(lock[name], affected):
                yield record, name


def is_affected(version, affected):
    """Whether *version* is listed, or inside a range: each event switches from its version on."""
    if version in affected.get("versions", ()):
        return True
    this = Version(version)
    inside = False
    for part in affected.get("ranges", ()):
        state = False
        for event in part["events"]:
            if "introduced" in event and this >= Version(event["introduced"]):
                state = True
            if "fixed" in event and this >= Version(event["fixed"]):
                state = False
            if "last_affected" in event and this > Version(event["last_affected"]):
                state = False
        inside |= state
    return inside


def clean_releases(name):
    """Give the releases of *name* that no record affects."""
    return [version for (each, version) in releases()
            if each == name and not list(affecting({name: version}, records()))]  # fmt: skip


def audit(lock, found, excused, day):
    """Give the open holes of a lock on a *day*: each record, and the package that it affects."""
    return [(record["id"], name) for record, name in affecting(lock, found)
            if not any(covers(each, record, name, day) for each in excused)]  # fmt: skip


# The exceptions


def exceptions(submission):
    """Give the tables of exceptions.toml, dates as dates, whatever the file holds."""
    given = submission.toml("exceptions.toml").get("exception", [])
    tables = [dict(each) for each in given if isinstance(each, dict)] if isinstance(
        given, list) else []  # fmt: skip
    for each in tables:
        ends = each.get("expires")
        if isinstance(ends, datetime):
            each["expires"] = ends.date()
        elif isinstance(ends, str):
            try:
                each["expires"] = date.fromisoformat(ends)
            except ValueError:
                each["expires"] = TODAY - timedelta(days=1)
    return tables


def covers(exception, record, name, day):
    """Whether an exception excuses a record about the package *name* on a *day*."""
    identity, package = exception.get("id"), exception.get("package", "*")
    names = {record["id"], *record.get("aliases", ())}
    if not isinstance(identity, str) or (identity != "*" and identity.strip() not in names):
        return False
    if not isinstance(package, str) or (package != "*" and canonicalize_name(package) != name):
        return False
    ends = exception.get("expires")
    return not isinstance(ends, date) or day <= ends


def label(exception):
    """Name an exception as its author would."""
    return str(exception.get("id"))[:40]


def fault_of(exception):
    """Say what is missing of an exception; None where it has a reason and a day soon enough."""
    reason, ends = exception.get("reason"), exception.get("expires")
    if not isinstance(reason, str) or len(reason.split()) < 4:
        return "has no reason"
    if not isinstance(ends, date):
        return "has no expires"
    if ends < TODAY:
        return "has expired"
    return "expires too late" if ends > TODAY + LONGEST else None
