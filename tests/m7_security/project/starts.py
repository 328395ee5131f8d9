"""In the learner's process: start Causeway in many ways, and listen to all that it says."""

import gc
import logging
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, "src")
FOLDER = Path(tempfile.mkdtemp())
SECRETS = ("TIDE_API_KEY", "WARDEN_PASSWORD", "SESSION_KEY")
NOW = datetime.now(UTC)
OPENS, CLOSES, EXPIRES = (f"{NOW + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ}" for h in (-1, 1, 2))


def fresh(given):
    """Start it anew with *given*; a value in a tuple is put into a file, None is no file."""
    for name in [name for each in SECRETS for name in (each, f"{each}_FILE")]:
        os.environ.pop(name, None)
    table = FOLDER / "tides.yaml"
    table.write_text(f"expires: {EXPIRES}\nwindows:\n  - {{opens: {OPENS}, closes: {CLOSES}}}\n")
    os.environ["TIDE_TABLE"] = str(table)
    for name, value in given.items():
        if isinstance(value, (tuple, list)) or value is None:
            file = FOLDER / name
            file.unlink(missing_ok=True)
            if value is not None:
                file.write_text(value[0], encoding="utf-8")
            value = str(file)
        os.environ[name] = value
    # A setting may be read when a module is imported.
    for module in [each for each in sys.modules if each.partition(".")[0] == "my_devops_project"]:
        del sys.modules[module]
    from my_devops_project.main import create_app

    return create_app()


def refusal(given):
    """Give what it says when it does not start; None where it does."""
    said, error = heard(lambda: fresh(given))
    return f"{said}\n{error}"[:4000] if error else None


def opens(given, keys, passwords):
    """Say which keys open the table and which passwords the desk; or what kept it from that."""
    try:
        app = fresh(given)
    except (Exception, SystemExit) as error:
        return type(error).__name__
    client = app.test_client()
    codes = [client.get("/v1/tides", headers={"X-Api-Key": key}).status_code for key in keys]
    return [code == 200 for code in codes], [enters(app, each) for each in passwords]


def enters(app, password):
    client = app.test_client()
    client.post("/login", data={"username": "warden", "password": password})
    return "Dashboard" in client.get("/dashboard").text


def remembered(first, others, password):
    """Log in where it was started as *first*; say which of the *others* know that session."""
    try:
        client = fresh(first).test_client()
        answer = client.post("/login", data={"username": "warden", "password": password})
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return ["Dashboard" in fresh(each).test_client(use_cookies=False).get("/dashboard", headers={
            "Cookie": cookie}).text for each in others]  # fmt: skip
    except (Exception, SystemExit) as error:
        return type(error).__name__


def traces(given, password, key):
    """Give all that was printed, logged, shown and answered while it started and was asked."""
    shown = []

    def session():
        app = fresh(given)
        logging.getLogger().setLevel(logging.DEBUG)
        app.view_functions[next(
            rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/livez"
        )] = lambda: 1 // 0  # fmt: skip
        client = app.test_client()
        for method, path, more in (
            ("get", "/readyz", {}), ("get", "/livez", {}), ("get", "/nowhere", {}),
            ("delete", "/login", {}), ("get", "/login", {}), ("get", "/v1/crossing?at=eight", {}),
            ("get", "/v1/tides", {"headers": {"X-Api-Key": "wrong"}}),
            ("get", "/v1/tides", {"headers": {"X-Api-Key": key}}),
            ("post", "/login", {"data": {"username": "warden", "password": "wrong"}}),
            ("post", "/login", {"data": {"username": "warden", "password": password}}),
            ("get", "/dashboard", {}),
        ):  # fmt: skip
            answer = getattr(client, method)(path, **more)
            shown.append(f"{path} {answer.headers} {answer.text}")
        os.environ["TIDE_TABLE"] = str(FOLDER)  # read at the start, or at each request
        Path(FOLDER, "tides.yaml").unlink()
        shown.extend(client.get(path).text for path in ("/readyz", "/v1/crossing", "/dashboard"))
        for each in gc.get_objects():
            if type(each).__module__.partition(".")[0] == "my_devops_project":
                shown.append(repr(each) if isinstance(each, str) else f"{each!r} {each}")

    said, error = heard(session)
    return "\n".join([said, error, *shown])[:200_000]


def everything():
    """Answer all that the judge asks, whose names stand below."""
    password, key = PASSWORDS[0], KEYS[0]
    return {
        "refused": {name: refusal(given) for name, given in REFUSED.items()},
        "opened": {name: opens(given, KEYS, PASSWORDS) for name, given in OPENED.items()},
        "sessions": remembered(*SESSIONS, password),
        "traces": {name: traces(given, password, key) for name, given in TOLD.items()},
    }


def heard(act):
    """Give all that is written to the standard streams, and the traceback of what is raised."""
    kept = [os.dup(each) for each in (1, 2)]
    with tempfile.TemporaryFile() as file:
        for each in (1, 2):
            os.dup2(file.fileno(), each)
        try:
            logging.basicConfig(level=logging.DEBUG, force=True)
            act()
            error = ""
        except (Exception, SystemExit):
            error = traceback.format_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for each, old in zip((1, 2), kept, strict=True):
                os.dup2(old, each)
                os.close(old)
        file.seek(0)
        return file.read(100_000).decode("utf-8", "replace"), error
