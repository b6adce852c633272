"""Take the pictures of the README again: ``python -m tests.journeys.pictures``."""

import os
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.journeys.chromium import ARGUMENTS, installed
from tests.journeys.scenes import choose_run, open_in_menu, settled
from tests.servers.app import free_port, running_app
from tests.shared_data import ROOT

SIZE = {"width": 1440, "height": 960}


def main() -> None:
    """Write each picture for the light and the dark theme into ``docs/``."""
    port = free_port()
    with running_app(port, Path(os.devnull)), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(ARGUMENTS))
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport=SIZE, color_scheme=scheme).new_page()
            page.goto(f"http://localhost:{port}")
            page.get_by_role("button", name="Open the samples").click()
            take(page, f"overview-{scheme}")
            open_in_menu(page, "Run")
            choose_run(page, "overfit")
            take(page, f"run-{scheme}")
            open_in_menu(page, "Compare")
            take(page, f"compare-{scheme}")
        browser.close()


def take(page: Page, name: str) -> None:
    """Write what the window shows, once it is at rest."""
    settled(page)
    page.mouse.move(0, 0)
    page.screenshot(path=ROOT / "docs" / f"{name}.png")


if __name__ == "__main__":
    main()
