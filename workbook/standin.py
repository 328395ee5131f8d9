"""A server of the judge's own, for what a learner wrote to meet behind its wall.

It answers in the judge's process, so what it saw and which secrets it gave out is known there
alone. A socket in the folder of one run is the only way to it: a relay beside the learner's process
brings that to a port of its own. What comes through is bytes of a stranger: bounded, never run.
"""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from workbook.submission import Ran, Submission

WAITS = 20  # seconds for the rest of a request
BODY = 64 << 10  # bytes of a request's body
AT_ONCE, ALTOGETHER = 64, 2000  # connections
SOCKET, RELAY = "standin.sock", "standin_relay.py"

# In the learner's process. {url} in what follows stands for the port's address.
RELAYS = """
import json, os, socket, subprocess, sys, threading

SOCKET, GIVEN = {words}

def copy(source, sink):
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            end.close()

def relay(near):
    far = socket.socket(socket.AF_UNIX)
    far.connect(SOCKET)
    for pair in ((near, far), (far, near)):
        threading.Thread(target=copy, args=pair, daemon=True).start()

def serve(listener):
    while True:
        relay(listener.accept()[0])

listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
url = f"http://127.0.0.1:{listener.getsockname()[1]}"
command, variables, seconds = json.loads(GIVEN)
fill = lambda text: text.replace("{url}", url)
given = {name: fill(value) for name, value in variables.items()}
try:
    done = subprocess.run([sys.executable, "-I", "-m", *map(fill, command)],
                          env={**os.environ, **given}, timeout=seconds, stdin=subprocess.DEVNULL)
except subprocess.TimeoutExpired:
    sys.exit(124)
sys.exit(done.returncode if done.returncode >= 0 else 128 - done.returncode)
"""


@dataclass(frozen=True)
class Asks:
    """A request as it came; *form* is its body read as one, whatever kind it calls itself."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]


@dataclass(frozen=True)
class Answers:
    """A response: what it holds, its status, and what its headers say beside that."""

    body: str
    status: int = 200
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()


# Answers one request after the other, each wholly, and keeps in mind what it wants to.
Application = Callable[[Asks], Answers]


@dataclass(frozen=True)
class Met:
    """How a run ended: what it gave back, and the folder in which it left its files."""

    ran: Ran
    files: Submission


@contextmanager
def meet(
    application: Application,
    submission: Submission,
    command: list[str],
    variables: Mapping[str, str],
    seconds: int,
) -> Iterator[Met]:
    """Run `python -m COMMAND` over a copy of the files, with *application* to be reached at {url}.

    The copy stands apart from every other run: nothing is handed on from one to the next. {url} is
    filled in where it stands in *command* and in the *variables* of its environment. A run that
    takes longer than *seconds* ends with 124.
    """
    with submission.apart() as alone:
        words = repr((SOCKET, json.dumps([command, dict(variables), seconds])))
        (alone.path / RELAY).write_text(RELAYS.replace("{words}", words), encoding="utf-8")
        with serving(application, alone.path / SOCKET):
            ran = alone.run("python", RELAY)
        yield Met(ran, alone)


@contextmanager
def serving(application: Application, socket: Path) -> Iterator[None]:
    """Let *application* answer at *socket*."""
    with Server(str(socket), application) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Takes so many connections and no more; a stranger may open as many as there are."""

    daemon_threads = True
    block_on_close = False  # a connection that somebody holds open holds nobody up
    request_queue_size = AT_ONCE

    def __init__(self, address: str, application: Application) -> None:
        self.application = application
        self.turn = threading.Lock()
        self.free, self.left = threading.Semaphore(AT_ONCE), ALTOGETHER
        super().__init__(address, Handler)

    def verify_request(self, *_: object) -> bool:
        self.left -= 1
        return self.left >= 0 and self.free.acquire(blocking=False)

    def process_request_thread(self, request: object, address: object) -> None:
        try:
            super().process_request_thread(request, address)  # type: ignore[arg-type]  # as given
        finally:
            self.free.release()

    def handle_error(self, *_: object) -> None:
        """Say nothing: what a stranger sends is no fault of the judge's."""


class Handler(BaseHTTPRequestHandler):
    """Reads one request, and asks the application."""

    timeout = WAITS
    server: Server

    def do_GET(self) -> None:
        self.reply({})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or len(length) > 9 or int(length) > BODY:
            self.send_error(413)
            return
        self.reply(fields(self.rfile.read(int(length)).decode("utf-8", "replace")))

    def reply(self, form: Mapping[str, str]) -> None:
        parts = urlsplit(self.path)
        pairs = [each.strip().partition("=") for each in self.headers.get("Cookie", "").split(";")]
        cookies = {name: value for name, _, value in pairs}
        asks = Asks(self.command, parts.path, fields(parts.query), form, cookies)
        with self.server.turn:
            answers = self.server.application(asks)
        body = answers.body.encode()
        self.send_response(answers.status)
        for name, value in (*answers.headers, ("Content-Type", f"{answers.kind}; charset=utf-8")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the application knows what was asked."""


def fields(text: str) -> dict[str, str]:
    """Read a form's fields; too many are none."""
    with suppress(ValueError):
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
    return {}
