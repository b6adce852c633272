"""The charts: the slider and the pointer move what is drawn without the server."""

import csv
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.builders import csv_of, falling, make_frame
from tests.shared_data import SAMPLES

OVERFIT = [SAMPLES / "overfit.csv", SAMPLES / "overfit.checkpoints.json"]


def open_run(page: Page, address: str, files) -> None:
    page.goto(address)
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator(".picture").first).to_be_visible()


def marked(page: Page) -> list[str]:
    return page.locator(".picture .chosen").evaluate_all(
        "marks => marks.map(mark => mark.textContent)"
    )


@pytest.fixture
def sent(page) -> list[str]:
    """What the browser sends to the server, from the first message on."""
    messages: list[str] = []

    def keep(data) -> None:
        messages.append(data)

    page.on("websocket", lambda socket: socket.on("framesent", keep))
    return messages


def test_arrow_keys_move_every_marker_in_the_browser_and_only_rest_tells_the_server(
    address, page, sent
):
    open_run(page, address, OVERFIT)
    slider = page.get_by_role("slider")
    expect(page.get_by_text("Recommended").first).to_be_visible()
    page.wait_for_timeout(1_000)
    picture = page.locator(".picture").first.element_handle()
    already = len(sent)
    slider.focus()
    shown = page.evaluate(
        """() => {
            const all = [...document.querySelectorAll('*')];
            const roots = all.map(each => each.shadowRoot).filter(Boolean);
            const find = query => roots.flatMap(root => [...root.querySelectorAll(query)]);
            const input = find('.stepper input')[0];
            input.value = Number(input.value) + 5;
            input.dispatchEvent(new Event('input', { bubbles: true }));
            return [...find('.picture .chosen').map(mark => mark.textContent),
                    find('.step')[0].textContent];
        }"""
    )
    assert shown == ["step 250"] * 3
    assert len(sent) == already
    page.keyboard.press("End")
    assert marked(page) == ["step 300", "step 300"]
    expect(page.get_by_text("Worse than step 200")).to_be_visible()
    assert len(sent) == already + 1
    assert picture.evaluate("picture => picture.isConnected")
    page.keyboard.press("Home")
    assert marked(page) == ["step 1", "step 1"]


def test_a_click_on_a_saved_checkpoint_chooses_it(address, page):
    open_run(page, address, OVERFIT)
    page.locator(".picture .saved[data-step='250']").first.click()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "step 250")
    expect(page.get_by_text("Worse than step 200")).to_be_visible()
    expect(page.get_by_text("ckpt-step-250")).to_be_visible()


def test_one_pointer_and_one_zoom_for_all_charts_and_a_double_click_resets(address, page):
    open_run(page, address, OVERFIT)
    first = page.locator(".picture").first
    first.scroll_into_view_if_needed()
    box = first.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    expect(page.locator(".crosshair[visibility=visible]")).to_have_count(2)
    expect(page.locator(".card:not([hidden])")).to_have_count(1)
    expect(page.locator(".card:not([hidden])")).to_contain_text("Step")
    ticks = page.locator(".picture").nth(1).locator(".tick").all_inner_texts()
    page.mouse.down()
    page.mouse.move(box["x"] + 450, box["y"] + 100, steps=4)
    page.mouse.up()
    expect(page.get_by_role("button", name="Whole run")).to_be_visible()
    assert page.locator(".picture").nth(1).locator(".tick").all_inner_texts() != ticks
    page.mouse.dblclick(box["x"] + 200, box["y"] + 60)
    expect(page.get_by_role("button", name="Whole run")).to_be_hidden()
    assert page.locator(".picture").nth(1).locator(".tick").all_inner_texts() == ticks


def test_zeros_on_a_log_axis_are_marks_at_the_bottom_and_are_counted(address, page):
    values = falling()
    values[[20, 40, 60]] = 0.0
    content = csv_of(make_frame(train_loss=values, valid_loss=falling()))
    file = {"name": "zeros.csv", "mimeType": "text/csv", "buffer": content}
    open_run(page, address, [file])
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator(".picture").first.locator(".below")).to_have_count(3)
    expect(page.get_by_text("3 at zero or below")).to_be_visible()


def test_a_chart_is_saved_exactly_as_it_is_shown(address, page):
    open_run(page, address, OVERFIT)
    page.get_by_role("button", name="valid (one batch)").first.click()
    files = {}
    for kind in ("CSV", "SVG", "PNG"):
        page.get_by_label("Menu of Loss").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {kind}").first.click()
        files[kind] = download.value.path().read_bytes()
    rows = list(csv.DictReader(io.StringIO(files["CSV"].decode())))
    shown = [row for row in rows if row["kind"] == "reading"]
    assert {row["series"] for row in rows} == {"train", "valid (full set)"}
    assert len(shown) == 306
    assert files["PNG"].startswith(b"\x89PNG")
    words = " ".join(ElementTree.fromstring(files["SVG"]).itertext())  # noqa: S314
    assert "Loss (nats per token)" in words
    assert "valid (one batch)" not in words


def test_a_chart_shows_its_data(address, page):
    open_run(page, address, OVERFIT)
    page.get_by_label("Menu of Token accuracy").click()
    page.get_by_role("button", name="Data", exact=True).click()
    table = page.get_by_role("region", name="Data of the chart Token accuracy")
    expect(table.get_by_role("row").nth(1)).to_contain_text("train")


def test_a_spike_of_one_step_in_a_long_run_is_labelled_and_zooming_brings_every_row(address, page):
    values = 1.0 + falling(n_steps=20_000) + 0.05 * np.sin(np.arange(20_000))
    values[7_000], values[15_000] = 30.0, 0.25
    file = {"name": "long.csv", "mimeType": "text/csv",
            "buffer": csv_of(make_frame(train_loss=values))}  # fmt: skip
    open_run(page, address, [file])
    picture = page.locator(".picture").first
    expect(picture).to_contain_text("lowest 0.25 · step 15,001")
    expect(picture).to_contain_text("▲ 30 · step 7,001")
    expect(page.get_by_text("of 20,000, extremes kept")).to_be_visible()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 340, box["y"] + 100, steps=4)
    page.mouse.up()
    expect(page.get_by_text("of 20,000, extremes kept")).to_have_count(0)


def line_of_training(page: Page) -> str:
    return page.locator(".picture").first.locator(".line").first.get_attribute("d")


@pytest.mark.parametrize("kind", ["EMA", "Window"])
def test_smoothing_follows_its_slider_in_the_browser_as_the_server_draws_it_at_rest(
    address, page, sent, kind
):
    values = falling() + 0.1 * np.sin(np.arange(len(falling())))
    values[40:60] = np.nan
    file = {"name": "gap.csv", "mimeType": "text/csv",
            "buffer": csv_of(make_frame(train_loss=values))}  # fmt: skip
    open_run(page, address, [file])
    page.get_by_role("button", name=kind, exact=True).click()
    slider = page.get_by_role("slider", name="Smoothing")
    expect(slider).to_be_visible()
    page.wait_for_timeout(1_000)
    before, already = line_of_training(page), len(sent)
    amount = "0.9" if kind == "EMA" else "0.1"
    slider.evaluate(
        "(input, value) => { input.value = value;"
        " input.dispatchEvent(new Event('input', { bubbles: true })); }",
        amount,
    )
    here = line_of_training(page)
    said = page.locator(".strength .note").inner_text()
    assert here != before
    assert len(sent) == already
    picture = page.locator(".picture").first.element_handle()
    slider.evaluate("input => input.dispatchEvent(new Event('change', { bubbles: true }))")
    page.wait_for_function("picture => !picture.isConnected", arg=picture)
    assert line_of_training(page) == here
    assert page.locator(".strength .note").inner_text() == said
    assert "averages about" in said


def test_a_still_drawing_stands_in_the_charts_place_until_they_live(address, page):
    held = []
    page.route("**/BidiComponent*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(address)
    page.set_input_files("input[type=file]", OVERFIT)
    page.get_by_role("button", name="Open", exact=True).click()
    still = page.locator(".st-key-still img")
    expect(still).to_be_visible()
    expect(page.get_by_text("Deploy: ")).to_be_visible()
    expect(page.locator(".picture")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(page.locator(".picture").first).to_be_visible()
    expect(still).to_be_hidden()
