"""What module 2 says of Robot suites: they pass where nothing is wrong, and fail where it is."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbook.course import ROOT

DESK = ROOT / "exercises/m2_testing/a_robot_test_that_can_fail/desk.py"
BARRIER = ROOT / "solutions/m2_testing/a_robot_test_that_can_fail/barrier.robot"
CAUSEWAY = ROOT / "solutions/my-devops-project"
QUIET = ["--log", "NONE", "--report", "NONE", "--output", "NONE", "--consolecolors", "off"]


# The finished Causeway, as it is or broken where the warden comes in.
SERVE = """
import sys
from werkzeug.serving import make_server
from my_devops_project import create_app, main

app, fault = create_app(), sys.argv[1]
if fault == "lets in whoever comes":
    main.same_secret = lambda *_: True
if fault == "forgets who has logged in":
    app.view_functions["warden.login"] = lambda: main.redirect("/dashboard")
if fault == "shows no Dashboard":
    app.view_functions["warden.dashboard"] = lambda: "<h1>Something went wrong</h1>"
server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""


@contextmanager
def served(command, **variables):
    """Run a server that prints its address first; gives what a suite needs to know of it."""
    known = {**os.environ, "WARDEN_PASSWORD": "made-up", "TIDE_API_KEY": "made-up", **variables}
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=known,
    ) as server:  # fmt: skip
        try:
            yield {**known, "CAUSEWAY_URL": server.stdout.readline().partition(",")[0].strip()}
        finally:
            server.send_signal(signal.SIGTERM)


def robot(suite, variables, folder):
    """Run *suite* in *folder*; gives its exit code and what it printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "robot", *QUIET, str(suite)],
        cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return ran.returncode, ran.stdout


@pytest.mark.parametrize(
    ("fault", "failed"), [("", 0), ("open_door", 1), ("empty_desk", 1), ("silent_sign", 1)]
)
def test_handed_out_desk_plays_each_fault(fault, failed, tmp_path):
    """The desk that a learner is handed has the faults that the exercise tells of."""
    with served([str(DESK), *([fault] if fault else [])], PORT="0") as variables:
        code, said = robot(BARRIER, variables, tmp_path)

    assert code == failed, said


@pytest.fixture
def chromium():
    """A browser and its driver. They may be missing on a desk, never in CI."""
    for path in ("/usr/bin/chromium", "/usr/bin/chromedriver"):
        if not Path(path).exists():
            missing = pytest.fail if os.environ.get("CI") else pytest.skip
            missing(f"{path} is not installed. `make system` installs it.")


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        ("", 0),
        ("lets in whoever comes", 1),
        # Then neither test finds what it looks for: one no Dashboard, the other no complaint.
        ("forgets who has logged in", 2),
        ("shows no Dashboard", 2),
    ],
)
def test_causeways_suite_tells_a_broken_one(fault, failed, chromium, tmp_path):
    """In a real browser the finished suite passes the finished Causeway, and no broken one."""
    source = str(CAUSEWAY / "src")
    with served(["-c", SERVE, fault], PYTHONPATH=source, SESSION_KEY="s") as variables:
        code, said = robot(CAUSEWAY / "tests/test_example.robot", variables, tmp_path)

    assert code == failed, said
