"""Sharing: from the samples to the presentation, a report that opens offline, and a workspace."""

from playwright.sync_api import expect

from tests.journeys.scenes import open_in_menu


def to_report(address, page) -> None:
    page.goto(address)
    page.get_by_role("button", name="Open the samples").click()
    expect(page.get_by_role("button", name="Open", exact=True).first).to_be_visible()
    open_in_menu(page, "Report")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def download(page, label: str):
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as event:
        page.get_by_role("button", name=label).click()
    return event.value.path()


def test_a_run_is_presented_by_keyboard_and_taken_along_as_a_file(address, page, browser):
    to_report(address, page)
    heading = page.get_by_role("heading", level=1)
    titles = [heading.inner_text()]
    expect(page.locator("[data-testid=stVegaLiteChart] svg.marks")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        expect(heading).not_to_have_text(titles[-1])
        titles.append(heading.inner_text())
    assert len(set(titles)) == 4
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text(titles[2])

    path = download(page, "HTML")
    context = browser.new_context(offline=True)
    offline = context.new_page()
    asked = []
    offline.on("request", lambda request: asked.append(request.url))
    offline.set_content(path.read_text())
    expect(offline.locator("figure svg")).to_have_count(2)
    box = offline.locator("figure svg polyline").first.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 20
    colour = offline.locator("figure svg polyline").first.evaluate(
        "e => getComputedStyle(e).stroke"
    )
    assert colour.startswith("rgb(")
    expect(offline.get_by_text("SHA-256 of the data")).to_be_visible()
    assert asked == []
    context.close()


def test_a_saved_workspace_opens_in_a_fresh_browser(address, page, browser, tmp_path):
    to_report(address, page)
    kept = tmp_path / "workspace.zip"
    kept.write_bytes(download(page, "Save the workspace").read_bytes())
    context = browser.new_context()
    fresh = context.new_page()
    fresh.set_default_timeout(60_000)
    fresh.goto(f"{address}/report")
    fresh.set_input_files("input[type=file]", kept)
    expect(fresh.get_by_role("button", name="Next")).to_be_visible(timeout=60_000)
    open_in_menu(fresh, "Overview")
    expect(fresh.get_by_role("button", name="Open", exact=True)).to_have_count(6)
    context.close()
