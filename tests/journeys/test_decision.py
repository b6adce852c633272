"""From two reward runs to a deploy command: compare, link, read the difference, copy."""

import re

from playwright.sync_api import expect

from tests.builders import AZURE, azure_rewards, checkpoint_list, csv_of
from tests.journeys.scenes import choose_run, open_in_menu, uploads
from tests.shared_data import EXAMPLES, REAL


def test_two_reward_runs_are_compared_and_the_better_one_is_deployed(address, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(address)
    page.set_input_files("input[type=file]", uploads(
        ("weak.csv", csv_of(azure_rewards(0.6, seed=1))),
        ("strong.csv", csv_of(azure_rewards(0.85, seed=2))),
        ("strong.checkpoints.json", checkpoint_list(20, 40, 60)),
    ))  # fmt: skip
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(2)

    open_in_menu(page, "Compare")
    sliders = page.get_by_role("slider")
    expect(sliders).to_have_count(2)
    expect(page.get_by_text("B is better")).to_be_visible()
    expect(page.get_by_text("B is ahead of A", exact=False)).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg.marks")).to_be_visible()

    page.get_by_text("Link the sliders").click()
    sliders.first.focus()
    page.keyboard.press("ArrowLeft")
    expect(sliders.first).to_have_attribute("aria-valuetext", "step 55")
    expect(sliders.nth(1)).to_have_attribute("aria-valuetext", "step 55")
    expect(page.get_by_text("Judged up to step 55", exact=False)).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(sliders.nth(1)).to_have_attribute("aria-valuetext", "step 50")
    expect(page).to_have_url(re.compile("%3A50.*%3A50"))

    open_in_menu(page, "Decide")
    choose_run(page, "strong")
    command = page.get_by_test_id("stCode").first
    expect(command).to_contain_text(f"{AZURE}:ckpt-step-60")
    command.hover()
    command.get_by_role("button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("az cognitiveservices account deployment create")
    assert f"--model-name {AZURE}:ckpt-step-60" in copied


def test_two_real_reward_files_are_compared(address, page):
    real = [*sorted(REAL.glob("098_*.csv")), *sorted(EXAMPLES.glob("azure_result_rft*.csv"))]
    files = [(path.name, path.read_bytes()) for path in real]
    if len(files) < 2:
        files = [(f"{n}.csv", csv_of(azure_rewards(seed=n))) for n in (1, 2)]
    page.goto(address)
    page.set_input_files("input[type=file]", uploads(*files))
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(2)
    open_in_menu(page, "Compare")
    expect(page.get_by_role("slider")).to_have_count(2)
    expect(page.get_by_text("Is the difference real?")).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] svg.marks")).to_be_visible()
