"""Prove exercises: the start fails as declared, the reference and the right answers pass, each
wrong answer is refused by exactly the checks named for it and asked the question meant for it.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.progress import track

from workbook.course import Exercise, Files
from workbook.grading import grade
from workbook.intake import inspect
from workbook.show import console, table
from workbook.verdict import Verdict


@dataclass(frozen=True)
class Proof:
    """What was found of one answer: *faults* is empty where it behaves as declared."""

    exercise: Exercise
    kind: str
    name: str
    faults: tuple[str, ...]
    cpu: float


def prove(exercises: list[Exercise], workers: int = 0) -> bool:
    """Prove *exercises*, print a table and every fault; give whether all are proven."""
    jobs = [(each, kind, name) for each in exercises for kind, name in answers(each)]
    # Forked, with pytest loaded once; a process each, so that no grader's state meets the next.
    with multiprocessing.get_context("fork").Pool(workers or os.cpu_count() or 1) as pool:
        found = list(
            track(pool.imap(prove_one, jobs), "Proving", len(jobs), console=console, transient=True)
        )
    rows = table("exercise", "start", "reference", "wrong", "right", "CPU s")
    for each in exercises:
        mine = [proof for proof in found if proof.exercise == each]
        cells = [tally(mine, kind) for kind in ("start", "reference", "wrong", "right")]
        rows.add_row(each.id, *cells, f"{sum(proof.cpu for proof in mine):.1f}")
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


def prove_one(job: tuple[Exercise, str, str]) -> Proof:
    """Grade one answer and compare the verdict with what answers.toml declares."""
    exercise, kind, name = job
    before = cpu()
    try:
        files = answer_files(exercise, kind, name)
        [verdict] = grade([exercise], lambda _: inspect(files))
        faults = tuple(find_faults(exercise, kind, name, verdict))
    except (OSError, KeyError) as error:
        faults = (f"The fixture cannot be read: {type(error).__name__} {error}.",)
    return Proof(exercise, kind, name, faults, cpu() - before)


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


def cpu() -> float:
    """Give the CPU seconds of this process and of those it has waited for."""
    now = os.times()
    return time.process_time() + now.children_user + now.children_system
