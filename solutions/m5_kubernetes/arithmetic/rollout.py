"""Play the rolling update of a Deployment, second by second."""

from collections.abc import Iterator
from dataclasses import dataclass

Amount = int | str  # 1 or "25%"


@dataclass(frozen=True)
class Moment:
    """What there is of a Deployment at one second.

    *ready* pods are those that their probe calls so, and that the Service sends requests to;
    *answering* are those of them that really answer. *refused* pods the quota did not let in.
    """

    second: int
    old: int
    new: int
    ready: int
    answering: int
    refused: int = 0


def scaled(amount: Amount, replicas: int, *, up: bool) -> int:
    """Give *amount* in pods; a percentage is of *replicas*, rounded up or down."""
    if isinstance(amount, int):
        return amount
    percent = int(amount.removesuffix("%"))
    return -(-replicas * percent // 100) if up else replicas * percent // 100


def fenceposts(replicas: int, surge: Amount, unavailable: Amount) -> tuple[int, int]:
    """Give how many pods more, and how many fewer, than *replicas* an update may have.

    maxSurge is rounded up, maxUnavailable down. Where both come to nothing, one pod may be
    missing, since no update could ever begin otherwise.
    (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
    and ResolveFenceposts in the controller's source)
    """
    more = scaled(surge, replicas, up=True)
    fewer = scaled(unavailable, replicas, up=False)
    return (more, fewer) if more or fewer else (0, 1)


def play(
    replicas: int,
    surge: Amount = "25%",
    unavailable: Amount = "25%",
    *,
    ready_after: int | None = 10,
    answers_after: int | None = 10,
    quota: int | None = None,
    until: int = 120,
) -> Iterator[Moment]:
    """Give each moment at which something changes, while v2 takes the place of v1.

    *ready_after* seconds a new pod is ready, as its probe sees it; without a readiness probe that
    is 0, and None is never. *answers_after* is when it really answers. *quota* is the number of
    pods that the namespace lets in. The controller first adds new pods, as many as the surge
    allows, then takes old ones, as long as enough are available.
    (https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/deployment/rolling.go)
    """
    more, fewer = fenceposts(replicas, surge, unavailable)
    old, born = replicas, list[int]()
    last = None
    for second in range(until):
        wanted = max(0, min(replicas - len(born), replicas + more - old - len(born)))
        admitted = wanted if quota is None else min(wanted, max(0, quota - old - len(born)))
        born += [second] * admitted
        ready = count(born, second, ready_after)
        spare = old + ready - (replicas - fewer)
        old -= max(0, min(old, spare))
        answering = min(ready, count(born, second, answers_after))
        state = (old, len(born), old + ready, old + answering, wanted - admitted)
        if state != last:
            last = state
            yield Moment(second, *state)


def count(born: list[int], second: int, after: int | None) -> int:
    """Count the pods that are at least *after* seconds old; none are where *after* is None."""
    return 0 if after is None else sum(second - each >= after for each in born)


def table(moments: Iterator[Moment]) -> str:
    """Write moments down, one a line."""
    lines = ["second  old  new  ready  answering"]
    for each in moments:
        line = f"{each.second:6}{each.old:5}{each.new:5}{each.ready:7}{each.answering:11}"
        lines.append(line + (f"  {each.refused} refused by the quota" if each.refused else ""))
    return "\n".join(lines)
