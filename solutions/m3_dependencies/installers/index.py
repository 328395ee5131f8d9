"""An index of packages on this machine: what resolvers ask, answered out of a folder of wheels.

It listens on the loopback alone and on one port, so that what the tools write down is the same
on every machine.
"""

import hashlib
import os
import sys
import tomllib
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from workbook import wheels

PORT = 28731
ADDRESS = f"http://127.0.0.1:{PORT}/index/"
NOWHERE = "http://127.0.0.1:9"  # nothing listens there
PAGE = '<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head>\n'


class Server(ThreadingHTTPServer):
    """Answers on the loopback, also right after another lesson did."""

    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # An installer that has seen enough hangs up, as one does over a wrong hash.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Index:
    """The wheels in *folder*, served as an index: a page of links for each package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(handler) -> None:
                *_, name = handler.path.rstrip("/").split("/")
                file = self.folder / name
                found = file.read_bytes() if file.is_file() else self.page(name).encode()
                handler.send_response(200 if found else 404)
                kind = "application/octet-stream" if file.is_file() else "text/html"
                handler.send_header("Content-Type", kind)
                handler.send_header("Content-Length", str(len(found)))
                # A release can come at any moment of the lesson: nothing is to be remembered.
                handler.send_header("Cache-Control", "no-store")
                handler.end_headers()
                handler.wfile.write(found)

            def log_message(handler, *words: object) -> None:
                pass

        self.server = Server(("127.0.0.1", PORT), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering, and give the port back."""
        self.server.shutdown()
        self.server.server_close()

    def page(self, name: str) -> str:
        """Give the page of a package: a link to each wheel, with the hash it had when it came."""
        links = [
            f'<a href="/wheels/{wheel.name}#sha256={sha256(wheel)}">{wheel.name}</a><br>\n'
            for wheel in sorted(self.folder.glob(f"{name.replace('-', '_')}-*.whl"))
        ]
        return PAGE + "".join(links) if links else ""

    def release(self, name: str, version: str, *requires: str, module: str = "") -> Path:
        """Publish a release; under a name and version that are there, another wheel."""
        return wheels.build(self.folder, name, version, requires, module)

    def publish(self, table: Path) -> list[Path]:
        """Publish every release of *table*."""
        packages: dict[str, Any] = tomllib.loads(table.read_text(encoding="utf-8"))
        return wheels.build_all(packages, self.folder)


def stay_here(home: Path) -> None:
    """Turn every installer that is started from now on to the index of this machine alone.

    What a machine or its owner configured is forgotten, caches go to *home*, and whoever asks
    another host all the same is sent to a port where nothing listens.
    """
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "POETRY_", "VIRTUALENV_")):
            del os.environ[name]
    os.environ |= {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "NO_PROXY": "127.0.0.1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": ADDRESS,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_CACHE_DIR": "1",
        "UV_NO_CONFIG": "1",
        "UV_DEFAULT_INDEX": ADDRESS,
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "POETRY_CACHE_DIR": str(home / "poetry"),
        "POETRY_INSTALLER_PARALLEL": "false",  # what it says comes in one order
        "POETRY_KEYRING_ENABLED": "false",
        "POETRY_NO_INTERACTION": "1",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
    }


def sha256(file: Path) -> str:
    """Give the hash of a file, as locks write it."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
