"""A job from queued to succeeded, watched in the browser through faults of its platform."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_connect import connect, tick_first_row
from tests.servers.fine_tuning import AZURE_KEY, Platform, error, serving
from tests.servers.payloads import azure_job, events, results

JOB = "ftjob-0a1"
SAID = "Trained far too long"
# How often the verdict came and went: a look at the panel every 50 ms, changes only.
RECORD = f"""() => {{
    window.said = [];
    setInterval(() => {{
        const panel = document.querySelector("[class*=st-key-watch-panel]");
        const now = Boolean(panel && panel.innerText.includes("{SAID}"));
        if (now !== (window.said.at(-1) ?? false)) window.said.push(now);
    }}, 50);
}}"""


def shown(locator: Locator) -> None:
    """Wait for what a look, which is taken every few seconds, brings."""
    expect(locator).to_be_visible(timeout=90_000)


def choose_interval(page: Page) -> None:
    page.get_by_role("combobox", name="Refresh every").click()
    page.get_by_role("option", name="every 5 s").click()


def watch(page: Page, address: str, platform: Platform) -> Locator:
    """Connect, watch the first job, and return the panel it is watched in."""
    page.goto(address)
    connect(page, platform.url, AZURE_KEY)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=60_000)
    tick_first_row(page)
    page.get_by_role("button", name="Watch").click()
    return page.locator("[class*=st-key-watch-panel]")


def test_a_job_goes_from_queued_to_succeeded_and_its_verdict_appears_once(address, page):
    platform = Platform(key=AZURE_KEY, jobs=[azure_job(JOB, "queued")])
    with serving(platform):
        panel = watch(page, address, platform)
        shown(panel.get_by_text("queued"))
        shown(panel.get_by_text("Nothing is logged yet"))
        page.evaluate(RECORD)
        choose_interval(page)
        platform.jobs[0]["status"] = "running"
        platform.events[JOB] = events(90)[-30:]
        shown(panel.get_by_text("running"))
        shown(panel.get_by_text("Too early for a verdict"))
        platform.fault(f"jobs/{JOB}", error(500), times=3)
        shown(panel.get_by_text("The last look failed"))
        platform.files[f"file-of-{JOB}"] = results()
        platform.jobs[0] = azure_job(JOB)
        shown(panel.get_by_text("succeeded"))
        shown(panel.get_by_text(SAID))
        page.wait_for_timeout(2_500)
        assert page.evaluate("window.said") == [True]
        panel.get_by_role("button", name="Open the curves").click()
        expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
    assert AZURE_KEY[:8] not in page.content()


def test_a_job_is_cancelled_only_after_a_question(address, page):
    platform = Platform(key=AZURE_KEY, jobs=[azure_job(JOB, "running")])
    with serving(platform):
        panel = watch(page, address, platform)
        shown(panel.get_by_text("running"))
        panel.get_by_role("button", name="Cancel the job").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.wait_for_timeout(2_500)
        assert platform.jobs[0]["status"] == "running"
        page.get_by_role("button", name="Yes, cancel the job").click()
        shown(panel.get_by_text("cancelled"))
    assert platform.jobs[0]["status"] == "cancelled"
