"""The Causeway service."""

import os
import subprocess
from datetime import UTC, datetime, timedelta

from flask import Flask, redirect, request, session
from flask.typing import ResponseReturnValue

from .tides import TABLE, NoTable, read_table
from .windows import Window, minutes_left, next_window, shorten, windows_of_day

# TODO move to the settings before we go live
API_KEY = "tide-live-0000-not-a-real-key"
MARGIN = int(os.environ.get("SAFETY_MARGIN_MIN", "0"))

LOGIN = """<!doctype html>
<html lang="en">
<title>Causeway: log in</title>
<h1>Log in</h1>
<p>%s</p>
<form method="post">
<label for="username">Name</label> <input id="username" name="username">
<label for="password">Password</label> <input id="password" name="password" type="password">
<button id="login" name="login">Log in</button>
</form>
</html>"""


def parse(at: str | None) -> datetime:
    """Read the time asked about; now, when none is given."""
    if not at:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(at.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)


def times(window: Window) -> dict[str, str]:
    """Show a window."""
    return {"opens": window.opens.isoformat(), "closes": window.closes.isoformat()}


def crossing_at(at: str | None) -> ResponseReturnValue:
    """Answer whether the road is open."""
    try:
        moment = parse(at)
    except ValueError:
        return {"error": f"bad time: {at}"}, 400
    expires, windows = read_table()
    if moment >= expires:
        return {"error": f"the tide table expired at {expires}"}, 503
    today = windows_of_day(shorten(windows, timedelta(minutes=MARGIN)), moment.date())
    left = minutes_left(today, moment)
    window = next_window(today, moment)
    return {
        "at": moment.isoformat(),
        "open": left is not None,
        "minutes_left": left,
        "window": times(window) if window else None,
    }


def create_app() -> Flask:
    """Build the application."""
    app = Flask(__name__)
    app.secret_key = "causeway"

    @app.errorhandler(NoTable)
    def no_table(error: NoTable) -> ResponseReturnValue:
        return {"error": str(error)}, 503

    @app.route("/livez")
    def livez() -> ResponseReturnValue:
        return {"status": "alive"}

    @app.route("/readyz")
    def readyz() -> ResponseReturnValue:
        expires, _ = read_table()
        if datetime.now(UTC) >= expires:
            return {"error": "the tide table is expired"}, 503
        return {"status": "ready"}

    @app.route("/v1/crossing")
    def crossing() -> ResponseReturnValue:
        return crossing_at(request.args.get("at"))

    @app.route("/v1/tides")
    def tides() -> ResponseReturnValue:
        if request.headers.get("X-Api-Key") != API_KEY:
            return {"error": "the tide table is for signs that show their key in X-Api-Key"}, 401
        expires, windows = read_table()
        return {"expires": expires.isoformat(), "windows": [times(w) for w in windows]}

    @app.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        if request.method == "POST":
            if request.form["username"] == "warden" and request.form["password"] == "lowtide":
                session["warden"] = True
                return redirect("/dashboard")
            return LOGIN % "Name or password is wrong.", 401
        return LOGIN % ""

    @app.route("/dashboard")
    def dashboard() -> ResponseReturnValue:
        if not session.get("warden"):
            return redirect("/login")
        day = request.args.get("day", datetime.now(UTC).strftime("%Y-%m-%d"))
        # quicker than reading the whole table
        found = subprocess.run(
            f"grep 'opens: {day}' {TABLE}", shell=True, check=False, capture_output=True, text=True
        )
        return f'''<!doctype html>
<html lang="en">
<title>Causeway: Dashboard</title>
<h1>Dashboard</h1>
<form><label for="day">Day</label> <input id="day" name="day" value="{day}">
<button>Show</button></form>
<pre>{found.stdout}</pre>
</html>'''

    return app
