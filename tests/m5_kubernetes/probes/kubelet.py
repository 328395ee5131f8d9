"""A small kubelet: it asks the probes of one container over a trace, and restarts it.

The rules are those of https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
and of pkg/kubelet/prober/worker.go in Kubernetes' own sources; where they are simpler here, it says so.
"""

import heapq
from dataclasses import dataclass
from typing import Any

SLOW = 1.5  # seconds of an answer while whom the application calls does not answer
SPIKE = (30, 34, 6.0)  # in each minute of that: from, to, seconds of an answer
BACKOFF = (0, 10, 20, 40, 80, 160, 300)  # seconds before a restart: the first at once
STOPS = 1  # seconds that a process needs to end when it is asked to
NEVER = float("inf")


@dataclass(frozen=True)
class App:
    """How the application behaves. Times are seconds of the trace, but live and ready: of its age."""

    live: float = 4  # from here on it listens, and /livez answers
    ready: float = 6  # from here on it has its tide table
    stale: tuple[float, float] = (NEVER, NEVER)  # the table has expired
    down: tuple[float, float] = (NEVER, NEVER)  # the harbour office does not answer
    hangs: float = NEVER  # the first process answers nothing any more; it still listens
    begins: float = 0
    ends: float = 900


TRACES = {
    "quick": App(),
    "slow": App(live=80, ready=95),
    "stale": App(stale=(300, 900), ends=1200),
    "stale_at_start": App(stale=(300, 900), begins=400, ends=1200),
    "upstream": App(down=(120, 720)),
    "deadlock": App(hangs=40, ends=400),
}


@dataclass(frozen=True)
class Probe:
    """What is asked, and when: the fields of a Probe, in seconds."""

    kind: str  # startup, readiness, liveness
    path: str | None  # None where only a connection is opened
    reaches: bool  # whether the port is the application's
    delay: int = 0
    period: int = 10
    timeout: int = 1
    successes: int = 1
    failures: int = 3


def answer(app: App, path: str | None, now: float, age: float, first: bool) -> tuple[int, float]:
    """Give the status and the seconds of an answer; 0 where nobody listens."""
    if age < app.live:
        return 0, 0
    if path is None:
        return 200, 0  # the kernel takes the connection, whatever the process does
    if first and now >= app.hangs:
        return 0, NEVER
    since, until = app.down
    is_down = since <= now < until
    seconds = 0.0
    if is_down:
        seconds = SPIKE[2] if SPIKE[0] <= now % 60 < SPIKE[1] else SLOW
    has_table = age >= app.ready and not app.stale[0] <= now < app.stale[1]
    works = {"/livez": True, "/readyz": has_table, "/healthz": has_table and not is_down,
             "/v1/crossing": has_table}  # fmt: skip
    return (200 if works[path] else 503) if path in works else 404, seconds


def play(app: App, probes: list[Probe], grace: int) -> dict[str, Any]:
    """Play the trace; give when the container was restarted, and when it got requests."""
    kubelet = Kubelet(app, {probe.kind: probe for probe in probes}, grace)
    kubelet.launch(app.begins)
    while kubelet.events and kubelet.events[0][0] < app.ends:
        now, _, number, kind, fits = heapq.heappop(kubelet.events)
        if number == kubelet.number:  # else it is of a container that is gone
            kubelet.act(now, kind, fits)
    kubelet.turn(app.ends, False)
    return {"restarts": kubelet.restarts, "ready": kubelet.intervals}


class Kubelet:
    """What the kubelet knows of the container at one moment."""

    def __init__(self, app: App, probes: dict[str, Probe], grace: int) -> None:
        self.app, self.probes, self.grace = app, probes, grace
        self.events: list[tuple[float, int, int, str, bool | None]] = []
        self.restarts: list[float] = []
        self.intervals: list[tuple[float, float]] = []
        self.since: float | None = None  # when it became ready
        self.number = self.pushed = 0

    def launch(self, now: float) -> None:
        """Start a container. Its probes begin with it: a kubelet's own tickers keep their pace."""
        self.began = now
        self.asked = dict.fromkeys(self.probes, now)
        self.runs = {kind: (None, 0) for kind in self.probes}
        self.started = "startup" not in self.probes
        self.turn(now, self.started and "readiness" not in self.probes)
        for kind in self.probes:
            self.push(now, kind)

    def push(self, when: float, kind: str, fits: bool | None = None) -> None:
        self.pushed += 1
        heapq.heappush(self.events, (when, self.pushed, self.number, kind, fits))

    def turn(self, now: float, ready: bool) -> None:
        """Bring the pod among a Service's endpoints, or take it from there."""
        if ready and self.since is None:
            self.since = now
        elif not ready and self.since is not None:
            self.intervals.append((self.since, now))
            self.since = None

    def act(self, now: float, kind: str, fits: bool | None) -> None:
        if kind == "launch":
            self.launch(now)
        elif fits is None:
            self.ask(now, self.probes[kind])
        else:
            self.take(now, self.probes[kind], fits)

    def ask(self, now: float, probe: Probe) -> None:
        """Ask, unless it is too early or a startup probe has not succeeded yet."""
        self.asked[probe.kind] = now
        age = now - self.began
        if probe.kind == "startup" and self.started:
            return
        if age < probe.delay or (probe.kind != "startup" and not self.started):
            self.push(self.tick(now, probe), probe.kind)
            return
        status, seconds = (0, 0.0)
        if probe.reaches:
            status, seconds = answer(self.app, probe.path, now, age, self.number == 0)
        fits = 200 <= status < 400 and seconds <= probe.timeout
        self.push(now + min(seconds, probe.timeout), probe.kind, fits)

    def tick(self, now: float, probe: Probe) -> float:
        """Give when the ticker rings after *now*."""
        return self.began + ((now - self.began) // probe.period + 1) * probe.period

    def take(self, now: float, probe: Probe, fits: bool) -> None:
        """Count an answer, and act where its threshold is reached."""
        last, run = self.runs[probe.kind]
        run = run + 1 if last is fits else 1
        self.runs[probe.kind] = (fits, run)
        # A tick during the answer is kept: the next question follows at once.
        self.push(max(now, self.tick(self.asked[probe.kind], probe)), probe.kind)
        if run < (probe.successes if fits else probe.failures):
            return
        if probe.kind == "readiness":
            self.turn(now, fits)
        elif not fits:
            self.restart(now)
        elif probe.kind == "startup" and not self.started:
            self.started = True
            self.turn(now, "readiness" not in self.probes)

    def restart(self, now: float) -> None:
        """Stop the container, and start another after the delay that grows with each."""
        hangs = self.number == 0 and now >= self.app.hangs
        wait = BACKOFF[min(len(self.restarts), len(BACKOFF) - 1)]
        self.turn(now, False)
        self.restarts.append(now)
        self.number += 1
        self.push(now + (self.grace if hangs else STOPS) + wait, "launch")
