"""The server is killed and started again: what is on the screen stays, and a way back is shown."""

import pytest
from playwright.sync_api import Page, expect

from tests.servers.app import free_port, running_app
from tests.shared_data import SAMPLES

OWN = {
    "name": "mine.csv",
    "mimeType": "text/csv",
    "buffer": (SAMPLES / "overfit.csv").read_bytes() + b"\n",
}


@pytest.fixture
def killed(tmp_path, browser):
    """A page of an app of its own, and what kills that app and starts it again."""
    port, log = free_port(), tmp_path / "log.txt"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    with running_app(port, log) as first:

        def kill() -> None:
            first.kill()
            first.wait()

        page.goto(f"http://localhost:{port}")
        yield page, kill, lambda: running_app(port, log)
    context.close()
    assert "Traceback" not in log.read_text(errors="replace")


def step_shown(page: Page) -> str:
    return page.get_by_role("slider").get_attribute("aria-valuetext") or ""


def test_after_a_restart_the_same_file_brings_the_view_back(killed):
    page, kill, started_again = killed
    page.set_input_files("input[type=file]", OWN)
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Worse than step 50")).to_be_visible()
    kill()
    expect(page.get_by_text("Connection error")).to_be_visible()
    assert step_shown(page) == "step 300"
    with started_again():
        # The browser comes back by itself, after pauses that grow.
        lost = page.get_by_text("names a run that is not loaded")
        expect(lost).to_be_visible(timeout=90_000)
        expect(page.get_by_text("Connection error")).to_be_hidden()
        page.set_input_files("input[type=file]", OWN)
        slider = page.get_by_role("slider")
        expect(slider).to_have_attribute("aria-valuetext", "step 300", timeout=60_000)


def test_after_a_restart_a_sample_comes_back_by_one_click(killed):
    page, kill, started_again = killed
    page.get_by_role("button", name="Open the samples").click()
    page.get_by_role("button", name="Open", exact=True).first.click()
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    shown = step_shown(page)
    page.wait_for_url("**&step=1")
    kill()
    with started_again():
        page.reload()
        page.get_by_role("button", name="Open the samples").click()
        slider = page.get_by_role("slider")
        expect(slider).to_have_attribute("aria-valuetext", shown, timeout=60_000)
