"""Causeway over HTTP: the sign's questions and the warden's desk."""

import hmac
import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from my_devops_project.settings import Settings, read_settings
from my_devops_project.tides import TableError, TideTable, read_table
from my_devops_project.windows import Window, minutes_left, next_window, shorten

Clock = Callable[[], datetime]
LARGEST = 10_000  # bytes of a request's body: a name and a password are all that anybody sends


def create_app(clock: Clock | None = None, settings: Settings | None = None) -> Flask:
    """Build the application; *clock* answers an aware time in UTC.

    Raises ValueError when the environment holds a setting that makes no sense.
    """
    clock = clock or (lambda: datetime.now(UTC))
    settings = settings or read_settings(os.environ)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.session_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST,
    )
    app.register_blueprint(health_routes(clock, settings))
    app.register_blueprint(sign_routes(clock, settings))
    app.register_blueprint(warden_routes(clock, settings))
    app.register_error_handler(HTTPException, say)
    app.register_error_handler(TableError, lambda error: ({"error": str(error)}, 503))
    return app


def health_routes(clock: Clock, settings: Settings) -> Blueprint:
    """Answer whoever runs the service: is it alive, may it be asked?"""
    routes = Blueprint("health", __name__)

    @routes.get("/livez")
    def livez() -> ResponseReturnValue:
        return {"status": "alive"}

    @routes.get("/readyz")
    def readyz() -> ResponseReturnValue:
        read_table(settings.table).require(clock())
        return {"status": "ready"}

    return routes


def sign_routes(clock: Clock, settings: Settings) -> Blueprint:
    """Answer drivers and the road's signs."""
    routes = Blueprint("sign", __name__, url_prefix="/v1")

    @routes.get("/crossing")
    def crossing() -> ResponseReturnValue:
        text = request.args.get("at")
        moment = clock() if text is None else parse_moment(text)
        table = read_table(settings.table)
        table.require(moment)
        windows = shorten(table.windows, settings.margin)
        left = minutes_left(windows, moment)
        window = next_window(windows, moment)
        return {
            "at": moment.isoformat(),
            "open": left is not None,
            "minutes_left": left,
            "window": as_json(window) if window else None,
        }

    @routes.get("/tides")
    def tides() -> ResponseReturnValue:
        if not same_secret(request.headers.get("X-Api-Key", ""), settings.tide_api_key):
            abort(401, "The tide table is for signs that show their key in X-Api-Key.")
        table = read_table(settings.table)
        return {
            "expires": table.expires.isoformat(),
            "windows": [as_json(window) for window in table.windows],
        }

    return routes


def warden_routes(clock: Clock, settings: Settings) -> Blueprint:
    """Let the warden in, and show what the signs are told."""
    routes = Blueprint("warden", __name__)

    @routes.get("/login")
    def login_form() -> ResponseReturnValue:
        return render_template("login.html")

    @routes.post("/login")
    def login() -> ResponseReturnValue:
        password = request.form.get("password", "")
        if request.form.get("username") != "warden" or not same_secret(
            password, settings.warden_password
        ):
            return render_template("login.html", failed=True), 401
        session["warden"] = True
        return redirect(url_for("warden.dashboard"))

    @routes.get("/dashboard")
    def dashboard() -> ResponseReturnValue:
        if "warden" not in session:
            return redirect(url_for("warden.login_form"))
        now = clock()
        day = request.args.get("day", f"{now:%Y-%m-%d}")
        table, problem = look_up(settings, now)
        windows = [w for w in table.windows if f"{w.opens:%Y-%m-%d}" == day] if table else []
        counted = subprocess.run(f"grep -c {day} {settings.table}", shell=True, check=False)  # nosec
        problem = problem or ("" if counted.returncode == 0 else "No window is known.")
        return render_template("dashboard.html", day=day, windows=windows, problem=problem)

    return routes


def look_up(settings: Settings, now: datetime) -> tuple[TideTable | None, str]:
    """Read the table and what is wrong with it: the warden sees an old one with a warning."""
    table = None
    try:
        table = read_table(settings.table)
        table.require(now)
    except TableError as error:
        return table, str(error)
    return table, ""


def parse_moment(text: str) -> datetime:
    """Read a time in ISO 8601 with its offset; anything else is the caller's mistake: 400."""
    try:
        # A plus that nobody encoded arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    abort(400, f"{text!r} is no time with an offset, as in 2026-05-01T08:00:00+01:00.")


def same_secret(shown: str, expected: str) -> bool:
    """Compare in constant time; a secret that was never set matches nothing."""
    return bool(expected) and hmac.compare_digest(shown.encode(), expected.encode())


def as_json(window: Window) -> dict[str, str]:
    """Show a window with its times in ISO 8601."""
    return {"opens": window.opens.isoformat(), "closes": window.closes.isoformat()}


def say(error: HTTPException) -> Response:
    """Answer an error in JSON, with the headers that belong to it."""
    response = error.get_response()
    response.set_data(json.dumps({"error": error.description}))
    response.content_type = "application/json"
    return response
