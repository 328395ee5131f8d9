"""Grade *A gate that people keep*: the policy is played over every combination of facts."""

import runpy
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

GATE = runpy.run_path(str(Path(__file__).with_name("gate_policy") / "gate.py"))
TODAY = date(2026, 5, 4)
PROMISED, LAST = date(2026, 5, 20), TODAY + timedelta(days=30)
SCORES = {"low": (0.1, 3.9), "medium": (4.0, 6.9), "high": (7.0, 8.9), "critical": (9.0, 10.0),
          "unrated": (None,)}  # fmt: skip
SEVERE = ("high", "critical", "unrated")
LICENCES = ("MIT", "BSD-3-Clause", "Apache-2.0")
OTHERS = ("AGPL-3.0-only", "GPL-3.0-only", "MPL-2.0", "LicenseRef-Proprietary", "unknown")
GRANTED = {"finding": "CWY-2026-0009", "component": "tilepress"}
ANY = {"finding": "CWY-2026-0815", "component": "kittiwake"}


@pytest.mark.points(1)
@pytest.mark.hint("Read each word of your rules beside the list in cases.txt.")
def test_gate_understands_the_policy(submission, advise):
    """The gate understands every word of the policy."""
    _, problems = GATE["read"](submission.toml("policy.toml"))

    advise(any("is no word" in each for each in problems), "What should a gate do with a condition "
           "that it does not know?")  # fmt: skip
    assert not problems, f"{'; '.join(problems[:3])}. Expected the words of cases.txt."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Somebody does it already. Which of your conditions still lets it through?",
    "A catalogue of what is exploited: https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
)
def test_what_is_used_by_attackers_blocks(submission, advise):
    """Malware and what is known to be exploited block, wherever they are, whatever their score."""
    policy = understood(submission)
    wrong = strays(policy, [each for each in findings() if urgent(each)])

    seen = [facts for facts, _, _ in wrong]
    advise(
        0 < len(seen) < 30 and any(facts["kind"] == "malware" for facts in seen),
        "Malware has no score. What does it do on the machine of whoever installs a tool?",
    )
    advise(
        any(facts["severity"] == "medium" and facts["shipped"] for facts in seen),
        "Its score is 5.9. What was that number when the sign went dark?",
    )
    advise(every(seen, "shipped", False), "It is only a tool. Whose keys are where it runs?")
    advise(
        every(seen, "reachable", "no"),
        "Who showed that it cannot be reached, and before or after it was used?",
    )
    assert not wrong, told(wrong)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which of the facts does the agreement name, and which of them do your rules ask for?",
    "What a score says, and what not: https://www.first.org/cvss/v4.0/user-guide",
)
def test_holes_that_we_ship_are_stopped(submission, advise):
    """A severe hole that we ship blocks, or warns where it has no repair and is not exposed."""
    policy = understood(submission)
    wrong = strays(policy, [each for each in findings() if shipped_hole(each)])

    let_by = [facts for facts, gave, wanted in wrong if gave != "block" == wanted]
    advise(
        every(let_by, "direct", False),
        "Nobody asked for it by name. Does the hole know how deep it lies?",
    )
    advise(
        every(let_by, "severity", "unrated"),
        "It is so new that it has no score. Is that good news?",
    )
    advise(
        every(let_by, "reachable", "unknown"),
        "Nobody knows whether it can be reached. Which answer is that?",
    )
    advise(every(let_by, "severity", "high"), "Which word does a score of 7.0 have?")
    advise(
        every(let_by, "repaired", False),
        "No release repairs it, and the internet is near. Who lets it out?",
    )
    advise(not let_by, "There is no release to take, and nobody outside gets there. What should "
           "whoever is stopped do?")  # fmt: skip
    assert not wrong, told(wrong)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which red finding of today would you let pass if you had to explain it to a driver?",
    "Saying that a hole cannot be reached: https://github.com/openvex/spec",
)
def test_nobody_is_stopped_for_nothing(submission, advise):
    """A severe hole warns in a tool or where it cannot be reached; what is not severe passes."""
    policy = understood(submission)
    calm = [each for each in findings() if each["kind"] == "vulnerability" and not urgent(each)
            and not shipped_hole(each)]  # fmt: skip
    wrong = strays(policy, calm)

    stopped = [facts for facts, gave, _ in wrong if gave == "block"]
    unseen = [facts for facts, gave, wanted in wrong if gave == "pass" and wanted == "warn"]
    advise(
        any(not severe(facts) for facts in stopped),
        "What would whoever is stopped by this do next: repair it, or go round the gate?",
    )
    advise(stopped, "Where does the code run that this hole is in, and who gets there?")
    advise(unseen, "It need not stop anybody today. When will somebody hear of it?")
    advise(wrong, "How many warnings a day does somebody read?")
    assert not wrong, told(wrong)


@pytest.mark.points(1)
@pytest.mark.hint("What do you know of a component whose licence nobody knows?")
def test_licences_are_those_agreed_on(submission, advise):
    """What we ship has one of the three licences; a tool may have any."""
    policy = understood(submission)
    wrong = strays(policy, [each for each in findings() if each["kind"] == "licence"])

    gave = {facts["licence"]: outcome for facts, outcome, _ in wrong}
    advise({*gave} == {"unknown"}, "Nobody knows the licence. Which one do you take it for?")
    advise(wrong and not any(facts["shipped"] for facts, _, _ in wrong), "To whom do you hand on a "
           "tool that never leaves the office?")  # fmt: skip
    advise(gave.get("MPL-2.0") == "pass" and gave.get("AGPL-3.0-only", "block") == "block",
           "You named those that you do not want. Who names the next one?")  # fmt: skip
    assert not wrong, told(wrong)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Play it in your head on 20 May, and on 20 June. What has become of the exception?",
    "What else does it excuse: another finding, another component?",
)
def test_exception_is_narrow_and_ends(submission, advise):
    """One exception holds, for one finding in one component, until it ends within thirty days."""
    policy = understood(submission)
    hole = {"kind": "vulnerability", "severity": "high", "score": 8.8, "known_exploited": False,
            "repaired": False, "reachable": "yes", "exposed": True, "direct": True,
            "shipped": True}  # fmt: skip
    granted = hole | GRANTED
    late = played(policy, granted, LAST + timedelta(days=1))
    wide = [facts for facts in (granted | {"finding": ANY["finding"]}, hole | ANY,
                                granted | {"component": ANY["component"]})
            if played(policy, facts) != "block"]  # fmt: skip
    silent = [each for each in policy["exceptions"] if len(each["reason"].split()) < 3
              or not each["owner"].strip()]  # fmt: skip

    assert played(policy, hole | ANY, excused=False) == "block", (
        "Without an exception this hole would not block. Expected the second rule to hold first."
    )
    advise(late != "block" and any(each["expires"] is None for each in policy["exceptions"]),
           "On which day will somebody look at this exception again?")  # fmt: skip
    advise(late != "block", "How much of a year is your month?")
    assert late == "block", f"On {LAST + timedelta(days=1)} tilepress gave {late}. Expected block."
    advise(wide, "The next hole in it, or the same one somewhere else: who has looked at those?")
    assert not wide, (
        f"It also excuses {wide[0]['finding']} in {wide[0]['component']}. Expected one."
    )
    for day, why in ((TODAY, "today"), (PROMISED, "on the day of the promised release")):
        gave = played(policy, granted, day)
        advise(gave == "block", "Mara asked, and the team agreed. Until when does she need it?")
        advise(gave == "pass", "It is excused. Does anybody still see that it is there?")
        assert gave == "warn", f"CWY-2026-0009 in tilepress gave {gave} {why}. Expected warn."
    advise(silent, "Whom do you ask in two weeks, and what for?")
    assert not silent, "An exception has no owner, or no reason in three words. Expected both."
    others = [each for each in policy["exceptions"] if not GATE["holds"](each, granted, TODAY)
              and (each["expires"] is None or each["expires"] >= TODAY)]  # fmt: skip
    advise(others, "Which of the exceptions has somebody asked for?")
    assert not others, (
        f"There are {len(others)} more exceptions. Expected the one that was granted."
    )


def findings():
    """List every combination of facts; a licence has no score, malware nothing to rate."""
    flags = [
        dict(zip(GATE["FLAGS"], each, strict=True)) for each in product((True, False), repeat=5)
    ]
    found = [
        flag | {"kind": "vulnerability", "severity": severity, "score": score, "reachable": way}
        for severity, scores in SCORES.items()
        for score in scores
        for way in GATE["WORDS"]["reachable"]
        for flag in flags
    ]
    for direct, shipped in product((True, False), repeat=2):
        place = {"direct": direct, "shipped": shipped}
        found.append(place | {"kind": "malware", "severity": "unrated", "known_exploited": False,
                              "repaired": False, "reachable": "unknown",
                              "exposed": shipped})  # fmt: skip
        found += [place | {"kind": "licence", "licence": name} for name in (*LICENCES, *OTHERS)]
    return found


def urgent(facts):
    return facts["kind"] == "malware" or facts.get("known_exploited", False)


def severe(facts):
    return facts.get("severity") in SEVERE


def shipped_hole(facts):
    """Whether the agreement's second rule is about it."""
    return (facts["kind"] == "vulnerability" and not urgent(facts) and severe(facts)
            and facts["shipped"] and facts["reachable"] != "no")  # fmt: skip


def agreed(facts):
    """Give what the team's agreement says of a finding."""
    if urgent(facts):
        return "block"
    if facts["kind"] == "licence":
        return "block" if facts["shipped"] and facts["licence"] not in LICENCES else "pass"
    if not severe(facts):
        return "pass"
    if not shipped_hole(facts):
        return "warn"
    return "block" if facts["repaired"] or facts["exposed"] else "warn"


def played(policy, facts, day=TODAY, **options):
    return GATE["played"](policy, facts, day, **options)


def strays(policy, cases):
    """List the findings of which the policy makes something else than was agreed."""
    seen = [(facts, played(policy, facts | ANY), agreed(facts)) for facts in cases]
    return [each for each in seen if each[1] != each[2]]


def every(cases, word, value):
    """Whether there are cases, and all have the same to say."""
    return bool(cases) and all(facts.get(word) == value for facts in cases)


def told(wrong):
    """Tell the first of the findings that went astray."""
    facts, gave, wanted = wrong[0]
    rest = ", ".join(f"{word}={facts[word]!r}" for word in sorted(facts) if facts[word] is not None)
    more = f" It goes astray in {len(wrong)} such cases." if len(wrong) > 1 else ""
    return f"Of {rest} it made {gave}, expected {wanted}.{more}"


def understood(submission):
    """Give the policy; one with a word that the gate does not know decides nothing."""
    policy, problems = GATE["read"](submission.toml("policy.toml"))
    assert not problems, f"{problems[0]}. Expected a policy that the gate understands."
    return policy
