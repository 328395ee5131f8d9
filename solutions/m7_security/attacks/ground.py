"""Where the attacks take place: a desk with made-up contents, on loopback, while a block runs."""

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from solutions.m7_security.repaired import desk as repaired
from solutions.m7_security.weak import desk as weak

SECRET = "the warden keeps the spare key under the third stone"  # noqa: S105 - what attacks look for
NEW_KEY = "tide-live-made-for-this-run"
REPORTS = [
    ("north", "The sign is dirty.", True),
    ("south", "Fog until nine.", True),
    ("north", SECRET, False),
]
TABLE = "expires: 2026-05-15\nwindows:\n  - {opens: 06:10, closes: 09:30}\n"


def furnish(folder: Path) -> None:
    """Put a database, a tide table, a secret beside the tables and a key of the signs there."""
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "may.yaml").write_text(TABLE, encoding="utf-8")
    (folder / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    (folder / "key").write_text(f"{NEW_KEY}\n", encoding="utf-8")
    with sqlite3.connect(folder / "reports.db") as database:
        database.execute("CREATE TABLE reports (place, said, public)")
        database.executemany("INSERT INTO reports VALUES (?, ?, ?)", REPORTS)
    database.close()


def build(which: str, folder: Path) -> tuple[Flask, str]:
    """Build the *weak* or the *repaired* desk over *folder*; give it and the key it expects."""
    if which == "weak":
        app, key = weak.create_app(folder), weak.API_KEY
    else:
        os.environ["TIDE_API_KEY_FILE"] = str(folder / "key")
        app, key = repaired.create_app(folder), NEW_KEY
    app.logger.disabled = True  # what an exploit breaks is told by the exploit
    return app, key


@contextmanager
def serve(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve *app* on loopback while the block runs; gives the address."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
