"""Stands on the path as kubectl, sleep, date and timeout, and asks the cluster at $CLUSTER.

As `job` it runs a command the way a runner does: as a group of its own, that can be ended whole.
"""

import _signal
import _socket  # what is around it takes as long to import as Python to start
import os
import resource
import sys
import time

ENDED = 128 + _signal.SIGTERM  # the status of a job that somebody ended
COMPUTES = 5  # seconds
LONGEST = 60  # seconds of a clock that does not jump
HERE = os.path.dirname(os.path.abspath(sys.argv[0]))


def ask(program, words, text=None):
    """Give the status, and what goes to both outputs."""
    fields = {"program": program, "words": "\0".join(words)}
    known = {"until": "UNTIL", "job": "CI_JOB_NAME", "environment": "CI_ENVIRONMENT_NAME"}
    fields |= {key: os.environ.get(name, "") for key, name in known.items()}
    fields |= {} if text is None else {"text": text}
    while True:
        body = "&".join(f"{key}={value.encode().hex()}" for key, value in fields.items()).encode()
        line = _socket.socket(_socket.AF_UNIX)
        line.connect(os.environ["CLUSTER"])
        line.sendall(b"POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        found = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")[2]  # noqa: B023
        line.close()
        status, length, file, text = found.split(b" ", 3)
        said, complained = text[: int(length)].decode(), text[int(length) :].decode()
        if file != b"-":
            with open(bytes.fromhex(file.decode()), "w", encoding="utf-8") as written:
                written.write(said)
            said = ""
        if status != b"waits":
            return status.decode(), said, complained
        fields["again"] = "yes"
        time.sleep(0.05)


def named_file(words):
    """Read what -f names; None where there is no such file."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in ("-f", "--filename"):
            path = value if equals else "".join(words[number + 1 : number + 2])
        elif word.startswith("-f"):
            path = word[2:]
        else:
            continue
        try:
            if path == "-":
                return sys.stdin.read()
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, ValueError):
            return None
    return None


def job(words):
    """Run a command, and end with its status."""
    os.environ |= {"PATH": f"{HERE}:{os.environ['PATH']}", "CLUSTER": f"{HERE}/cluster"}
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (COMPUTES, COMPUTES))
        os.setpgid(0, 0)
        os.environ["JOB"] = str(os.getpid())
        os.execvp(words[0], words)
    _signal.signal(_signal.SIGALRM, lambda *_: os.killpg(child, _signal.SIGKILL))
    _signal.alarm(LONGEST)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        ask("job", [])
    return code if 0 <= code < 128 else ENDED


def timeout(words):
    """Run a command until the clock of the cluster says so."""
    while words and words[0].startswith("-"):
        del words[: 2 if words[0] in ("-k", "-s") else 1]
    status, until, _ = ask("timeout", words[:1])
    if status != "0" or len(words) < 2:
        return 125
    child = os.fork()
    if child == 0:
        os.environ |= {"UNTIL": until, "TIMED": str(os.getpid())}
        os.execvp(words[1], words[1:])
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 124 if code == -_signal.SIGTERM else code


def main():
    program, words = os.path.basename(sys.argv[0]), sys.argv[1:]
    if program in ("job", "timeout"):
        code = {"job": job, "timeout": timeout}[program](words)
        sys.exit(code if code >= 0 else 128 - code)
    status, said, complained = ask(program, words, named_file(words))
    sys.stdout.write(said)
    sys.stdout.flush()
    sys.stderr.write(complained)
    if status == "late":
        os.kill(int(os.environ["TIMED"]), _signal.SIGTERM)
    if status == "over":
        os.killpg(int(os.environ["JOB"]), _signal.SIGKILL)
    sys.exit(int(status) if status.isdecimal() else 143)


if __name__ == "__main__":
    main()
