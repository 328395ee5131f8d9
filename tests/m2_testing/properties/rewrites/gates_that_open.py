"""The same answers by counting the closures that a driver is in, from gate to gate."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True, repr=False)
class Closure:
    """A time when the road is closed."""

    begins: int
    ends: int

    def __post_init__(self):
        if not self.begins < self.ends:
            raise ValueError("A closure ends after it begins.")

    def __repr__(self):
        return f"{self.begins}-{self.ends}"


def merge(closures):
    gates = []
    for each in closures:
        gates += [(each.begins, -1), (each.ends, 1)]
    merged, inside, begins = [], 0, 0
    for minute, change in sorted(gates):
        if inside == 0:
            begins = minute
        inside -= change
        if inside == 0:
            merged.append(Closure(begins, minute))
    return merged
