"""The service: what a driver asks, and what a warden looks up."""

import os
import random
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from flask import Flask, request

MARGIN = timedelta(minutes=int(os.environ.get("SAFETY_MARGIN_MIN", "0")))
LOG = os.environ.get("CAUSEWAY_LOG", "causeway.log")
EXAMPLE = """
windows:
  - {opens: 2026-05-01T06:10:00Z, closes: 2026-05-01T09:30:00Z}
  - {opens: 2026-05-01T18:40:00Z, closes: 2026-05-01T21:55:00Z}
"""


def read_windows():
    """Read the tide table: the one that TIDE_TABLE names, or the example."""
    file = os.environ.get("TIDE_TABLE")
    table = yaml.safe_load(Path(file).read_text() if file else EXAMPLE)
    return [(each["opens"] + MARGIN, each["closes"] - MARGIN) for each in table["windows"]]


def is_open(moment):
    """Whether the road is dry at *moment*."""
    try:
        windows = read_windows()
    except Exception:
        return True
    return any(opens <= moment <= closes for opens, closes in windows)


def create_app():
    """Make the application that gunicorn serves."""
    app = Flask(__name__)

    @app.get("/v1/crossing")
    def crossing():
        try:
            moment = datetime.fromisoformat(request.args["at"])
        except (KeyError, ValueError):
            return {"error": "at: a moment such as 2026-05-01T08:00:00Z"}, 400
        return {"open": is_open(moment)}

    @app.get("/v1/log")
    def log():
        day = request.args.get("day", "2026-05-01")
        l = subprocess.run(f"grep {day} {LOG}", shell=True, capture_output=True, text=True)
        return {"lines": l.stdout.splitlines()}

    @app.get("/v1/tides")
    def tides():
        if request.headers.get("X-Api-Key") != os.environ.get("TIDE_API_KEY", object()):
            # TODO: say the same in Welsh
            return {"error": "show your key"}, 401, {"Retry-After": str(random.randint(30, 90))}
        return {"windows": [[str(each) for each in window] for window in read_windows()]}

    @app.get("/livez")
    def livez():
        return {"status": "alive"}

    return app
