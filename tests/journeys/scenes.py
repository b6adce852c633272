"""Scenes: every page in each of its states, reached as a user reaches it."""

import json
from collections.abc import Iterator
from itertools import chain

from playwright.sync_api import Page, expect

from tests.builders import azure_rewards, checkpoint_list, csv_of
from tests.servers.payloads import openai_job, results

PAGES = ("Overview", "Run", "Compare", "Decide", "Runs", "Metrics", "Grader", "Report")

# Whether every chart that is in sight has its picture.
DRAWN = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")]
    .filter(each => each.offsetParent).every(each => each.querySelector("svg.marks"))"""


def settled(page: Page) -> None:
    """Wait until the server has drawn the page and the browser its charts."""
    page.wait_for_timeout(300)  # until the server has heard of the last click
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(500)  # until what was sent has come to rest
    page.wait_for_function(DRAWN)


def open_in_menu(page: Page, name: str) -> None:
    """Choose a page in the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()


def choose_run(page: Page, name: str) -> None:
    """Choose one of the loaded runs."""
    page.get_by_role("combobox", name="Run").first.click()
    page.get_by_role("option", name=name).click()


def uploads(*files: tuple[str, bytes]) -> list[dict]:
    """Return files as the browser's file chooser takes them."""
    kinds = {"csv": "text/csv", "json": "application/json"}
    return [
        {"name": name, "mimeType": kinds[name.rsplit(".", maxsplit=1)[1]], "buffer": content}
        for name, content in files
    ]


def tour(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """Go through every scene; at each stop give the page's name and the scene's."""
    for name, scene in chain(_empty(page, address), _loaded(page)):
        settled(page)
        yield name, scene


def _empty(page: Page, address: str) -> Iterator[tuple[str, str]]:
    page.goto(address)
    yield "Overview", "nothing loaded"
    page.get_by_role("tab", name="OpenAI or Azure").click()
    yield "Overview", "OpenAI"
    page.get_by_role("radio", name="Azure").click()
    yield "Overview", "Azure"
    for name in PAGES[1:]:
        open_in_menu(page, name)
        yield name, "nothing loaded"


def _loaded(page: Page) -> Iterator[tuple[str, str]]:
    open_in_menu(page, "Overview")
    page.get_by_role("button", name="Open the samples").click()
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(6)
    page.set_input_files("input[type=file]", uploads(
        ("strong.csv", csv_of(azure_rewards(0.85, seed=2))),
        ("strong.checkpoints.json", checkpoint_list(20, 40, 60)),
        ("broken.csv", b"\x00\x01not a table"),
        *_job("ftjob-a", n_epochs=1),
        *_job("ftjob-b", n_epochs=3),
    ))  # fmt: skip
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(9)
    yield "Overview", "nine runs and a file that cannot be read"
    yield from _of_one_run(page)
    open_in_menu(page, "Compare")
    yield "Compare", "two candidates"
    for _ in range(2):
        page.get_by_role("button", name="Add a candidate").click()
        settled(page)
    yield "Compare", "four candidates"
    open_in_menu(page, "Runs")
    yield "Runs", "table"
    page.get_by_role("tab", name="Sweep").click()
    expect(page.get_by_text("One change at a time?")).to_be_visible()
    yield "Runs", "sweep"
    open_in_menu(page, "Grader")
    page.get_by_role("button", name="Try it with made-up scores").click()
    yield "Grader", "scores"


def _job(job_id: str, n_epochs: int) -> list[tuple[str, bytes]]:
    """Return a job's result file and its record, which tells its settings."""
    record = openai_job(job_id, hyperparameters={"n_epochs": n_epochs}, seed=1, method=None)
    return [
        (f"{job_id}.csv", results(n_epochs)),
        (f"{job_id}.json", json.dumps(record).encode()),
    ]


def _of_one_run(page: Page) -> Iterator[tuple[str, str]]:
    open_in_menu(page, "Run")
    for run in ("strong", "overfit"):
        choose_run(page, run)
        yield "Run", run
    page.get_by_text("What if the limits were others?").click()
    yield "Run", "limits"
    open_in_menu(page, "Decide")
    yield "Decide", "overfit"
    open_in_menu(page, "Metrics")
    for tab in ("Hidden tokens", "Loss and accuracy", "Every column"):
        page.get_by_role("tab", name=tab).click()
        yield "Metrics", tab
    open_in_menu(page, "Report")
    for screen in range(1, 5):
        yield "Report", f"screen {screen}"
        if screen < 4:
            page.get_by_role("button", name="Next").click()
    open_in_menu(page, "Decide")
    choose_run(page, "strong")
    yield "Decide", "strong"
