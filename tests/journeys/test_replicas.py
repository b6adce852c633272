"""Two replicas behind the proxy of ``deploy/``: each browser stays with one, and one may die."""

import contextlib

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import nginx
from tests.servers.app import free_port, running_app
from tests.shared_data import SAMPLES

needs_nginx = pytest.mark.skipif(nginx.installed() is None, reason="no nginx on this machine")
COOKIE = "goldilocks_replica"
VERDICTS = {"overfit": "Trained far too long", "healthy": "Healthy"}


@pytest.fixture
def replicas(tmp_path):
    """Two apps by name, each with how to start it again, and the proxy's address."""
    ports = {"first": free_port(), "second": free_port()}
    with contextlib.ExitStack() as stack:

        def start(name: str):
            return stack.enter_context(running_app(ports[name], tmp_path / f"{name}.txt"))

        running = {name: start(name) for name in ports}
        url = stack.enter_context(nginx.proxy_of(list(ports.values()), tmp_path, free_port()))
        yield url, running, start


@pytest.fixture
def visitor(browser):
    """Opens pages, each in a browser of its own."""
    contexts: list[BrowserContext] = []

    def visit(url: str) -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        context.close()


def replica_of(page: Page) -> str:
    """Return the replica that the browser's cookie names."""
    return next(each["value"] for each in page.context.cookies() if each["name"] == COOKIE)


def drop(page: Page, name: str) -> None:
    """Drop a sample on the Overview and wait for its verdict."""
    page.set_input_files("input[type=file]", SAMPLES / f"{name}.csv")
    expect(page.get_by_text(VERDICTS[name]).first).to_be_visible(timeout=60_000)


def report_of(page: Page) -> str:
    """Download the report."""
    page.get_by_test_id("stSidebar").get_by_role("link", name="Report").click()
    expect(page.get_by_role("button", name="HTML")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as event:
        page.get_by_role("button", name="HTML").click()
    return event.value.path().read_text()


@needs_nginx
def test_browsers_stay_with_their_replica_and_one_that_dies_takes_no_other_with_it(
    replicas, visitor
):
    url, running, start = replicas
    pages = [visitor(url) for _ in range(4)]
    for page in pages:
        drop(page, "overfit")
    by_replica = {replica_of(page): page for page in pages}
    assert set(by_replica) == {"first", "second"}
    assert all("overfit" in report_of(page) for page in by_replica.values())

    running["first"].kill()
    running["first"].wait()
    alive, left = by_replica["second"], by_replica["first"]
    alive.get_by_test_id("stSidebar").get_by_role("link", name="Overview").click()
    alive.get_by_role("button", name="Open", exact=True).click()
    expect(alive.get_by_role("slider")).to_be_visible(timeout=60_000)
    newcomer = visitor(url)
    drop(newcomer, "overfit")
    assert replica_of(newcomer) == "second"

    left.goto(url)
    drop(left, "overfit")
    assert replica_of(left) == "second"
    start("first")
    drop(left, "healthy")
    assert replica_of(left) == "second"
    assert "overfit" in report_of(left)


@needs_nginx
def test_when_only_the_proxy_starts_again_every_session_goes_on(tmp_path, visitor):
    app, own = free_port(), free_port()
    with running_app(app, tmp_path / "app.txt"):
        with nginx.proxy_of([app, app], tmp_path, own) as url:
            page = visitor(url)
            drop(page, "overfit")
            page.get_by_role("button", name="Open", exact=True).click()
            expect(page.get_by_role("slider")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Connection error")).to_be_visible(timeout=60_000)
        with nginx.proxy_of([app, app], tmp_path, own):
            expect(page.get_by_text("Connection error")).to_be_hidden(timeout=90_000)
            page.get_by_role("slider").focus()
            page.keyboard.press("End")
            expect(page.get_by_text("Worse than step 50")).to_be_visible(timeout=60_000)


@needs_nginx
def test_without_any_replica_the_proxy_says_when_to_come_back(replicas, visitor):
    url, running, _ = replicas
    for server in running.values():
        server.kill()
        server.wait()
    page = visitor(url)
    expect(page.get_by_text("Reload this page in half a minute")).to_be_visible()
    assert page.request.get(f"{url}/").headers["retry-after"] == "30"


@needs_nginx
def test_figures_of_the_server_are_not_shown_outside(replicas, visitor):
    url, _, _ = replicas
    page = visitor(url)
    assert page.request.get(f"{url}/_stcore/health").ok
    assert page.request.get(f"{url}/_stcore/metrics").status == 404
