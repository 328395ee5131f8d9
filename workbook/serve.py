"""Serve the built site on this machine alone: `python -m workbook.serve FOLDER --port 8000`."""

import argparse
import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Quiet(SimpleHTTPRequestHandler):
    """Serves files; tells only what went wrong."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of requests that were answered."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        server = ThreadingHTTPServer(
            ("127.0.0.1", options.port), partial(Quiet, directory=options.folder)
        )
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        what = "is taken by another program" if taken else f"cannot be used: {error}"
        print(f"Port {options.port} {what}.\nChoose another: make serve PORT=8001", file=sys.stderr)
        return 2
    with server:
        place = f"http://localhost:{server.server_address[1]}"
        print(f"The course is on {place}  (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
