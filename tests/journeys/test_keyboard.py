"""The keyboard alone: from the samples to a deploy command and a report, the focus always seen."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.scenes import settled

MOST = 150  # presses of Tab from one control to another
# What has the focus, inside components too: its name, and whether anything around it shows that.
FOCUSED = """async () => {
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return null;
    const marked = style => style.boxShadow !== "none"
        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    const edged = style => parseFloat(style.borderWidth) > 0 && style.borderColor === "PRIMARY";
    const seen = each => marked(getComputedStyle(each)) || edged(getComputedStyle(each));
    const around = [];
    for (let each = at; each && around.length < 5; each = each.parentElement) around.push(each);
    const words = at.getAttribute("aria-label") || at.innerText || at.textContent || "";
    return [words.trim().split("\\n").pop(), at.getAttribute("role") ?? at.tagName.toLowerCase(),
            around.some(seen), at.outerHTML.slice(0, 160)];
}""".replace("PRIMARY", "rgb(138, 82, 0)")  # of the light theme, in .streamlit/config.toml


class Focus(NamedTuple):
    """What has the focus."""

    name: str
    role: str
    seen: bool
    markup: str


def open_app(page: Page, address: str) -> None:
    """Open the app and wait for its own style, which a busy machine loads after the rest."""
    page.goto(address)
    settled(page)
    page.wait_for_function(
        "() => [...document.querySelectorAll('style')]"
        ".some(each => each.textContent.includes('prefers-reduced-motion'))"
    )


def press(page: Page, key: str) -> Focus | None:
    """Press a key and return what has the focus then."""
    page.keyboard.press(key)
    found = page.evaluate(FOCUSED)
    return Focus(*found) if found else None


@pytest.fixture
def unseen(page) -> list[str]:
    """The controls that had the focus without showing it, on a page whose borders do not fade."""
    page.emulate_media(reduced_motion="reduce")
    return []


def tab_to(page: Page, name: str, unseen: list[str], role: str = "") -> None:
    """Press Tab until a control of this name has the focus."""
    passed = []
    for _ in range(MOST):
        at = press(page, "Tab")
        if at is None:
            continue
        if not at.seen:
            unseen.append(at.markup)
        if at.name == name and role in at.role:
            return
        passed.append(at.name)
        if "stCode" in at.markup:
            page.wait_for_timeout(400)  # its copy button appears a moment later
    raise AssertionError(f"{name} cannot be reached; passed {passed}")


def enter(page: Page, name: str, unseen: list[str]) -> None:
    """Go to a control, press Enter, and wait for what comes of it."""
    tab_to(page, name, unseen)
    page.keyboard.press("Enter")
    settled(page)


def choose_run(page: Page, name: str, unseen: list[str]) -> None:
    """Choose one of the loaded runs by typing its name."""
    tab_to(page, "Run", unseen, role="combobox")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    settled(page)


def test_from_the_samples_to_a_deploy_command_and_a_report(address, page, unseen):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    open_app(page, address)
    enter(page, "Open the samples", unseen)
    enter(page, "Open", unseen)
    choose_run(page, "hacked_grader", unseen)
    slider = page.get_by_role("slider", name="Checkpoint")
    expect(slider).to_have_attribute("aria-valuetext", "step 70")
    tab_to(page, "Checkpoint", unseen)
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "step 80")
    settled(page)

    enter(page, "Compare", unseen)
    tab_to(page, "Checkpoint of A", unseen)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Judged up to step", exact=False).first).to_be_visible()

    enter(page, "Decide", unseen)
    tab_to(page, "Copy to clipboard", unseen)
    page.keyboard.press("Enter")
    assert "ckpt-step-70" in page.evaluate("navigator.clipboard.readText()")

    enter(page, "Report", unseen)
    tab_to(page, "HTML", unseen)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "<html" in download.value.path().read_text()
    assert sorted(set(unseen)) == []


def test_a_chart_hides_a_line_zooms_out_and_shows_its_data_by_keyboard(address, page, unseen):
    open_app(page, address)
    enter(page, "Open the samples", unseen)
    enter(page, "Open", unseen)
    choose_run(page, "hacked_grader", unseen)
    tab_to(page, "valid", unseen)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="valid", exact=True).first).to_have_attribute(
        "aria-pressed", "false"
    )
    tab_to(page, "Menu of Reward", unseen)
    page.keyboard.press("Enter")
    tab_to(page, "Data", unseen)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Data of the chart Reward")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("previous or next checkpoint, on the slider")).to_be_visible()
    assert sorted(set(unseen)) == []


def test_nothing_moves_for_those_who_asked_for_stillness(address, page):
    page.emulate_media(reduced_motion="reduce")
    open_app(page, address)
    longest = page.evaluate("""() => Math.max(...[...document.querySelectorAll("*")].flatMap(
        each => ["transitionDuration", "animationDuration"].flatMap(
            name => getComputedStyle(each)[name].split(",").map(parseFloat))))""")
    assert longest < 0.001
