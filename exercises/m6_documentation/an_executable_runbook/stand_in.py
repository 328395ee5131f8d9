"""Stands on the path as kubectl, curl and sleep, and asks the service that never was."""

import _signal
import _socket  # what is around it takes as long to import as Python to start
import os
import sys

LARGEST = 20_000  # bytes of a file that is handed on


def text_of(name):
    """Give the text of the file *name*; None where there is none."""
    try:
        with open(0 if name == "-" else name, "rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None


def ask(program, words):
    """Give the status, what goes to both outputs, and the files that are to be written."""
    parts = [(word, word.rpartition("=")[2], word[1:], word[2:]) for word in words]
    names = {name for each in parts for name in each if name}
    files = [(name, text) for name in sorted(names) if (text := text_of(name)) is not None]
    texts = "\0".join(map("\0".join, files))
    fields = {"program": program, "words": "\0".join(words), "files": texts}
    body = "&".join(f"{key}={value.encode().hex()}" for key, value in fields.items()).encode()
    line = _socket.socket(_socket.AF_UNIX)
    line.connect(os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "desk"))
    line.sendall(b"POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    found = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")[2]
    code, *texts = (bytes.fromhex(each).decode() for each in found.decode().split("."))
    return code, *texts


def main():
    code, said, complained, *files = ask(os.path.basename(sys.argv[0]), sys.argv[1:])
    for name, text in zip(files[::2], files[1::2], strict=True):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    sys.stdout.write(said)
    sys.stdout.flush()
    sys.stderr.write(complained)
    if code == "over":
        os.kill(os.getppid(), _signal.SIGKILL)
        sys.exit(1)
    sys.exit(int(code))


if __name__ == "__main__":
    main()
