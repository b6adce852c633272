"""From a key to a run: connect, list, open, judge; and the key stays out of sight."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.serving import app_served
from tests.servers.fine_tuning import AZURE_KEY, Platform, serving
from tests.servers.payloads import azure_job, checkpoints, results


@pytest.fixture
def logged(tmp_path):
    """An app of its own, with the client's log at its most talkative, and the file it logs to."""
    with app_served(tmp_path) as app:
        yield app.url, app.log


def tick_first_row(page: Page) -> None:
    """Tick the first job; the table is drawn on a canvas, so by its place."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 35 + 18)


def connect(page: Page, address: str, key: str) -> None:
    page.get_by_role("tab", name="OpenAI or Azure").click()
    page.get_by_role("radio", name="Azure").click()
    page.get_by_role("textbox", name="Address of the resource").fill(address)
    page.get_by_role("textbox", name="Key or Entra token").fill(key)
    page.get_by_role("button", name="Connect").click()


def test_a_key_opens_a_job_and_is_seen_nowhere(logged, page):
    app, log = logged
    job = azure_job("ftjob-0a1")
    platform = Platform(
        key=AZURE_KEY, jobs=[job], files={"file-of-ftjob-0a1": results()},
        checkpoints={"ftjob-0a1": checkpoints("ftjob-0a1")},
    )  # fmt: skip
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with serving(platform):
        page.goto(app)
        connect(page, platform.url, "not-the-key-0123")
        expect(page.get_by_text("The key was not accepted")).to_be_visible(timeout=60_000)
        page.get_by_role("textbox", name="Key or Entra token").fill(AZURE_KEY)
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_text("1 job").first).to_be_visible(timeout=60_000)
        expect(page.get_by_test_id("stDataFrame")).to_be_visible()
        shown = [page.content()]
        tick_first_row(page)
        page.get_by_role("button", name="Open 1 job").click()
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
        expect(page.locator(".picture").first).to_be_visible()
        shown.extend([page.content(), page.url, log.read_text(), *asked])
        stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        shown.append(page.evaluate(stored))
    for text in shown:
        assert AZURE_KEY[:8] not in text
        assert "not-the-key" not in text
    assert "Traceback" not in log.read_text()


def test_a_silent_platform_is_stopped_and_the_page_goes_on(address, page):
    platform = Platform(key=AZURE_KEY)
    platform.hold("jobs")
    with serving(platform):
        page.goto(address)
        connect(page, platform.url, AZURE_KEY)
        page.get_by_role("button", name="Stop fetching").click()
        expect(page.get_by_text("Stopped").first).to_be_visible()  # before or within the first call
        page.get_by_role("button", name="Open the samples").click()
        expect(page.get_by_text("Trained far too long")).to_be_visible(timeout=60_000)
