"""Serve the finished Causeway while somebody reads: `python serving.py [--late] [--open-door]`.

It prints its address, and ends when its standard input does: with the notebook that started it.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from my_devops_project import create_app, main  # type: ignore[import-not-found]  # on PYTHONPATH
from werkzeug.serving import make_server

# Puts a page's content there two and a half seconds after the page.
LATE = """<script>
const content = document.querySelector("main");
content.remove();
setTimeout(() => document.body.append(content), 2500);
</script>"""


def late(app: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """Let every page of *app* show its content late, as a page made by scripts does."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        told: list[Any] = []
        body = b"".join(app(environ, lambda *given: told.extend(given)))
        status, headers = told[0], [pair for pair in told[1] if pair[0] != "Content-Length"]
        start_response(status, headers)
        return [body.replace(b"</html>", LATE.encode() + b"</html>")]

    return application


if __name__ == "__main__":
    if "--open-door" in sys.argv:
        main.same_secret = lambda *_: True
    os.environ.setdefault("TIDE_API_KEY", "made-up")  # the warden needs none, but it starts with it
    os.environ["SESSION_COOKIE_SECURE"] = "0"  # over plain HTTP no client but a browser sends one
    app = create_app()
    if "--late" in sys.argv:
        app.wsgi_app = late(app.wsgi_app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
