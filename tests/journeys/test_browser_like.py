"""The sessions of the load benchmark get what a browser gets; else its figures mean nothing."""

import re

from playwright.sync_api import Page, expect

from tests.benchmarks.load_session import Session
from tests.shared_data import SAMPLES

CONTENT = (SAMPLES / "overfit.csv").read_bytes()


def words(text: str) -> list[str]:
    """Return the letters of a text in order, without the marks around and between them."""
    return re.findall(r"[a-z]{3,}", re.sub(r":[\w-]+/?[\w]*:", " ", text.lower()))


def headings(page: Page) -> list[list[str]]:
    found = page.get_by_test_id("stMain").get_by_role("heading")
    return [words(text) for text in found.all_inner_texts()]


def in_both(page: Page, session: Session) -> None:
    """Check that headings, buttons and charts are the same."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    sent = [words(element.heading.body) for element, _ in session.all("heading")]
    shown = page.get_by_test_id("stMain").get_by_test_id("stVegaLiteChart")
    expect(shown).to_have_count(len(session.all("vega_lite_chart")))
    for heading in sent:
        assert any(heading == each[-len(heading) :] for each in headings(page)), heading
    main = page.get_by_test_id("stMain")
    for element, _ in session.all("button"):
        label = element.button.label
        if label and not element.button.form_id:  # the form lies on a tab that is not open
            assert main.get_by_role("button", name=label).count(), label


def test_a_browser_like_session_gets_what_a_browser_shows(address, page):
    session = Session(address)
    session.upload("run.csv", CONTENT)
    page.goto(address)
    file = {"name": "run.csv", "mimeType": "text/csv", "buffer": CONTENT}
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_visible()
    in_both(page, session)

    session.press("Open")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator(".picture").nth(1)).to_be_visible()
    in_both(page, session)
    stepper = session.data_of("stepper")[0]
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("max", str(len(stepper["stops"]) - 1))
    expect(slider).to_have_attribute("aria-valuetext", f"step {stepper['step']}")
    assert page.url.split("?")[1] == session.query
    charts = sum(len(board["charts"]) for board in session.data_of("board"))
    expect(page.locator(".picture")).to_have_count(charts)

    session.go("compare")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which is better, and is it real?")
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    in_both(page, session)
    session.close()
