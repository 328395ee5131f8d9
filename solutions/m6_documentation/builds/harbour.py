"""The harbour's web server, on this machine: an address for each way in which a link can be wrong.

Only for the time of a lesson, and only on the loopback interface.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PORT = 8006
ANSWERS = {
    "/tides": (200, '<h1>Tides</h1><p id="today">06:10 to 09:30</p>'),
    "/moved": (301, ""),
    "/soft": (200, "<h1>We could not find that</h1>"),
}


class Harbour(BaseHTTPRequestHandler):
    """Answers what ANSWERS says, and 404 to everything else."""

    def do_GET(self) -> None:
        status, page = ANSWERS.get(self.path, (404, ""))
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/tides")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page.encode())

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing: a notebook's output is compared."""


@contextmanager
def serve() -> Iterator[None]:
    """Serve the harbour's pages on PORT as long as the context lasts."""
    with ThreadingHTTPServer(("127.0.0.1", PORT), Harbour) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
