"""Answer scanners as OSV's service does, on a port of this machine, out of a frozen set."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from solutions.m3_dependencies.advisories.osv import Record, holes


def answer(records: list[Record], query: dict[str, Any]) -> dict[str, Any]:
    """Give the records that affect the package and version that *query* asks about.

    A package that nobody ever wrote a record about gets the same empty answer as a clean one.
    """
    lock = {query["package"]["name"]: query["version"]}
    found = {hole.id for hole in holes(lock, records)}
    affecting = [record for record in records if record["id"] in found]
    return {"vulns": affecting} if affecting else {}


@contextmanager
def serve(records: list[Record], port: int = 0) -> Iterator[str]:
    """Serve *records* while the block runs; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        """`/v1/query` for one package, `/v1/querybatch` for many, `/v1/vulns/ID` for a record."""

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/v1/query":
                self.reply(answer(records, asked))
            else:
                found = [answer(records, each).get("vulns", []) for each in asked["queries"]]
                brief = [[{key: each[key] for key in ("id", "modified")} for each in some]
                         for some in found]  # fmt: skip
                self.reply({"results": [{"vulns": some} if some else {} for some in brief]})

        def do_GET(self) -> None:
            self.reply(next(each for each in records if self.path == f"/v1/vulns/{each['id']}"))

        def reply(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the scanner tells what it was told."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
