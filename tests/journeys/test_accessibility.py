"""Accessibility: no page has a fault that a machine can find, and the keyboard alone suffices."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.scenes import tour

# Streamlit's uploader labels a section whose role says that it has no meaning: nothing is lost,
# and the markup is not ours. Its impact is minor; every other rule of axe must hold.
NOT_OURS = ("presentation-role-conflict",)
LEAST_CONTRAST = 4.5  # of text, WCAG 2.2, 1.4.3
# axe does not look into pictures: the faintest letters in an SVG against the page behind them.
LETTERS = """() => {
    const parts = colour => colour.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    const straight = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const light = rgb => [0.2126, 0.7152, 0.0722].reduce(
        (sum, share, i) => sum + share * straight(rgb[i] / 255), 0);
    const within = root => [...root.querySelectorAll("*")].flatMap(
        each => each.shadowRoot ? [each, ...within(each.shadowRoot)] : [each]);
    const app = document.querySelector("[data-testid=stApp]");
    const page = parts(getComputedStyle(app).backgroundColor);
    return within(document).filter(each => each.tagName === "text" && each.textContent.trim())
        .map(text => {
            const [r, g, b, alpha = 1] = parts(getComputedStyle(text).fill);
            let shown = alpha;
            for (let each = text; each?.nodeType === 1; each = each.parentNode) {
                shown *= getComputedStyle(each).opacity;
            }
            const mixed = [r, g, b].map((v, i) => v * shown + page[i] * (1 - shown));
            const [low, high] = [light(mixed), light(page)].sort((a, b) => a - b);
            return [text.textContent, (high + 0.05) / (low + 0.05), shown];
        }).filter(([, , shown]) => shown > 0);
}"""


def faults(page: Page) -> list[str]:
    """Return what axe finds on a page, and letters in charts that are too faint."""
    options = {"resultTypes": ["violations"], "rules": {r: {"enabled": False} for r in NOT_OURS}}
    found = Axe().run(page, options=options).response["violations"]
    faint = [text for text, contrast, _ in page.evaluate(LETTERS) if contrast < LEAST_CONTRAST]
    return [
        *(f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]),
        *(f"faint: {text}" for text in faint),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_in_any_state(address, page, scheme):
    page.emulate_media(color_scheme=scheme)
    found = {}
    for name, scene in tour(page, address):
        expect(page).to_have_title(f"{name} · Goldilocks")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if problems := faults(page):
            found[f"{name}: {scene}"] = problems
    assert found == {}
