"""The wiring, asked as wsgiref asks it."""

import json
from datetime import timedelta
from wsgiref.util import setup_testing_defaults

import sign


def get(app, path, **query):
    environ = {"PATH_INFO": path, "QUERY_STRING": "&".join(f"{k}={v}" for k, v in query.items())}
    setup_testing_defaults(environ)
    statuses = []
    body = b"".join(app(environ, lambda status, headers: statuses.append(int(status[:3]))))
    return statuses[0], json.loads(body)


def test_from_the_file_to_the_answer(tmp_path):
    table = tmp_path / "t.json"
    table.write_text('[["2026-05-01T06:10+00:00", "2026-05-01T09:30+00:00"]]')

    status, answer = get(sign.create_app(table), "/v1/crossing", at="2026-05-01T09:00:00Z")
    assert (status, answer["minutes_left"]) == (200, 30)

    late = sign.create_app(table, timedelta(hours=1))
    assert get(late, "/v1/crossing", at="2026-05-01T09:00:00Z")[1]["open"] is False

    gone = sign.create_app(tmp_path / "none")
    assert get(gone, "/readyz")[0] >= 500
