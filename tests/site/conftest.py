"""The built site on a loopback port, and a real browser to look at it with."""

import functools
import os
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

ROOT = Path(__file__).parents[2]
PUBLIC = ROOT / "public"
# The engine without what draws a desktop is a third less to compute, where it is installed.
BROWSERS = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = next((each for each in BROWSERS if each.exists()), BROWSERS[-1])
QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Host(SimpleHTTPRequestHandler):
    """Serves files as a host of static pages does: 404.html stands for what is not there."""

    error_content_type = "text/html; charset=utf-8"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.error_message_format = (PUBLIC / "404.html").read_text("utf-8").replace("%", "%%")
        super().send_error(code, message, explain)

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests do."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes *name* once for each page of the site."""
    if "name" in metafunc.fixturenames:
        names = [path.relative_to(PUBLIC).as_posix() for path in sorted(PUBLIC.rglob("*.html"))]
        metafunc.parametrize("name", names or ["index.html"])


@pytest.fixture(scope="session")
def public() -> Path:
    """The folder of the built site."""
    if not (PUBLIC / "index.html").is_file():
        pytest.fail("There is no built site in public/. `make site` builds it.")
    return PUBLIC


@pytest.fixture(scope="session")
def site(public: Path) -> Iterator[str]:
    """The address of the site, served on this machine alone."""
    handler = functools.partial(Host, directory=str(public))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What starts browsers. Chromium may be missing on a desk, never in CI."""
    if not CHROMIUM.exists():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"{CHROMIUM} is not installed. `make system` installs it.")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, without a profile."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield chromium
    chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page by its name, in a browser that remembers nothing; the options are the browser's.

    The test fails when the page asked another host for anything, or when a script of it failed.
    """
    contexts, faults, urls = [], [], []

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(site):
            faults.append(f"{request.frame.url} asked for {request.url}")

    def visit(name: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(60_000)  # of a machine that is busy with other checks
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch)
        page.on("requestfinished", lambda request: urls.append(request.url))
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.goto(site + name)
        return page

    visit.faults, visit.urls = faults, urls
    yield visit
    for context in contexts:
        context.close()
    assert faults == []
