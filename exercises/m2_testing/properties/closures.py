"""When the road is closed for works. Not yours to change here: the properties are."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Closure:
    """Minutes since midnight: the road is closed from *begins* up to, not at, *ends*.

    Raises ValueError for one that does not end after it begins.
    """

    begins: int
    ends: int

    def __post_init__(self) -> None:
        if self.ends <= self.begins:
            raise ValueError(f"A closure ends at {self.ends} and begins at {self.begins}.")


def merge(closures: Iterable[Closure]) -> list[Closure]:
    """Give the fewest closures, in order, that close the road at the same minutes."""
    merged: list[Closure] = []
    for closure in sorted(closures):
        if merged and closure.begins <= merged[-1].ends:
            last = merged.pop()
            closure = Closure(last.begins, max(last.ends, closure.ends))
        merged.append(closure)
    return merged
