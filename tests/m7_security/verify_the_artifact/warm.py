"""In the learner's process: run verify.py over one case after the other, as the judge hands them out.

Python and what reads signatures are loaded once. Each case goes on in a fork, in a folder of its
own, and what it left there, at home or running is gone when the next one comes.
"""

import base64
import ctypes
import hashlib  # noqa: F401 - for the forks, as what follows without a use
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import tempfile
import tomllib  # noqa: F401
import traceback
from pathlib import Path
from urllib.parse import urlencode

import cryptography.exceptions
import cryptography.hazmat.primitives.asymmetric.ed25519
import cryptography.hazmat.primitives.serialization  # noqa: F401

SCRIPT, SAID = "verify.py", 4000  # bytes of what it said
LONGEST = 20  # seconds of a case
HERE, HOME = Path.cwd(), Path.home()


def ask(form):
    """Tell the judge how the last case ended, and take the next one."""
    body = urlencode(form).encode()
    line = socket.socket(socket.AF_UNIX)
    line.connect("desk.sock")
    head = f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    return json.loads(line.makefile("rb").read().partition(b"\r\n\r\n")[2])


def run(case):
    """Run verify.py over a case: how it ended, and what it said."""
    folder = HOME / "home" / "case"
    folder.mkdir(parents=True)
    os.environ |= {"HOME": str(folder.parent), "TMPDIR": str(folder.parent)}
    for name, content in case["files"].items():
        (folder / name).write_bytes(base64.b64decode(content))
    with tempfile.TemporaryFile() as out:
        child = os.fork()
        if child == 0:
            os.setsid()
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            os._exit(ended([SCRIPT, case["wheel"], "provenance.json"], folder))
        ends, _, _ = select.select([os.pidfd_open(child)], [], [], LONGEST)
        code = end(child)
        out.seek(0)
        said = out.read()[-SAID:].decode("utf-8", "replace").replace(f"{folder}/", "")
    for left in [each for place in (HERE, HOME) for each in place.iterdir() if each not in OURS]:
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    return {"code": (code if code >= 0 else 128 - code) if ends else "endless", "said": said}


def end(child):
    """End a case and all that it has started: give its exit code."""
    code = None
    while left := Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        for each in map(int, left):
            os.kill(each, signal.SIGKILL)
            status = os.waitpid(each, 0)[1]
            code = os.waitstatus_to_exitcode(status) if each == child else code
    return code


def ended(words, folder):
    """Run the script as `python WORDS` does, and give its exit code."""
    sys.argv, sys.path[0], code = words, str(folder), 0
    try:
        runpy.run_path(SCRIPT, run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException as error:
        own = error.__traceback__
        while own and own.tb_frame.f_code.co_filename != SCRIPT:
            own = own.tb_next
        traceback.print_exception(error.with_traceback(own))
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code & 0xFF


# What a case starts can neither read nor write what this process has open, and dies with it.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: also of what went its own way
OURS, form = {each for place in (HERE, HOME) for each in place.iterdir()}, {}
while case := ask(form):
    form = run(case)
