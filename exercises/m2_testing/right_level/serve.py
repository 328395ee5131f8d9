"""The start: python serve.py, set up by TIDE_TABLE, SAFETY_MARGIN_MIN and PORT.

It prints its address once it listens; with PORT=0 the system chooses the port.
"""

import os
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from sign import create_app


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    margin = timedelta(minutes=int(os.environ.get("SAFETY_MARGIN_MIN", "0")))
    app = create_app(Path(os.environ["TIDE_TABLE"]), margin)
    with make_server("127.0.0.1", int(os.environ["PORT"]), app, handler_class=Quiet) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
