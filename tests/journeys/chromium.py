"""Find Chromium for the browser tests, or install it: ``python -m tests.journeys.chromium``."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.journeys import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Sandboxing needs privileges that containers lack; the rest keeps the browser off the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed() -> str | None:
    """Return the path of an installed Chromium, Playwright's own included; None if none is."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow, and only needed here

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Install Debian's package when that is possible, else Playwright's own download."""
    if not debian.install("chromium"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if installed() is None:
        install()
    sys.stdout.write(f"Chromium: {installed()}\n")
