"""The warden's desk, to try a suite against: python desk.py, or python desk.py FAULT.

The password is what the variable WARDEN_PASSWORD holds. A fault breaks one thing; see FAULTS.
"""

import os
import secrets
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

FAULTS = {
    "open_door": "whatever password lets you in",
    "empty_desk": "after the login there is a page, but it is not the Dashboard",
    "silent_sign": "the barrier goes down, and drivers are told that the road is open",
}
FORM = "<h1>Log in</h1><form method=post><input name=username><input name=password></form>"


class Desk(BaseHTTPRequestHandler):
    """Answers the warden, who has a session, and the drivers, who need none."""

    fault = password = ""
    sessions: set[str] = set()
    barrier = "up"

    def do_GET(self):
        if self.path == "/v1/crossing":
            is_open = Desk.barrier == "up" or self.fault == "silent_sign"
            self.say(200, '{"open": %s}' % str(is_open).lower(), "application/json")
        elif self.path == "/dashboard" and self.is_warden():
            name = "Something went wrong" if self.fault == "empty_desk" else "Dashboard"
            self.say(200, f"<h1>{name}</h1><p>The barrier is {Desk.barrier}.</p>")
        elif self.path == "/dashboard":
            self.say(303, "", Location="/login")
        else:
            self.say(200 if self.path == "/login" else 404, FORM)

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[-1] for name, values in parse_qs(text).items()}
        if self.path == "/login":
            self.log_in(form)
        elif self.path != "/barrier":
            self.say(404, FORM)
        elif not self.is_warden():
            self.say(401, '{"error": "who are you?"}', "application/json")
        elif form.get("barrier") not in ("up", "down"):
            self.say(400, '{"error": "up or down?"}', "application/json")
        else:
            Desk.barrier = form["barrier"]
            self.say(200, '{"barrier": "%s"}' % Desk.barrier, "application/json")

    def log_in(self, form):
        right = form.get("username") == "warden" and form.get("password") == self.password
        if not right and self.fault != "open_door":
            self.say(401, FORM)
            return
        session = secrets.token_hex()
        Desk.sessions.add(session)
        self.say(303, "", Location="/dashboard", Set_Cookie=f"session={session}")

    def is_warden(self):
        return self.headers.get("Cookie", "").removeprefix("session=") in Desk.sessions

    def say(self, status, body, kind="text/html", **headers):
        content = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Desk.fault, Desk.password = "".join(sys.argv[1:]), os.environ.get("WARDEN_PASSWORD", "")
    if not Desk.password or Desk.fault not in ("", *FAULTS):
        sys.exit(f"Set WARDEN_PASSWORD. A fault is one of {', '.join(FAULTS)}.")
    with HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8000))), Desk) as server:
        print(f"http://127.0.0.1:{server.server_port}, {FAULTS.get(Desk.fault, 'without a fault')}",
              flush=True)  # fmt: skip
        server.serve_forever()
