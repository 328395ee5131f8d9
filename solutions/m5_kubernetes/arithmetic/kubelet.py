"""Play what a kubelet does with the probes of one container."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# Whether a path answers, when the container is so old, at this second of the day.
Answers = Callable[[str, int, int], bool]

FIRST_DELAY, LONGEST_DELAY, FORGOTTEN_AFTER = 10, 300, 600  # seconds
STOPS = 1  # second that a container needs to end


@dataclass(frozen=True)
class Probe:
    """One probe, with Kubernetes' defaults.

    (https://kubernetes.io/docs/tasks/configure-pod-container/
    configure-liveness-readiness-startup-probes/#configure-probes)
    """

    path: str
    period: int = 10
    failures: int = 3
    delay: int = 0

    def due(self, age: int) -> bool:
        """Whether it asks at this *age*: every *period* from the start, once *delay* is over.

        (pkg/kubelet/prober/worker.go in Kubernetes' sources)
        """
        return age >= self.delay and age % self.period == 0


@dataclass
class Container:
    """What the kubelet keeps in mind of a container that is running."""

    born: int
    started: bool
    ready: bool
    failed: dict[str, int] = field(default_factory=dict)

    def ask(self, name: str, probe: Probe, answered: bool) -> bool | None:
        """Count an answer: True after a success, False after one failure too many, else None."""
        self.failed[name] = 0 if answered else self.failed.get(name, 0) + 1
        return True if answered else False if self.failed[name] >= probe.failures else None


def watch(
    answers: Answers,
    *,
    startup: Probe | None = None,
    liveness: Probe | None = None,
    readiness: Probe | None = None,
    until: int = 300,
) -> Iterator[tuple[int, str]]:
    """Give what happens, as pairs of a second and a word: started, ready, not ready, restarted.

    Until the startup probe has succeeded the other two are not asked. A probe that is not there
    counts as a success. Three failures in a row, or as many as it says, restart the container
    (startup, liveness) or take it out of its Services (readiness). The first restart is at once,
    the next after 10 seconds, and each after twice that, up to 300; ten good minutes forget it.
    (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy)
    """
    container, wakes, restarts = None, 0, 0
    for second in range(until):
        if container is None and second >= wakes:
            container = Container(second, startup is None, readiness is None)
            yield second, "restarted" if restarts else "started"
            if container.started and container.ready:
                yield second, "ready"
        if container is None:
            continue
        age = second - container.born
        for name, probe in (("startup", startup), ("liveness", liveness), ("readiness", readiness)):
            if probe is None or container.started == (name == "startup") or not probe.due(age):
                continue
            said = container.ask(name, probe, answers(probe.path, age, second))
            if name == "startup" and said:
                container.started = True
                if container.ready:
                    yield second, "ready"
            elif name == "readiness" and said is not None and said != container.ready:
                container.ready = said
                yield second, "ready" if said else "not ready"
            elif name != "readiness" and said is False:
                restarts = 1 if age >= FORGOTTEN_AFTER else restarts + 1
                wakes = second + STOPS + delay_of(restarts)
                yield second, f"killed by its {name} probe"
                container = None
                break


def delay_of(restart: int) -> int:
    """Give the seconds that the kubelet waits before a container's first, second … restart."""
    return 0 if restart < 2 else int(min(LONGEST_DELAY, FIRST_DELAY * 2 ** (restart - 2)))


def table(events: Iterator[tuple[int, str]]) -> str:
    """Write events down, one a line."""
    return "\n".join(f"{second:5}  {word}" for second, word in events)
