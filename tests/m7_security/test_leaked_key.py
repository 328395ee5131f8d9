"""Grade *The key that was taken out*: the response is played, and everything else is run.

What a script leaves in a repository is looked at from outside: its objects and refs alone are laid
into a fresh one, so that no hook and no setting of the learner's comes along, and git reads them in
a process that runs nothing of the learner's. Keys are made up for each run.
"""

import base64
import re
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.course import ROOT
from workbook.submission import NotGradable

pytestmark = pytest.mark.needs("git", "sh")

DATA = Path(__file__).with_name("leaked_key")
MAKE = ROOT / "exercises/m7_security/leaked_key/make_repository.sh"  # as handed out
MINUTES = {
    "issue_new_key": 5, "give_signs_the_new_key": 20, "revoke_old_key": 5, "read_access_log": 30,
    "rewrite_history": 60, "force_push": 5, "tell_all_to_clone_again": 15,
    "ask_host_to_drop_caches": 30, "install_hook": 20, "make_repository_private": 10,
    "delete_last_commit": 5, "encode_key": 10,
}  # fmt: skip
NEEDED = [*MINUTES][:7]
LATEST = 30  # minutes until the old key opens nothing, and that a sign may be without one
KEPT = re.compile(r"HEAD|packed-refs|refs/[\w./-]+|objects/([0-9a-f]{2}/[0-9a-f]+|pack/[\w.-]+)")
LARGEST, MOST = 1_000_000, 2000  # bytes, and files, of a repository that is looked at
COMMITS = tomllib.loads((DATA / "commits.toml").read_text(encoding="utf-8"))


@pytest.mark.points(3)
@pytest.mark.hint(
    "From which minute on does the stranger's sign get no answer?",
    "Why first: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/"
    "removing-sensitive-data-from-a-repository",
)
def test_response_ends_the_key_first(submission, advise):
    """The old key is revoked within thirty minutes, signs have the new one, and all is in order."""
    steps = submission.toml("response.toml").get("steps")
    known = isinstance(steps, list) and all(isinstance(each, str) for each in steps)
    assert known, f"steps is {str(steps)[:80]}. Expected a list of steps."
    odd = [each for each in steps if each not in MINUTES or steps.count(each) > 1]
    assert not odd, f"{odd[0][:60]!r} is no step, or stands there twice. Expected those listed."

    ends = {each: sum(MINUTES[step] for step in steps[: at + 1]) for at, each in enumerate(steps)}
    revoked, used = (ends.get(each) for each in ("revoke_old_key", "give_signs_the_new_key"))
    missing = [each for each in NEEDED if each not in steps]
    advise("encode_key" in steps, "What does it take to decode it?")
    advise("delete_last_commit" in steps, "The last commit is gone. What is at HEAD~3?")
    useless = sorted({"encode_key", "delete_last_commit"} & {*steps})
    assert not useless, f"{useless[0]} leaves the key where it is. Expected steps that help."
    advise("revoke_old_key" in missing, "The history is clean. Who has the key all the same?")
    advise(missing, "Who still works with what was there before, or does not know what happened?")
    assert not missing, f"{missing[0]} is missing. Expected every step that is needed."
    advise("rewrite_history" in steps[: steps.index("revoke_old_key")],
           "While you rewrite: what can whoever has the key do?")  # fmt: skip
    advise("make_repository_private" in steps[: steps.index("revoke_old_key")],
           "It was public for a year. Who needs the repository to know the key?")  # fmt: skip
    advise("read_access_log" in steps[: steps.index("revoke_old_key")],
           "The log will still be there in an hour. Will the key be, too?")  # fmt: skip
    assert revoked <= LATEST, f"The old key opens for {revoked} minutes. Expected {LATEST} at most."
    dark = max(used, ends["issue_new_key"]) - revoked
    advise(dark > LATEST, "The key is revoked. What do the signs show meanwhile?")
    assert dark <= LATEST, f"Signs have no key for {dark} minutes. Expected {LATEST} at most."
    for first, then in (("issue_new_key", "give_signs_the_new_key"),
                        ("revoke_old_key", "read_access_log"), ("rewrite_history", "force_push"),
                        ("force_push", "tell_all_to_clone_again"),
                        ("force_push", "ask_host_to_drop_caches")):  # fmt: skip
        late = then not in steps or steps.index(first) < steps.index(then)
        advise(not late, "Which of two steps needs what the other one does?")
        assert late, f"{then} comes before {first}. Expected it after."


@pytest.mark.points(3)
@pytest.mark.hint(
    "List all objects: git cat-file --batch-all-objects --batch. Which of them hold the key?",
    "Which refs are there? https://git-scm.com/docs/git-for-each-ref",
)
def test_no_object_holds_the_key(submission, advise):
    """After clean.sh no object in the store holds the key, reachable or not, and no file does."""
    found = cleaned(submission)

    advise("refs/heads/main" in found.held, "The newest files are clean. What is at HEAD~3?")
    advise({"refs/heads/works", "refs/tags/v1"} & {*found.held},
           "main is clean. Who else was there when the key was?")  # fmt: skip
    advise(found.held and found.held[0] != "store", "Which refs exist beside branches and tags?")
    advise(
        found.held, "No ref leads to it. What does somebody get who knows the old commit's name?"
    )
    where = ", ".join(found.held).replace("store", "objects that no ref leads to")
    assert not found.held, f"The key is still held by {where}. Expected none."
    advise(found.files, "The objects are clean. Which file did your script leave behind?")
    assert not found.files, f"The key is still in {found.files[0]}. Expected no file."


@pytest.mark.points(2)
@pytest.mark.hint("Compare git log and the newest files, before and after. What is gone?")
def test_nobodys_work_is_lost(submission, advise):
    """After clean.sh branches, the tag, messages, authors, dates and newest files are as before."""
    found = cleaned(submission)
    gone = sorted({*found.before} - {*found.after})

    advise(not found.after, "What was in the repository beside the key?")
    advise(any(each.startswith("log") for each in gone), "Which commits are gone, and what else "
           "was in them?")  # fmt: skip
    advise(gone, "Which file went with the key?")
    assert not gone, f"Gone is: {gone[0]}. Expected all but the key to stay."
    assert found.code == 0, f"clean.sh ended with {found.code}, expected 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does a sign do that starts without a key?",
    "Comparing secrets: https://docs.python.org/3/library/hmac.html#hmac.compare_digest",
)
def test_settings_know_the_key_or_fail(submission, advise):
    """The key comes from the file or the environment; without one there is a ValueError."""
    key, other = new_key(), new_key()
    shown = [key, other, "", key[:-1], "schlüssel"]
    right = [True, False, False, False, False]
    by_name, by_file = {"TIDE_API_KEY": key}, {"TIDE_API_KEY_FILE": "FILE"}
    cases = {
        "with TIDE_API_KEY": (by_name, None, right),
        "with TIDE_API_KEY_FILE": (by_file, key + "\n", right),
        "with both": ({**by_file, "TIDE_API_KEY": other}, key + "\n", right),
        "without a key": ({}, None, "ValueError"),
        "with an empty key": ({"TIDE_API_KEY": ""}, None, "ValueError"),
        "with an empty file": (by_file, "\n", "ValueError"),
        "with a file that is not there": (by_file, None, "ValueError"),
    }
    asked = [(names, content, shown) for names, content, _ in cases.values()]
    found = asks(submission, "answers", asked)
    wrong = {
        name: (gave, wanted)
        for gave, (name, (_, _, wanted)) in zip(found, cases.items(), strict=True)
        if gave != wanted
    }

    open_to = [name for name, (gave, wanted) in wrong.items() if wanted == "ValueError"]
    advise({"without a key", "with an empty key"} & {*open_to}, "Nobody gave it a key. Which one "
           "does it take?")  # fmt: skip
    advise(any("TypeError" in gave for gave, _ in wrong.values()), "Somebody shows a key with an "
           "umlaut in it. What does your comparison do?")  # fmt: skip
    advise(any(True in gave[1:] for gave, _ in wrong.values() if isinstance(gave, list)),
           "Who gets in with a part of the key, or with none of it?")  # fmt: skip
    advise(open_to, "The file was not there, or empty. Whom does the sign let in now?")
    advise("with TIDE_API_KEY_FILE" in wrong, "What stands in a file after the key's last letter?")
    for name, (gave, wanted) in wrong.items():
        pytest.fail(f"{name} it gave {gave}, expected {wanted}.")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Print the settings, log them, let something fail. Where does the key appear?",
    "What a dataclass shows: https://docs.python.org/3/library/dataclasses.html#dataclasses.field",
)
def test_settings_tell_nobody(submission, advise):
    """Nothing that is printed, logged or told in an error holds the key."""
    key = new_key()
    cases = {
        "with TIDE_API_KEY": ({"TIDE_API_KEY": key}, None),
        "with TIDE_API_KEY_FILE": ({"TIDE_API_KEY_FILE": "FILE"}, key + "\n"),
        "with the key itself in TIDE_API_KEY_FILE": ({"TIDE_API_KEY_FILE": key}, None),
    }
    found = asks(submission, "traces", [*cases.values()])
    told = [name for name, text in zip(cases, found, strict=True)
            if any(form in text for form in forms(key))]  # fmt: skip

    advise(any("SAFETY_MARGIN_MIN" in text for text in found), "It printed the environment. Who "
           "reads the log of a pod?")  # fmt: skip
    advise(told == [*cases][2:], "Somebody mixed the two names up. What does the error quote?")
    advise(told, "Somebody logs the settings at the start, as everybody does. What is in it?")
    assert not told, f"The key was told {', '.join(told)}. Expected it nowhere."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Where does git keep what is about to be committed?",
    "What a hook can ask: https://git-scm.com/docs/githooks#_pre_commit",
)
def test_hook_stops_a_key(submission, advise):
    """The hook stops a commit that brings a key in, wherever it stands."""
    missed = [
        name for name, change in COMMITS["stopped"].items() if tried(submission, name, change) == 0
    ]

    advise(
        missed and len(missed) == len(COMMITS["stopped"]),
        "Run it by hand: which exit code does git see?",
    )
    advise(missed == ["staged, and gone from the folder since"], "The folder was clean. Was that "
           "what was committed?")  # fmt: skip
    advise(missed, "Which file did it not look into, or which way of writing did it not know?")
    assert not missed, f"It let a key through: {'; '.join(missed)}. Expected no commit."


@pytest.mark.points(1)
@pytest.mark.hint("Which lines of a commit bring something in, and which ones take it out?")
def test_hook_lets_others_pass(submission, advise):
    """The hook stops no commit that brings no key in."""
    stopped = [
        name for name, change in COMMITS["passed"].items() if tried(submission, name, change) != 0
    ]

    advise(
        stopped and len(stopped) == len(COMMITS["passed"]),
        "Nobody can commit. How long will it be on?",
    )
    advise("a commit that takes a key out" in stopped, "Somebody repairs it. Who stops them?")
    advise(stopped, "Was a key about to be committed?")
    assert not stopped, f"It stopped {'; '.join(stopped)}. Expected a commit."


@dataclass(frozen=True)
class Cleaned:
    """What is left of a repository: who still holds the key, and what others had done."""

    code: int
    held: list[str]
    files: list[str]
    before: list[str]
    after: list[str]


CLEANED = {}  # the last script only: two checks ask about the same run


def cleaned(submission):
    """Run clean.sh in a repository that the judge makes up, and look at it from outside."""
    script = submission.read("clean.sh")
    if script not in CLEANED:
        CLEANED.clear()
        CLEANED[script] = clean(submission)
    if isinstance(CLEANED[script], NotGradable):
        raise CLEANED[script]
    return CLEANED[script]


def clean(submission):
    """Give what clean.sh leaves, or why there is no telling: that is not waited for twice."""
    key = new_key()
    try:
        with submission.apart() as box:
            (box.path / "make.sh").write_text(MAKE.read_text(encoding="utf-8"))
            made = box.run("sh", "make.sh", "repository", key)
            assert made.returncode == 0, f"The repository could not be made.\n{made.stderr}"
            (box.path / "make.sh").unlink()
            before = look(submission, taken(box.path / "repository"), key)
            (box.path / "run.sh").write_text(f"cd repository; LEAKED_KEY={key} exec sh ../clean.sh")
            code = int(box.run("sh", "run.sh").returncode)
            files = taken(box.path / "repository")
        after = look(submission, files, key)
        held = [each.split()[1] for each in after if each.startswith("held")]
        left = sorted(name for name, content in files.items()
                      if any(form.encode() in content for form in forms(key)))  # fmt: skip
        done = [[each for each in lines if each.startswith(("log", "file"))]
                for lines in (before, after)]  # fmt: skip
        names = sorted({*held}, key=lambda name: (name == "store", name))
        return Cleaned(code, names, left, *done)
    except NotGradable as error:
        return error


def taken(folder):
    """Read what stands in *folder*, without following a link, as far as it is not too much."""
    found, room = {}, LARGEST
    for path in sorted(folder.rglob("*")) if not folder.is_symlink() else []:
        if path.is_file() and not path.is_symlink():
            room -= path.stat().st_size
            assert room > 0 < MOST - len(found), "clean.sh left too much. Expected a repository."
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def look(submission, files, key):
    """Have git tell of objects and refs alone, in a fresh repository and a process of its own."""
    with submission.apart() as box:
        box.run("git", "init", "--quiet", "--bare", "seen")
        for name, content in files.items():
            inside = name.removeprefix(".git/")
            if name.startswith(".git/") and KEPT.fullmatch(inside) and ".." not in inside:
                (box.path / "seen" / inside).parent.mkdir(parents=True, exist_ok=True)
                (box.path / "seen" / inside).write_bytes(content)
        script = given("look.sh").replace("FORMS", " ".join(f"'{form}'" for form in forms(key)))
        (box.path / "seen" / "look.sh").write_text(f"cd seen\n{script}")
        lines = box.run("sh", "seen/look.sh").stdout.splitlines()
    size = next((each.split()[1:] for each in lines if each.startswith("size")), [])
    total = int(size[0]) if size else 0
    assert total < LARGEST, "clean.sh left too much. Expected a repository."
    return lines


def tried(submission, name, change):
    """Give how a commit ended with the learner's hook in place."""
    key = new_key()
    first = "git update-ref -d HEAD" if "first commit" in name else ""
    before = f"printf '%s\\n' {key} > old.py" if "takes a key out" in name else ""
    with submission.apart() as box:
        text = given("try.sh").replace("BEFORE", before).replace("FIRST", first)
        (box.path / "try.sh").write_text(text.replace("CHANGE", change.replace(" KEY", f" {key}")))
        return int(box.run("sh", "try.sh").returncode)


def given(name):
    """Give the text of a file beside the fixtures."""
    return (DATA / name).read_text(encoding="utf-8")


def asks(submission, what, cases):
    """Ask the learner's settings in each of the cases; the keys stay out of what is told of it."""
    setup = f"{given('program.py')}\nCASES = {cases!r}\n"
    found = submission.evaluate(f"[{what}(*case) for case in CASES]", setup=setup)
    assert isinstance(found, list), (
        f"read_settings gave {found!r}. Expected settings, or ValueError."
    )
    return found


def forms(key):
    """Give the forms in which a key is still that key."""
    return [key, key[::-1], key.encode().hex(), base64.b64encode(key.encode()).decode()]


def new_key():
    return f"tide-live-{secrets.token_hex(6)}"
