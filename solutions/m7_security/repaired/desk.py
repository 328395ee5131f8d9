"""The warden's desk: what drivers reported, and the tide tables."""

import hmac
import json
import os
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from markupsafe import escape
from werkzeug.exceptions import HTTPException

OPENS, CLOSES = 6 * 60 + 10, 9 * 60 + 30  # minutes of the day
MARGIN = 15  # minutes; a question may ask for more, never for less
LARGEST = 100_000  # bytes of a table that is brought

PAGE = """<!doctype html>
<html lang="en"><title>Desk</title><h1>Desk</h1>
<form action="/search"><label>Place <input name="place"></label> <button>Search</button></form>
<p><a href="/v1/table?name=may.yaml">May</a> <a href="/v1/reports?place=north">North</a></p>
"""


def create_app(folder: Path) -> Flask:
    """Build the desk over *folder*: `reports.db`, and the tide tables in `tables`."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.register_error_handler(HTTPException, say)
    key = read_key(os.environ)
    tables = folder / "tables"

    @app.get("/")
    def desk() -> ResponseReturnValue:
        return PAGE

    @app.get("/search")
    def search() -> ResponseReturnValue:
        place = asked("place", ".*")
        return f"{PAGE}<p>Nothing is known of {escape(place)}.</p>"

    @app.get("/v1/reports")
    def reports() -> ResponseReturnValue:
        place = asked("place", "[a-z ]{1,40}")
        with sqlite3.connect(folder / "reports.db") as database:
            found = database.execute(
                "SELECT said FROM reports WHERE public AND place = ? ORDER BY said", [place]
            )
            return {"said": [said for (said,) in found]}

    @app.get("/v1/table")
    def table() -> ResponseReturnValue:
        return {"table": find(tables, asked("name", "[a-z]{1,40}[.]yaml")).read_text("utf-8")}

    @app.post("/v1/table")
    def bring() -> ResponseReturnValue:
        shown = request.headers.get("X-Api-Key", "")
        if not (key and hmac.compare_digest(shown.encode(), key.encode())):
            abort(401, "The key of the signs is wrong.")
        try:
            brought = yaml.safe_load(request.get_data())
        except (yaml.YAMLError, UnicodeDecodeError, ValueError):
            abort(400, "This is no table in YAML.")
        return {"windows": len(windows_of(brought))}

    @app.get("/v1/crossing")
    def crossing() -> ResponseReturnValue:
        hours, minutes = asked("at", "([01][0-9]|2[0-3]):[0-5][0-9]").split(":")
        margin = int(asked("margin", "[0-9]{1,3}", default=str(MARGIN)))
        if not MARGIN <= margin <= 120:
            abort(400, f"The margin is {margin}; expected {MARGIN} to 120 minutes.")
        moment = int(hours) * 60 + int(minutes)
        return {"open": OPENS + margin <= moment < CLOSES - margin}

    @app.get("/v1/count")
    def count() -> ResponseReturnValue:
        text = find(tables, asked("name", "[a-z]{1,40}[.]yaml")).read_text("utf-8")
        return {"windows": str(sum("opens" in line for line in text.splitlines()))}

    return app


def say(error: HTTPException) -> ResponseReturnValue:
    """Answer an error in JSON, with the headers that belong to it."""
    response = error.get_response()
    response.data = json.dumps({"error": error.description})
    response.content_type = "application/json"
    return response


def asked(name: str, form: str, default: str | None = None) -> str:
    """Give the parameter *name*, given once and of the *form* expected, or answer 400."""
    given = request.args.getlist(name) or ([default] if default is not None else [])
    if len(given) != 1 or not re.fullmatch(form, given[0], re.ASCII | re.DOTALL):
        abort(400, f"{name} is to be given once, in the form {form}.")
    return given[0]


def find(tables: Path, name: str) -> Path:
    """Find a table by its *name*, wherever links lead: inside of *tables*, or 404."""
    path = (tables / name).resolve()
    if not (path.is_relative_to(tables.resolve()) and path.is_file()):
        abort(404, "There is no such table.")
    return path


def windows_of(brought: Any) -> list[Any]:
    """Give the windows of a table that somebody brought, or answer 400."""
    windows = brought.get("windows") if isinstance(brought, dict) else None
    if not (isinstance(windows, list) and all(isinstance(each, dict) for each in windows)):
        abort(400, "A table has a list of windows, each with its times.")
    return windows


def read_key(environ: Mapping[str, str]) -> str:
    """Read the signs' key from the file that TIDE_API_KEY_FILE names; without one, no key fits."""
    file = environ.get("TIDE_API_KEY_FILE")
    return Path(file).read_text("utf-8").strip() if file else ""
