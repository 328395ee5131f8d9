"""Prove exercises: the start fails as declared, the reference and the right answers pass, each
wrong answer is refused by exactly the checks named for it and asked the question meant for it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from queue import SimpleQueue
from typing import Any

from rich.progress import track

from workbook.batch import JudgeServer, graders_of, prepare, refuse_unconfined
from workbook.course import ROOT, CourseError, Exercise, Files, digest
from workbook.intake import Intake, inspect
from workbook.show import console, table
from workbook.verdict import Verdict

KEPT = ROOT / ".build" / "proof.json"
# What gives the verdict document and the questions on files taken; None where it broke down.
Judge = Callable[[Exercise, Intake], dict[str, Any] | None]


@dataclass(frozen=True)
class Proof:
    """What was found of one answer: *faults* is empty where it behaves as declared."""

    exercise: Exercise
    kind: str
    name: str
    faults: tuple[str, ...]
    seconds: float
    reply: dict[str, Any] | None = None


def prove(exercises: list[Exercise], workers: int = 0) -> bool:
    """Prove *exercises*, print a table and every fault; give whether all are proven.

    The answers are judged as an instructor's batch is, behind the same walls where there are any.
    """
    # An answer of each in turn: those of some wait, for a browser or for their own timeout.
    turns = zip_longest(*([(each, *answer) for answer in answers(each)] for each in exercises))
    jobs = [job for turn in turns for job in turn if job]
    count = workers or os.cpu_count() or 1
    with ExitStack() as stack:
        free: SimpleQueue[JudgeServer] = SimpleQueue()
        for server in judges(count, exercises, stack):
            free.put(server)

        def prove_next(job: tuple[Exercise, str, str]) -> Proof:
            server = free.get()
            try:
                return prove_one(job, server.judge)
            finally:
                free.put(server)

        pool = stack.enter_context(ThreadPoolExecutor(count))
        proofs = pool.map(prove_next, jobs)
        found = list(track(proofs, "Proving", len(jobs), console=console, transient=True))
    keep(found)
    rows = table("exercise", "start", "reference", "wrong", "right", "seconds")
    for each in exercises:
        mine = [proof for proof in found if proof.exercise == each]
        cells = [tally(mine, kind) for kind in ("start", "reference", "wrong", "right")]
        rows.add_row(each.id, *cells, f"{sum(proof.seconds for proof in mine):.1f}")
    console.print(rows)
    faults = [proof for proof in found if proof.faults]
    for proof in faults:
        console.print(f"\n{proof.exercise.id}: {proof.kind} {proof.name}".rstrip(), style="bold")
        for fault in proof.faults:
            console.print(f"  {fault}", markup=False)
    proven = len(exercises) - len({proof.exercise for proof in faults})
    console.print(f"\n{proven} of {len(exercises)} exercises proven.")
    return not faults and bool(exercises)


def answers(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """List what there is to prove: kind and name of each answer."""
    yield from (("start", ""), ("reference", ""))
    for kind in ("wrong", "right"):
        yield from ((kind, name) for name in exercise.answers.get(kind, {}))


def answer_files(exercise: Exercise, kind: str, name: str) -> Files:
    """Give the files of one answer, by its kind and name."""
    whole = {"start": exercise.start, "reference": exercise.finished}
    return whole[kind] if kind in whole else exercise.answer(kind, name)


def judges(count: int, exercises: list[Exercise], stack: ExitStack) -> list[JudgeServer]:
    """Give *count* judges of the course: confined, or it is said why not."""
    root = exercises[0].root if exercises else ROOT
    prepare()
    try:
        servers = [JudgeServer(n, root, False) for n in range(count)]
        stack.callback(servers[0].close)
        refuse_unconfined(servers[0])
    except CourseError as error:
        if os.environ.get("CI"):
            raise
        console.print(f"Not confined: {error}", markup=False)
        servers = [JudgeServer(n, root, True) for n in range(count)]
    for server in servers:
        stack.callback(server.close)
    return servers


def prove_one(job: tuple[Exercise, str, str], judge: Judge) -> Proof:
    """Let *judge* grade one answer, and compare the verdict with what answers.toml declares."""
    exercise, kind, name = job
    began, reply = time.monotonic(), None
    try:
        taken = inspect(answer_files(exercise, kind, name))
        reply = judge(exercise, taken)
        if reply is None:
            faults: tuple[str, ...] = ("The judge ended before it had a verdict.",)
        else:
            verdict = Verdict.from_json(reply["document"], reply["questions"])
            faults = tuple(find_faults(exercise, kind, name, verdict))
    except (OSError, KeyError) as error:
        faults = (f"The fixture cannot be read: {type(error).__name__} {error}.",)
    return Proof(exercise, kind, name, faults, time.monotonic() - began, reply)


def kept() -> dict[str, Any]:
    """Give the verdicts of the last proof of this course, by `key`."""
    found: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    return found


def keep(proofs: list[Proof]) -> None:
    """Keep the verdicts of *proofs*, so that the page's need not be compared with new ones."""
    graders = graders_of({each.exercise for each in proofs})
    found = {
        key(graders[each.exercise], answer_files(each.exercise, each.kind, each.name)): each.reply
        for each in proofs
        if each.reply
    }
    if proofs and proofs[0].exercise.root == ROOT:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(found))


def key(grader: str, files: Files) -> str:
    """Name a verdict by all that it depends on: *grader* is its digest."""
    return f"{grader} {digest(files)}"


def find_faults(exercise: Exercise, kind: str, name: str, verdict: Verdict) -> Iterator[str]:
    """Say where *verdict* is not what was declared for this answer."""
    for check in verdict.checks:
        if check.outcome == "broken":
            yield f"{check.id} broke: {check.message}\n{check.detail}"
    refused = [check for check in verdict.checks if check.outcome == "not_yet"]
    if kind in ("reference", "right"):
        yield from (f"Refused by {check.id}: {check.message} {check.detail}" for check in refused)
        if kind == "right" and not exercise.answers[kind][name].get("note"):
            yield "answers.toml gives it no note: say in what way it is another answer."
        return
    declared: dict[str, Any] = dict(exercise.answers.get(kind, {}))
    if kind == "wrong":
        declared = declared[name]
    wanted: list[str] = declared.get("refused_by", [])
    ids = [check.id for check in refused]
    if not ids:
        yield "No check refuses it."
    elif set(ids) != set(wanted):
        yield f"Refused by {ids}, declared in answers.toml: refused_by = {wanted}."
    elif ids[0] != wanted[0]:
        yield f"{ids[0]} is shown first, declared is {wanted[0]}."
    for check in refused:
        if not check.questions:
            yield f"{check.id} fails without a question: {check.message} {check.detail}"
        elif check.message.startswith("assert "):
            yield f"{check.id} has no message of its own, only: {check.message}"
    question = (refused[0].questions or [""])[0] if refused else ""
    if kind == "wrong" and not (declared.get("advice") and question.startswith(declared["advice"])):
        yield f"Asked first: {question!r}; declared: {declared.get('advice')!r}."
    if kind == "wrong" and not declared.get("misconception"):
        yield "answers.toml gives it no misconception: say what whoever answers this believes."


def tally(proofs: list[Proof], kind: str) -> str:
    """Give one cell of the table."""
    mine = [proof for proof in proofs if proof.kind == kind]
    good = sum(not proof.faults for proof in mine)
    if kind in ("wrong", "right"):
        return f"{good}/{len(mine)}"
    return {"start": "fails as declared", "reference": "passes"}[kind] if good else "NO"
