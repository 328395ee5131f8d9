"""Find submissions that have more in common than the start gave them: a hint, never a verdict."""

import heapq
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import Indel

from workbook.course import Files

LONGEST = 3000  # words that are compared of one submission: whoever hands in a book costs no more


@dataclass(frozen=True)
class Pair:
    """Two students with a *share* of equal words, 1.0 where all are; *about* names the files."""

    a: str
    b: str
    share: float
    about: str


def similar(
    submissions: Mapping[str, Files],
    start: Files,
    at_least: float = 0.9,
    fewest: int = 20,
    most: int = 200,
) -> list[Pair]:
    """Give the *most* alike pairs that share *at_least* so much of what the start did not give.

    Comments do not count. With less than *fewest* words of one's own there are too few ways to
    write them. Of equal ones the first is paired with each other one, and with whoever is near.
    """
    given = {line for content in start.values() for line in lines(content)}
    alike: dict[str, list[str]] = {}
    where: dict[str, str] = {}
    letters: dict[str, str] = {}  # one for each different word: strings compare fastest
    for student, files in submissions.items():
        own = {name: own_words(files[name], given) for name in sorted(files)}
        found = [word for of_file in own.values() for word in of_file][:LONGEST]
        if len(found) < fewest:
            continue
        # Past a million different words two share a letter: a hint can bear it.
        spelt = "".join(letters.setdefault(w, chr(len(letters) % sys.maxunicode)) for w in found)
        alike.setdefault(spelt, []).append(student)
        where.setdefault(spelt, ", ".join(name for name in own if own[name]))

    def pairs() -> Iterator[Pair]:
        for spelt, [first, *others] in alike.items():
            yield from (Pair(first, other, 1.0, where[spelt]) for other in others)
        for one, two in combinations(alike, 2):
            share = Indel.normalized_similarity(one, two, score_cutoff=at_least)
            if share:
                yield Pair(alike[one][0], alike[two][0], share, where[one])

    return heapq.nsmallest(most, pairs(), key=lambda pair: (-pair.share, pair.a, pair.b))


def own_words(content: bytes, given: Collection[str]) -> list[str]:
    """Give the words and signs of the lines of a file that are not *given*."""
    return re.findall(r"\w+|[^\w\s]", "\n".join(x for x in lines(content) if x not in given))


def lines(content: bytes) -> list[str]:
    """Give the lines of a file without comments, and without blank space around them."""
    text = re.sub(r"#.*", "", content.decode("utf-8", "replace"))  # in every language of the course
    return [line.strip() for line in text.splitlines() if line.strip()]
