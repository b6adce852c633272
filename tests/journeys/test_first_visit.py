"""The first visit: a file in, a verdict and a checkpoint out, by keyboard."""

from playwright.sync_api import Page, expect

from tests.builders import csv_of, falling, make_run, turning
from tests.shared_data import REAL, SAMPLES


def markers(page: Page) -> list[str]:
    """Return where each chart marks the chosen step."""
    return page.locator(".picture .chosen").evaluate_all(
        "marks => marks.map(mark => mark.getAttribute('transform'))"
    )


def test_a_newcomer_drops_a_file_reads_the_verdict_and_walks_the_checkpoints(address, page):
    page.goto(address)
    expect(page.get_by_role("button", name="Open the samples")).to_be_visible()
    page.set_input_files("input[type=file]", [
        SAMPLES / "overfit.csv", SAMPLES / "overfit.checkpoints.json",
    ])  # fmt: skip
    expect(page.get_by_text("Trained far too long")).to_be_visible()
    expect(page.get_by_text("Deploy: step 200")).to_be_visible()
    page.get_by_role("button", name="Open", exact=True).click()

    expect(page.get_by_text("Overfitting, severe")).to_be_visible()
    expect(page.get_by_text("ckpt-step-200").first).to_be_visible()
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "step 200")
    expect(page.locator(".picture").nth(1)).to_be_visible()
    before, loss = markers(page), page.locator(".tile b").first.inner_text()

    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "step 210")
    expect(page.get_by_text("Logged at step 210")).to_be_visible()
    expect(page.locator(".tile b").first).not_to_have_text(loss)
    assert all(now != then for now, then in zip(markers(page), before, strict=True))
    expect(page.get_by_text("As good, but not saved")).to_be_visible()
    assert "step=210" in page.url


def test_a_hostile_file_name_runs_nothing_and_calls_nobody(address, page):
    foreign = []
    page.on("request", lambda request: address not in request.url and foreign.append(request.url))
    content = csv_of(make_run(falling(), turning()).frame)
    page.goto(address)
    page.set_input_files("input[type=file]", [
        {"name": "![x](https://evil.example/p.png)<img src=x onerror=document.title='bad'>.csv",
         "mimeType": "text/csv", "buffer": content},
    ])  # fmt: skip
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("slider")).to_be_visible()
    assert "bad" not in page.title()
    assert [url for url in foreign if not url.startswith(("data:", "blob:", "ws:"))] == []


def test_real_files_give_a_verdict_in_the_browser(address, page):
    files = sorted(REAL.glob("021_*.csv")) or [SAMPLES / "healthy.csv"]
    page.goto(address)
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("slider")).to_be_visible()
    expect(page.get_by_text("Import report")).to_be_visible()
