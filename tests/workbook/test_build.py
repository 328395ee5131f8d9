"""Building starts Sphinx only where something has changed; serving stays on this machine."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from workbook import build


@pytest.fixture
def root(tmp_path):
    """A course that is a page and a chapter's folder."""
    (tmp_path / "conf.py").write_text(
        "project = 'Tides'\nexclude_patterns = ['.build', 'public']\n"
    )
    (tmp_path / "index.rst").write_text("Tides\n=====\n\nTwice a day.\n")
    (tmp_path / "index.md").write_text("Tides")
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "figures.csv").write_text("1,2\n")
    return tmp_path


def test_site_is_built_once(root, capsys):
    """Nothing changed: Sphinx is not started. A file changed, added or gone: it is."""
    assert build.build(root) == 0
    assert (root / "public" / "index.html").is_file()
    assert "Building the site" in capsys.readouterr().out
    built = (root / "public" / "index.html").stat().st_mtime_ns

    assert build.build(root) == 0
    assert capsys.readouterr().out == ""
    assert (root / "public" / "index.html").stat().st_mtime_ns == built

    (root / "course" / "figures.csv").write_text("1,3\n")
    assert build.build(root) == 0
    assert "Building the site" in capsys.readouterr().out


def test_failed_build_leaves_the_old_site(root, capfd):
    """A warning is an error, and what was published stays whole."""
    (root / "public").mkdir()
    (root / "public" / "index.html").write_text("old")
    (root / "index.rst").write_text("Tides\n=\n\n`nowhere`_\n")

    assert build.build(root) != 0

    assert (root / "public" / "index.html").read_text() == "old"
    assert not (root / ".build" / "fingerprint").exists()
    assert "nowhere" in capfd.readouterr().err


def test_fingerprint_is_of_what_the_site_is_made_of(root):
    """Names, contents and what is gone count; what tools leave behind does not."""
    first = build.fingerprint(root)

    (root / "course" / "__pycache__").mkdir()
    (root / "course" / "__pycache__" / "x.pyc").touch()
    assert build.fingerprint(root) == first

    (root / "tests" / "m1_tides" / "ask").mkdir(parents=True)
    (root / "tests" / "m1_tides" / "ask" / "answers.toml").touch()
    second = build.fingerprint(root)
    (root / "course" / "figures.csv").rename(root / "course" / "numbers.csv")
    third = build.fingerprint(root)
    (root / "course" / "numbers.csv").unlink()
    assert len({first, second, third, build.fingerprint(root)}) == 4


@pytest.fixture
def serve(root, measured):
    """Start the server on a port, in a process of its own that ends with the test."""
    started = []

    def serve(port):
        command = [
            sys.executable,
            *measured,
            "-m",
            "workbook.serve",
            str(root),
            "--port",
            str(port),
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        started.append(process)
        return process

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def test_server_answers_on_this_machine_alone(serve):
    """It tells its address, answers there, and Ctrl-C ends it."""
    process = serve(0)
    address = process.stdout.readline().split()[4]
    port = int(address.rpartition(":")[2])

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/index.md") as answer:
        assert answer.read() == b"Tides"
    assert address == f"http://localhost:{port}"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port))  # another address of this machine

    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("port", "told"),
    [
        ("99999", "cannot be used"),
        ("-1", "cannot be used"),
        ("eight", "invalid int value: 'eight'"),
    ],
)
def test_bad_port_is_told(port, told, python, root):
    """A port that is none is told without a traceback, with exit code 2."""
    done = python("workbook.serve", str(root), "--port", port)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_taken_port_is_told(python, root):
    """A port of another program's is named, with what to do instead."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        done = python("workbook.serve", str(root), "--port", str(port))

    assert done.returncode == 2
    assert done.stderr == (
        f"Port {port} is taken by another program.\nChoose another: make serve PORT=8001\n"
    )
