"""A real server and a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.chromium import ARGUMENTS, installed
from tests.servers.app import free_port, running_app

# A deep link makes Streamlit's own front end probe for its base path.
HARMLESS = ("_stcore/health", "_stcore/host-config")


@pytest.fixture(scope="session")
def address(tmp_path_factory) -> Iterator[str]:
    """The address of the app, served as a user would serve it."""
    port, log = free_port(), tmp_path_factory.mktemp("app") / "log.txt"
    with running_app(port, log):
        yield f"http://localhost:{port}"
    assert "Traceback" not in log.read_text(errors="replace")


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
