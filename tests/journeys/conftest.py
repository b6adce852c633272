"""A real server and a real browser."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.chromium import ARGUMENTS, installed
from tests.shared_data import ROOT

# A deep link makes Streamlit's own front end probe for its base path.
HARMLESS = ("_stcore/health", "_stcore/host-config")


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the app, served as a user would serve it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    server = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url = f"http://localhost:{port}"
    try:
        wait_for_health(url, server)
        yield url
    finally:
        server.terminate()
        output, _ = server.communicate(timeout=20)
        assert b"Traceback" not in output, output.decode(errors="replace")


def wait_for_health(url: str, server: subprocess.Popen) -> None:
    """Return when the server answers; fail when it ends or a minute has passed."""
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        with contextlib.suppress(urllib.error.URLError, OSError):
            if urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).status == 200:  # noqa: S310
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start within a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed(), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh context that must not log an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("console", lambda message: message.type == "error" and errors.append(
        f"{message.text} {message.location.get('url', '')}"
    ))  # fmt: skip
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert [error for error in errors if not any(part in error for part in HARMLESS)] == []
