"""In the learner's process: build one tree after the other, as the judge hands them out.

Sphinx takes a second to load and a tenth of one to build so little. So it is loaded once, and each
call of sphinx-build, or of python -m sphinx, goes on in a fork of that process: as fresh as a new
one, since nothing was done before but to import modules, and to read some of the library's. It
neither collects garbage nor takes down what it loaded: that is half of what such a build costs.
"""

import atexit
import contextlib
import functools
import gc
import http.server
import importlib
import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from urllib.parse import urlencode

HERE = Path.cwd()
LONGEST = 40  # seconds of a build
SAID = 12_000  # bytes of what it said
LINE = 1 << 20  # bytes that are read at once
KEPT = {}  # the code of templates
MODULES = """
sphinx.cmd.make_mode sphinx.domains.std sphinx.ext.autodoc sphinx.ext.coverage sphinx.ext.doctest
sphinx.ext.intersphinx sphinx.ext.napoleon sphinx.ext.viewcode sphinx.search.en
sphinx.writers.html5 docutils.languages.en docutils.parsers.rst docutils.parsers.rst.languages.en
docutils.parsers.rst.directives.admonitions docutils.parsers.rst.directives.body
docutils.parsers.rst.directives.misc docutils.parsers.rst.directives.tables
docutils.readers.doctree docutils.writers.docutils_xml pygments.formatters.html
pygments.lexers.c_cpp pygments.lexers.javascript pygments.lexers.markup pygments.lexers.python
pygments.lexers.special pygments.styles.default alabaster.support babel.dates
charset_normalizer doctest idna jinja2.ext jinja2.sandbox pdb requests
snowballstemmer sphinx.util._lines sphinx.util.template unittest uuid
""".split()
LIBRARY = ("collections.abc", "datetime")  # whose source autodoc reads for the signatures
# What stands on the path instead of both programs.
PROGRAM = """#!{python} -IS
import _socket, array, os, sys
words, path = sys.argv[1:], ""
if os.path.basename(sys.argv[0]) != "sphinx-build":
    if words[:2] != ["-m", "sphinx"]:
        os.execv({python!r}, ["python", *words])
    words, path = words[2:], os.getcwd()
line = _socket.socket(_socket.AF_UNIX)
line.connect({socket!r})
variables = [word for pair in os.environ.items() for word in pair]
request = os.fsencode("\\0".join([os.getcwd(), path, str(len(words)), *words, *variables]))
fds = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
line.sendall(request[line.sendmsg([request], fds) :])
line.shutdown(_socket.SHUT_WR)
sys.exit(int(line.recv(9) or 70))
"""
# A page of the judge's own: when it is built, what any page needs is compiled.
CONF = """
html_theme = "alabaster"
"""


class Harbour(http.server.BaseHTTPRequestHandler):
    """Serves the page that is there."""

    known = ""

    def do_GET(self):
        self.send_response(200 if self.path == f"/{self.known}" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        """Say nothing."""


def serve(listener):
    """Load Sphinx, and build in a fork for each that asks."""
    gc.disable()
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer(line, listener)
        line.close()


def load():
    """Import modules, read some of the library's, and compile the templates of pages."""
    import jinja2
    import sphinx.jinja2glue
    from sphinx.application import builtin_extensions
    from sphinx.cmd.build import main
    from sphinx.pycode import ModuleAnalyzer

    class Compiled(jinja2.BytecodeCache):
        """Keeps a template's code, by its source."""

        def load_bytecode(self, bucket):
            bucket.code = KEPT.get((bucket.key, bucket.checksum))

        def dump_bytecode(self, bucket):
            KEPT[bucket.key, bucket.checksum] = bucket.code

    environment = functools.partial(
        sphinx.jinja2glue.SandboxedEnvironment, bytecode_cache=Compiled()
    )
    sphinx.jinja2glue.SandboxedEnvironment = environment
    for name in (*MODULES, *builtin_extensions):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for name in LIBRARY:
        ModuleAnalyzer.for_module(name).analyze()
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        Path(folder, "conf.py").write_text(CONF)
        Path(folder, "index.rst").write_text("Quay\n====\n\nBoats.\n")
        main(["-Q", "-b", "html", folder, f"{folder}/pages"])


def answer(line, listener):
    """Build in a process of its own, and tell how that ended."""
    listener.close()
    request, fds, *_ = socket.recv_fds(line, LINE, 3)
    while part := line.recv(LINE):
        request += part
    child = os.fork()
    if child == 0:
        line.close()
        folder, path, count, *rest = os.fsdecode(request).split("\0")
        words, rest = rest[: int(count)], rest[int(count) :]
        for number, fd in enumerate(fds):
            os.dup2(fd, number)
            os.close(fd)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(zip(rest[::2], rest[1::2], strict=True))
        sys.argv, sys.path = ["sphinx-build", *words], [*filter(None, [path]), *sys.path[1:]]
        sys.stdout, sys.stderr = (open(fd, "w", buffering=1) for fd in (1, 2))
        os._exit(sphinx_build(words))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    line.sendall(str(code if code >= 0 else 128 - code).encode())
    os._exit(0)


def sphinx_build(words):
    """Build, and do what was to be done at the end, but for taking the interpreter down."""
    from sphinx.cmd.build import main

    code = 1
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code & 0xFF


def ask(form):
    """Tell the judge how the last build ended, and take the next tree."""
    body = urlencode(form).encode()
    line = socket.socket(socket.AF_UNIX)
    line.connect("desk.sock")
    head = f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    return json.loads(line.makefile("rb").read().partition(b"\r\n\r\n")[2])


def build(tree, harbour):
    """Build *tree* in a folder of its own: how it ended, what it said, what it left out."""
    folder = Path(tempfile.mkdtemp(dir=HERE))
    for name, text in tree["files"].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("{harbour}", harbour), encoding="utf-8")
    Harbour.known = tree["known"]
    path = os.pathsep.join([str(HERE / "bin"), os.environ["PATH"]])
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            ["sh", "build.sh"], cwd=folder, env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            code = 124
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        out.seek(0)
        said = out.read()[-SAID:].decode("utf-8", "replace").replace(str(folder), "")
    pages = "".join(page.read_text(errors="replace") for page in folder.glob("public/**/*.html"))
    missing = sum(f'id="{name}"' not in pages for name in tree["wanted"])
    shutil.rmtree(folder, ignore_errors=True)
    return {"code": code if code >= 0 else 128 - code, "said": said, "missing": missing}


def main():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("sphinx.sock")
    listener.listen(16)
    loader = os.fork()
    if loader == 0:
        serve(listener)
    (HERE / "bin").mkdir()
    for name in ("sphinx-build", "python", "python3"):
        text = PROGRAM.format(python=sys.executable, socket=str(HERE / "sphinx.sock"))
        (HERE / "bin" / name).write_text(text)
        (HERE / "bin" / name).chmod(0o755)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Harbour)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    harbour = f"http://127.0.0.1:{server.server_address[1]}"
    form = {}
    while tree := ask(form):
        form = build(tree, harbour)
    os.kill(loader, signal.SIGKILL)


if __name__ == "__main__":
    main()
