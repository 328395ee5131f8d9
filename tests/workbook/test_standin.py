"""A stand-in answers what a learner wrote, from the judge's own process, and bounds it."""

import socket

import pytest

from workbook import standin
from workbook.process import Done
from workbook.submission import Submission

# What runs there is `python -I -m …`: every interpreter has this one, and it takes lines.
ASK = ["timeit", "-n1", "-r1", "-s", "import os, urllib.request as r, sys"]


@pytest.fixture
def submission(tmp_path):
    (tmp_path / "submission").mkdir()
    return Submission(tmp_path / "submission", ())


def ask(*lines):
    """Give the command that runs *lines* once."""
    return [*ASK, "\n".join(lines)]


def hello(asks):
    return standin.Answers(f"{asks.method} {asks.path} {dict(asks.form)} {dict(asks.cookies)}")


def test_what_was_asked_is_known_to_the_judge_alone(submission):
    seen = []

    def application(asks):
        seen.append(asks)
        return standin.Answers("wet", 418, headers=(("X-Tide", "high"),))

    lines = [
        "q = r.Request(os.environ['URL'] + '/road?at=noon', b'a=1&b=&a=2', {'Cookie': 's=t; u=v'})",
        "try: r.urlopen(q)",
        "except Exception as e: print(e.code, e.headers['X-Tide'], e.read())",
    ]
    with standin.meet(application, submission, ask(*lines), {"URL": "{url}"}, 20) as met:
        assert "418 high b'wet'" in met.ran.stdout

    [asks] = seen
    assert (asks.method, asks.path, asks.query) == ("POST", "/road", {"at": "noon"})
    assert (asks.form, asks.cookies) == ({"a": "2", "b": ""}, {"s": "t", "u": "v"})


def test_a_run_finds_nothing_of_the_one_before(submission):
    lines = [
        "notes = ['note', '../note']",
        "print([os.path.exists(each) for each in notes])",
        "for each in notes: open(each, 'w').close()",
    ]

    for _ in range(2):
        with standin.meet(hello, submission, ask(*lines), {}, 20) as met:
            assert "[False, False]" in met.ran.stdout


def test_a_run_that_does_not_end_is_ended(submission):
    with standin.meet(hello, submission, ask("import time; time.sleep(60)"), {}, 1) as met:
        assert met.ran.returncode == 124


def test_what_is_no_request_harms_nobody(tmp_path):
    path = tmp_path / "s"
    strange = [
        b"\0\xff\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n" + b"&&&&&",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET //[ HTTP/1.1\r\n\r\n",
    ]

    with standin.serving(hello, path):
        for words in strange:
            talk(path, words)
        assert b"200 OK" in talk(path, b"GET /road HTTP/1.1\r\n\r\n")


def test_connections_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(standin, "ALTOGETHER", 3)

    with standin.serving(hello, tmp_path / "s"):
        answers = [talk(tmp_path / "s", b"GET / HTTP/1.1\r\n\r\n") for _ in range(5)]

    assert [bool(each) for each in answers] == [True, True, True, False, False]


def test_connections_that_wait_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(standin, "AT_ONCE", 2)

    with standin.serving(hello, tmp_path / "s"):
        idle = [connect(tmp_path / "s") for _ in range(2)]
        refused = talk(tmp_path / "s", b"GET / HTTP/1.1\r\n\r\n")
        for each in idle:
            each.close()

    assert refused == b""


def test_another_process_runs_it_where_there_is_one(submission):
    asked = []

    def process(command, text, cpu, wall, folder):
        asked.append((command, folder))
        return Done(0, "", "")

    given = Submission(submission.path, (), process)
    with standin.meet(hello, given, ["robot"], {}, 5) as met:
        assert asked == [(["run", "python", standin.RELAY], met.files.path)]
        assert met.files.path != submission.path


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(str(path))
    return client


def talk(path, words):
    """Send *words*, and give all that comes back."""
    with connect(path) as client:
        try:
            client.sendall(words)
            found = b""
            while part := client.recv(65536):
                found += part
        except ConnectionError:
            return b""
        return found
