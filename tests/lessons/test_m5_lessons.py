"""The models of the lesson on rollouts: each rule of Kubernetes, as its documentation has it."""

import itertools
import runpy

import pytest

from solutions.m5_kubernetes.arithmetic import kubelet, room
from solutions.m5_kubernetes.arithmetic.kubelet import Probe
from solutions.m5_kubernetes.arithmetic.rollout import Moment, fenceposts, play, table
from workbook.course import ROOT

GRADERS = ROOT / "tests/m5_kubernetes"

# Rollouts


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "expected"),
    [
        # The six examples beside ResolveFenceposts in the controller's source, and two more.
        (2, "0%", "1%", (0, 1)),
        (1, "0%", "1%", (0, 1)),
        (2, "1%", "25%", (1, 0)),
        (1, "1%", "25%", (1, 0)),
        (2, "1%", "0%", (1, 0)),
        (1, "1%", "0%", (1, 0)),
        (10, "25%", "25%", (3, 2)),
        (10, 2, 3, (2, 3)),
    ],
)
def test_surge_is_rounded_up_and_unavailable_down(replicas, surge, unavailable, expected):
    assert fenceposts(replicas, surge, unavailable) == expected


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable"),
    [
        (replicas, surge, unavailable)
        for replicas, surge, unavailable in itertools.product(
            (1, 2, 3, 5, 10), (0, 1, 3, "25%", "100%"), (0, 1, 2, "25%", "50%")
        )
        if surge or unavailable
    ],
)
def test_a_rollout_stays_between_its_fenceposts_and_ends(replicas, surge, unavailable):
    moments = list(play(replicas, surge, unavailable, until=300))

    more, fewer = fenceposts(replicas, surge, unavailable)
    assert max(each.old + each.new for each in moments) <= replicas + more
    assert min(each.ready for each in moments) >= replicas - fewer
    assert (moments[-1].old, moments[-1].new, moments[-1].ready) == (0, replicas, replicas)


@pytest.mark.parametrize("replicas", [1, 3, 4, 10])
def test_a_version_that_is_never_ready_stalls(replicas):
    moments = list(play(replicas, ready_after=None, answers_after=None, until=600))

    _, fewer = fenceposts(replicas, "25%", "25%")
    assert moments[-1].ready == moments[-1].old == replicas - fewer


def test_without_a_probe_a_broken_version_takes_everything():
    assert list(play(3, ready_after=0, answers_after=None))[-1] == Moment(2, 0, 3, 3, 0)


def test_a_quota_without_room_for_the_surge_lets_nothing_begin():
    assert list(play(3, 1, 0, quota=3)) == [Moment(0, 3, 0, 3, 3, refused=1)]
    assert "1 refused by the quota" in table(play(3, 1, 0, quota=3))
    assert list(play(3, 1, 0, quota=4))[-1].old == 0


def test_the_graders_rollout_has_the_same_fenceposts():
    model = runpy.run_path(str(GRADERS / "rollout_under_quota/cluster.py"))

    for replicas, surge, fewer in itertools.product(range(1, 12), (0, 1, "25%"), (0, 2, "40%")):
        assert model["fenceposts"](surge, fewer, replicas) == fenceposts(replicas, surge, fewer)


# The kubelet


@pytest.mark.parametrize("trace", ["quick", "slow", "stale", "stale_at_start"])
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.parametrize("numbers", [(10, 3, 0), (7, 2, 15), (1, 5, 0)])
def test_the_graders_kubelet_does_the_same(trace, path, numbers):
    """Two models of one kubelet, in the same world: restarts and times of readiness agree."""
    model = runpy.run_path(str(GRADERS / "probes/kubelet.py"))
    app = model["TRACES"][trace]
    period, failures, delay = numbers
    asked = {"period": period, "failures": failures, "delay": delay}
    theirs = [
        model["Probe"](kind, where, True, **asked)
        for kind, where in (("liveness", path), ("readiness", "/readyz"))
    ]
    begins = int(app.begins)

    def answers(where, age, now):
        return model["answer"](app, where, now + begins, age, False)[0] == 200

    found = model["play"](app, theirs, 30)
    happened = list(
        kubelet.watch(
            answers,
            liveness=Probe(path, **asked),
            readiness=Probe("/readyz", **asked),
            until=int(app.ends) - begins,
        )
    )

    killed = [second + begins for second, word in happened if word.startswith("killed")]
    ready = [second + begins for second, word in happened if word == "ready"]
    assert killed == found["restarts"]
    assert ready == [since for since, _ in found["ready"]]


def test_back_off_doubles_and_is_capped():
    assert [kubelet.delay_of(number) for number in range(1, 9)] == [
        0, 10, 20, 40, 80, 160, 300, 300,
    ]  # fmt: skip


def test_ten_good_minutes_forget_the_back_off():
    good = list(kubelet.watch(lambda _path, age, _now: age < 700, liveness=Probe("/"), until=3000))

    killed = [second for second, word in good if word.startswith("killed")]
    back = [second for second, word in good if word == "restarted"]
    assert len(killed) > 2
    assert all(after - before == 1 for before, after in zip(killed, back, strict=False))


def test_without_probes_a_container_is_ready_at_once_and_for_ever():
    assert list(kubelet.watch(lambda *_: False)) == [(0, "started"), (0, "ready")]


def test_the_startup_probe_holds_the_others_back():
    asked = []

    def answers(path, age, now):
        asked.append((path, age))
        return age >= 30

    happened = list(
        kubelet.watch(
            answers, startup=Probe("/s", failures=9), liveness=Probe("/l"), readiness=Probe("/r"),
            until=60,
        )
    )  # fmt: skip

    assert happened == [(0, "started"), (30, "ready")]
    assert [path for path, age in asked if age < 30] == ["/s"] * 3
    assert "/s" not in [path for path, age in asked if age > 30]


def test_a_startup_probe_that_never_succeeds_restarts():
    happened = list(kubelet.watch(lambda *_: False, startup=Probe("/s", failures=3), until=30))

    assert happened == [(0, "started"), (20, "killed by its startup probe"), (21, "restarted")]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_only_the_path_decides_whether_a_stale_table_restarts(path):
    def answers(asked, age, now):
        return asked == "/livez" or now < 60

    happened = list(kubelet.watch(answers, liveness=Probe(path), readiness=Probe("/readyz")))

    restarts = [word for _, word in happened if word == "restarted"]
    assert bool(restarts) == (path == "/readyz")


def test_two_failures_and_a_success_are_no_failure():
    happened = list(kubelet.watch(lambda _path, age, _now: age % 30 == 0, liveness=Probe("/")))

    assert happened == [(0, "started"), (0, "ready")]


# Room


def test_a_limit_alone_is_a_request():
    assert room.with_defaults({"limits": {"memory": 9}})["requests"] == {"memory": 9}
    both = {"requests": {"memory": 4}, "limits": {"memory": 9, "cpu": 1}}
    assert room.with_defaults(both)["requests"] == {"memory": 4, "cpu": 1}


BOTH = {"cpu": 1, "memory": 2}


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ([{}], "BestEffort"),
        ([{"limits": BOTH}], "Guaranteed"),
        ([{"requests": BOTH, "limits": BOTH}], "Guaranteed"),
        ([{"requests": BOTH}], "Burstable"),
        ([{"limits": {"memory": 2}}], "Burstable"),
        ([{"limits": BOTH}, {}], "Burstable"),
    ],
)
def test_quality_of_service(containers, expected):
    assert room.quality(containers) == expected


def test_a_pod_is_placed_by_its_request():
    assert room.place(200, 6, [512, 512]) == [2, 2]
    assert room.place(200, 3, [256, 512]) == [1, 2]
    assert room.place(600, 1, [512, 512]) == [0, 0]
    assert room.place(0, 5, [512, 512]) == [3, 2]


def test_a_quota_refuses_what_it_cannot_count():
    assert room.admit(128, 384, 512).startswith("created")
    assert room.admit(129, 384, 512).startswith("403")
    assert room.admit(None, 0, 512).startswith("403")


@pytest.mark.parametrize(
    ("healthy", "replicas", "budget", "expected"),
    [
        (3, 3, {"min_available": 3}, 0),
        (3, 3, {"min_available": "90%"}, 0),
        (7, 7, {"min_available": "50%"}, 3),  # the documentation's example: four must stay
        (7, 7, {"max_unavailable": "30%"}, 3),
        (3, 3, {"max_unavailable": 1}, 1),
        (2, 3, {"max_unavailable": 1}, 0),
        (1, 1, {"max_unavailable": 1}, 1),
    ],
)
def test_a_budget_rounds_up(healthy, replicas, budget, expected):
    assert room.may_be_evicted(healthy, replicas, **budget) == expected


@pytest.mark.parametrize(
    ("replicas", "measured", "expected"),
    [(3, 30, 2), (3, 56, 3), (3, 65, 3), (3, 70, 4), (1, 200, 4)],
)
def test_the_autoscaler_rounds_up_outside_its_tolerance(replicas, measured, expected):
    assert room.autoscaled(replicas, measured, 60) == expected
