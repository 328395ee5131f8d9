"""Read settings in the learner's process, and collect all that a stranger could come to read."""

import contextlib
import io
import logging
import tempfile
import traceback
from pathlib import Path

from settings import read_settings

FILE = Path(tempfile.gettempdir(), "key")


def environment(names, content):
    """Give an environment; FILE stands for a file's name, which has *content* or is not there."""
    FILE.unlink(missing_ok=True)
    if content is not None:
        FILE.write_text(content)
    given = {"PATH": "/usr/bin", "SAFETY_MARGIN_MIN": "15", **names}
    return {name: value.replace("FILE", str(FILE)) for name, value in given.items()}


def answers(names, content, shown):
    """Say what `accepts` makes of each of *shown*; or what kind of error there is no key with."""
    try:
        settings = read_settings(environment(names, content))
    except ValueError:
        return "ValueError"
    except Exception as error:
        return type(error).__name__
    found = []
    for each in shown:
        try:
            found.append(settings.accepts(each))
        except Exception as error:
            found.append(type(error).__name__)
    return found


def traces(names, content):
    """Give all that was printed, logged or told while settings were read and shown."""
    stream = io.StringIO()
    logging.basicConfig(stream=stream, level=logging.DEBUG, force=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        try:
            settings = read_settings(environment(names, content))
            logging.warning("starting with %s, %r", settings, settings)
            stream.write(f"{settings} {settings!r} {[settings]}")
            raise RuntimeError(settings)
        except Exception:
            stream.write(traceback.format_exc())
    return stream.getvalue()[:50000]
