"""The warden's desk: what drivers reported, and the tide tables. Weak on purpose: never deploy."""

import sqlite3
import subprocess
from pathlib import Path

import yaml
from flask import Flask, request
from flask.typing import ResponseReturnValue

API_KEY = "tide-live-31f09c2ab77e"
OPENS, CLOSES = 6 * 60 + 10, 9 * 60 + 30  # minutes of the day

PAGE = """<!doctype html>
<html lang="en"><title>Desk</title><h1>Desk</h1>
<form action="/search"><label>Place <input name="place"></label> <button>Search</button></form>
<p><a href="/v1/table?name=may.yaml">May</a> <a href="/v1/reports?place=north">North</a></p>
"""


def create_app(folder: Path) -> Flask:
    """Build the desk over *folder*: `reports.db`, and the tide tables in `tables`."""
    app = Flask(__name__)

    @app.get("/")
    def desk() -> ResponseReturnValue:
        return PAGE

    @app.get("/search")
    def search() -> ResponseReturnValue:
        place = request.args.get("place", "")
        return f"{PAGE}<p>Nothing is known of {place}.</p>"

    @app.get("/v1/reports")
    def reports() -> ResponseReturnValue:
        place = request.args.get("place", "")
        with sqlite3.connect(folder / "reports.db") as database:
            found = database.execute(
                f"SELECT said FROM reports WHERE public AND place = '{place}' ORDER BY said"
            )
            return {"said": [said for (said,) in found]}

    @app.get("/v1/table")
    def table() -> ResponseReturnValue:
        name = request.args.get("name", "")
        return {"table": (folder / "tables" / name).read_text(encoding="utf-8")}

    @app.post("/v1/table")
    def bring() -> ResponseReturnValue:
        if request.headers.get("X-Api-Key") != API_KEY:
            return {"error": "The key of the signs is wrong."}, 401
        brought = yaml.load(request.get_data(), Loader=yaml.Loader)
        return {"windows": len(brought["windows"])}

    @app.get("/v1/crossing")
    def crossing() -> ResponseReturnValue:
        hours, minutes = request.args["at"].split(":")
        margin = int(request.args.get("margin", 15))
        moment = int(hours) * 60 + int(minutes)
        return {"open": OPENS + margin <= moment < CLOSES - margin}

    @app.get("/v1/count")  # in no document, and nothing links to it
    def count() -> ResponseReturnValue:
        name = request.args.get("name", "")
        command = f"grep -c opens {name}"
        done = subprocess.run(
            command, shell=True, cwd=folder / "tables", capture_output=True, text=True
        )
        return {"windows": done.stdout.strip()}

    return app
