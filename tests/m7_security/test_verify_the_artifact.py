"""Grade *A valid signature for which file*: honest releases and forgeries are put before verify.py.

Keys, names and files are made up for each judging, the cases come in an order that nobody knows,
each in a folder of its own, and the next when the last one's end is told: nothing but what stands
there can tell one from the other. What counts is the exit code. The releases are made by the
program that the learner was handed.
"""

import base64
import json
import re
import runpy
import secrets
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from workbook.course import ROOT
from workbook.standin import Answers, serving
from workbook.submission import NotGradable

pytestmark = pytest.mark.needs("cryptography", "openssl")

FOLDER = ROOT / "exercises/m7_security/verify_the_artifact"  # as handed out, not as handed in
WARM = Path(__file__).with_name("verify_the_artifact") / "warm.py"
SCRIPT = "verify.py"
SHOWN = 600  # characters of what a script said

HONEST = ("plain", "one of two files", "signed by somebody else too")
SIGNATURE = ("signed by a stranger", "not signed", "an empty signature", "changed after signing",
             "signed without its kind")  # fmt: skip
SUBJECT = ("a changed wheel", "the provenance of another wheel", "the digest among the ingredients",
           "the digest under another name")  # fmt: skip
BUILDER = ("another builder", "a builder whose name begins like ours")
SOURCE = ("a fork with our commit", "a tag that was moved", "our commit in another ingredient")
KIND = ("another predicate", "another kind of payload", "another statement")
ODD = ("no JSON",)


@pytest.mark.points(2)
@pytest.mark.hint("Which honest release is refused, and what does verify.py say about it?")
def test_honest_release_is_accepted(submission, advise):
    """A release that is what it should be is accepted."""
    seen = runs(submission)
    refused = [name for name in HONEST if seen[name].code]

    advise(len(refused) == len(HONEST), "Nobody gets in. What did it stumble over?")
    advise(HONEST[2] in refused, "Two have signed. Which of the two has to be the builder?")
    advise(HONEST[1] in refused, "The builder made two files. Which place must yours have?")
    assert not refused, f"Refused: {refused[0]}.\n{seen[refused[0]].said}"


@pytest.mark.points(3)
@pytest.mark.hint(
    "What exactly was signed, by whom, and with which of these did you compare it?",
    "How DSSE signs: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md",
)
def test_only_the_builders_signature_counts(submission, advise):
    """Only a signature of the builder's, over the payload and its kind, makes a provenance."""
    wrong = believed(submission, SIGNATURE)

    advise(wrong == [SIGNATURE[4]], "These bytes could be signed as something else. Where is the "
           "kind of the payload in what you check?")  # fmt: skip
    advise(len(wrong) >= 4, "Who could have written this file? Anybody?")
    advise(SIGNATURE[0] in wrong, "It is signed. By whom?")
    advise({*SIGNATURE[1:3]} & {*wrong}, "How many signatures were checked when there was none?")
    assert not wrong, f"Accepted: {', '.join(wrong)}. Expected a refusal."


@pytest.mark.points(3)
@pytest.mark.hint(
    "What in the statement names the file, so that no other file can have it?",
    "A subject and its digest: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md",
)
def test_signature_is_for_this_file(submission, advise):
    """A provenance counts for the file whose digest its subject has, and for no other."""
    wrong = believed(submission, SUBJECT)

    advise({*SUBJECT[:2]} <= {*wrong}, "That is a valid signature. For which file?")
    advise(SUBJECT[2] in wrong, "The digest stands there. As what: the result, or an ingredient?")
    advise(SUBJECT[3] in wrong, "A digest, computed how? By whose word?")
    advise(wrong, "Whose digest did you compute, and with what did you compare it?")
    assert not wrong, f"Accepted: {', '.join(wrong)}. Expected a refusal."


@pytest.mark.points(2)
@pytest.mark.hint(
    "With what do you compare the builder, and how much of it?",
    "Verifying a build: https://slsa.dev/spec/v1.0/verifying-artifacts",
)
def test_builder_is_the_expected_one(submission, advise):
    """The builder is the one that is expected, to the last letter."""
    wrong = believed(submission, BUILDER)

    advise(wrong == [BUILDER[1]], "Who may register a name that begins like yours?")
    advise(wrong, "It was built and signed. On whose machine?")
    assert not wrong, f"Accepted: {', '.join(wrong)}. Expected a refusal."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Who can make a tag point to something else, and who can do that to a commit?",
    "Ingredients of a build: https://slsa.dev/spec/v1.0/provenance",
)
def test_source_is_the_expected_one(submission, advise):
    """It was built from the expected commit of the expected repository."""
    wrong = believed(submission, SOURCE)

    advise(len(wrong) == len(SOURCE), "A good builder, the right file. Built from what?")
    advise(SOURCE[1] in wrong, "The tag has the right name. What does it point to today?")
    advise(SOURCE[0] in wrong, "A fork has all your commits. Whose pipeline was it?")
    advise(wrong, "The commit stands there. Of which repository is it said to be?")
    assert not wrong, f"Accepted: {', '.join(wrong)}. Expected a refusal."


@pytest.mark.points(2)
@pytest.mark.hint(
    "The same key signs other documents. How do you tell them from a provenance?",
    "The layers of an attestation: https://github.com/in-toto/attestation/blob/main/spec/README.md",
)
def test_document_is_a_provenance(submission, advise):
    """What is signed is a provenance in an in-toto statement, and what is odd is refused."""
    odd, wrong = believed(submission, ODD), believed(submission, KIND)

    advise(odd, "verify.py could not read it. What did it say to whoever reads the exit code?")
    advise(wrong == [KIND[1]], "The envelope says what its payload is. Who reads that?")
    advise(wrong, "The builder signs lists of parts and test reports too. Which one was this?")
    assert not odd, f"Accepted: {', '.join(odd)}. Expected a refusal."
    assert not wrong, f"Accepted: {', '.join(wrong)}. Expected a refusal."


@dataclass(frozen=True)
class Run:
    """How verify.py ended over a case, and what it said."""

    code: int
    said: str


RUNS = {}  # the last script only: the checks ask about the same runs


def runs(submission):
    """Put every case before verify.py, once, in an order that it cannot know."""
    script = submission.read(SCRIPT)
    if script not in RUNS:
        RUNS.clear()
        RUNS[script] = run(submission)
    if "" in RUNS[script]:  # one that does not end is not waited for twice
        raise NotGradable(f"python {SCRIPT} did not end in time.")
    return RUNS[script]


def believed(submission, names):
    """Name the forgeries that are accepted, by a script that accepts an honest release."""
    seen = runs(submission)
    assert seen["plain"].code == 0, f"An honest release is refused.\n{seen['plain'].said}"
    return [name for name in names if seen[name].code == 0]


def run(submission):
    """Hand out one case after the other to a process of the learner's that runs verify.py."""
    maker = runpy.run_path(str(FOLDER / "release.py"))
    given, found = cases(maker), {}
    # The first one is forged: whoever accepts whatever comes first gets nowhere.
    left = secrets.SystemRandom().sample([*given], len(given))
    first = next(name for name in left if name not in HONEST)
    order = sorted(left, key=lambda name: name != first)
    left = list(order)

    def desk(asks):
        if "code" in asks.form and len(found) < len(order) - len(left):
            name, code = order[len(found)], asks.form["code"]
            said = asks.form.get("said", "").replace(given[name][0].name, "(the wheel)")
            told = Run(int(code) if re.fullmatch(r"\d{1,3}", code) else 1, said[-SHOWN:])
            found[name if code != "endless" else ""] = told
        if "" in found or not left or len(found) < len(order) - len(left):
            return Answers("null")
        release, provenance = given[left.pop(0)]
        return Answers(json.dumps(laid_out(submission, maker, release, provenance)))

    with submission.apart() as alone:
        (alone.path / "warm.py").write_text(WARM.read_text(encoding="utf-8"))
        with serving(desk, alone.path / "desk.sock"):
            alone.run("python", "-I", "warm.py")
    # What did not run to its end has told nothing apart, on whichever side it is.
    return {name: Run(int(name in HONEST), "") for name in order} | found


def laid_out(submission, maker, release, provenance):
    """Give what stands in the folder of a case."""
    with tempfile.TemporaryDirectory() as folder:
        maker["lay_out"](Path(folder), release, provenance)
        if isinstance(provenance, str):
            Path(folder, "provenance.json").write_text(provenance)
        files = {each.name: each.read_bytes() for each in Path(folder).iterdir()}
    files[SCRIPT] = submission.read(SCRIPT).encode()
    texts = {name: base64.b64encode(content).decode() for name, content in files.items()}
    return {"wheel": release.name, "files": texts}


def cases(maker):
    """Make a release, with its provenance, for each case."""
    envelope, key = maker["envelope"], maker["Ed25519PrivateKey"].generate
    ours = maker["made_up"]()
    statement, other = ours.statement(), maker["made_up"]()
    subject, digest = statement["subject"][0], maker["sha256"](ours.wheel)
    honest, empty = envelope(statement, ours.key), {"keyid": "builder", "sig": "", "alg": "none"}
    foreign = replace(other, name=ours.name, key=ours.key)
    two = statement | {"subject": [*other.statement()["subject"], subject]}
    renamed = [subject | {"digest": {"sha256": maker["sha256"](other.wheel), "sha1": digest}}]
    theirs = foreign.statement()["subject"]
    source = statement["predicate"]["buildDefinition"]["resolvedDependencies"][0]
    bystander = {"uri": "git+https://git.example/tools", "digest": source["digest"]}
    moved = source | {"digest": {"gitCommit": other.commit}}
    wheel_in = {"uri": "cache.whl", "digest": {"sha256": digest}}

    def built(subjects, *ingredients):
        found = json.loads(json.dumps(statement)) | {"subject": subjects}
        found["predicate"]["buildDefinition"]["resolvedDependencies"] = [*ingredients]
        return envelope(found, ours.key)

    def said(**changes):
        return envelope(replace(ours, **changes).statement(), ours.key)

    altered = base64.b64encode(json.dumps(statement).encode()).decode()
    provenances = {
        "plain": honest,
        "one of two files": envelope(two, ours.key),
        "signed by somebody else too": envelope(statement, key(), ours.key),
        "signed by a stranger": envelope(statement, key()),
        "not signed": honest | {"signatures": []},
        "an empty signature": honest | {"signatures": [empty]},
        "changed after signing": envelope(foreign.statement(), ours.key) | {"payload": altered},
        "signed without its kind": envelope(statement, ours.key, bare=True),
        "the provenance of another wheel": built(theirs, source),
        "the digest among the ingredients": built(theirs, source, wheel_in),
        "the digest under another name": built(renamed, source),
        "another builder": said(builder=other.builder),
        "a builder whose name begins like ours": said(builder=ours.builder + "-2"),
        "a fork with our commit": said(source=other.source),
        "a tag that was moved": said(commit=other.commit),
        "our commit in another ingredient": built([subject], moved, bystander),
        "another predicate": envelope(
            statement | {"predicateType": "https://cyclonedx.org/bom"}, ours.key
        ),
        "another kind of payload": envelope(statement, ours.key, kind="application/json"),
        "another statement": envelope(statement | {"_type": "https://a.example/v1"}, ours.key),
        "no JSON": "{payload: signed}",
    }
    found = {name: (ours, each) for name, each in provenances.items()}
    found["a changed wheel"] = (replace(ours, wheel=secrets.token_bytes(64)), honest)
    return found
