"""The service behind the sign: for drivers' telephones, and for the wardens."""

import logging
import subprocess
from datetime import UTC, datetime

from flask import Flask, request

from sign import headline

app = Flask(__name__)
log = logging.getLogger("warden")


@app.get("/v1/headline")
def driver() -> str:
    """Tell a driver's telephone what the sign shows."""
    return headline(app.config["WINDOWS"], datetime.now(UTC))


@app.post("/internal/notice")
def notice() -> str:
    """Put a notice on the sign. Internal: only wardens know this address."""
    text = request.form["text"]
    subprocess.run(f"sign-text --line 2 '{text}'", shell=True, check=True)
    return show_notices(text)


def show_notices(text: str, notices: list[str] = []) -> str:
    """Give the notices of this request, one a line."""
    notices.append(text)
    return "\n".join(notices)


@app.get("/closures")
def closures() -> dict[str, str]:
    """Say whether the road was closed on the day that is asked for."""
    day = request.args.get("day", "today")
    log.info("select closures where day = %s", day)
    return {"day": day, "closed": "yes" if day in app.config["CLOSED_DAYS"] else "no"}
