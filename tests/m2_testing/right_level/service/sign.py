"""The wiring: a tide table in a file, the core, and a WSGI application in front of them."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

from windows import Window, minutes_left, shorten


def read_table(path: Path) -> list[Window]:
    """Read a table, a JSON list of pairs of times with their offsets."""
    pairs = json.loads(path.read_text(encoding="utf-8"))
    return [Window(*map(datetime.fromisoformat, pair)) for pair in pairs]


def create_app(table: Path, margin: timedelta = timedelta(0)):
    """Build the application; it reads *table* again for each question."""

    def crossing(query):
        moment = datetime.fromisoformat(query["at"][0].replace(" ", "+"))
        left = minutes_left(shorten(read_table(table), margin), moment)
        return "200 OK", {"open": left is not None, "minutes_left": left}

    def ready(query):
        read_table(table)
        return "200 OK", {"status": "ready"}

    routes = {"/v1/crossing": crossing, "/readyz": ready}

    def application(environ, start_response):
        route = routes.get(environ["PATH_INFO"])
        status, answer = "404 Not Found", {"error": "no such route"}
        if route:
            try:
                status, answer = route(parse_qs(environ.get("QUERY_STRING", "")))
            except (OSError, ValueError, KeyError) as error:
                status, answer = "503 Service Unavailable", {"error": type(error).__name__}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    return application
