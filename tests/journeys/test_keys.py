"""Keys stay in the session's memory: nothing shown, asked for, written or taken along holds one."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.serving import Served, app_served
from tests.journeys.test_connect import tick_first_row
from tests.journeys.test_hostile_input import settled
from tests.servers.fine_tuning import AZURE_KEY, OPENAI_KEY, Platform, Reply, error, serving
from tests.servers.payloads import azure_job, checkpoints, events, openai_job, results

WRONG = {"openai": "sk-proj-WrongWrongWrong0123456789", "azure": "fedcba9876543210fedcba9876543210"}
KEYS = {"openai": OPENAI_KEY, "azure": AZURE_KEY}
JOB = "ftjob-0a1"
# All of the page but what stands in the password field itself.
SHOWN = """() => {
    const page = document.documentElement.cloneNode(true);
    page.querySelectorAll("input[type=password]").forEach((field) => field.remove());
    const typed = [...document.querySelectorAll("input:not([type=password]), textarea")];
    return page.outerHTML + typed.map((field) => field.value) + location.href
        + JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]);
}"""


class Witness:
    """Collects all that leaves the server's memory, and fails where a key is in it."""

    def __init__(self, app: Served, page: Page, keys: tuple[str, ...]) -> None:
        self.app, self.page, self.keys = app, page, keys
        self.asked: list[str] = []
        self.told: list[bytes] = []
        page.on("request", lambda request: self.asked.append(f"{request.url} {request.headers}"))
        page.on("websocket", lambda socket: socket.on("framereceived", self._keep))

    def _keep(self, payload: str | bytes) -> None:
        self.told.append(payload if isinstance(payload, bytes) else payload.encode())

    def look(self, *more: bytes) -> None:
        """Check the page, its address and requests, what it was sent, what the server wrote."""
        texts = [
            self.page.evaluate(SHOWN).encode(), self.app.written().encode(), *self.told, *more,
            "\n".join(self.asked).encode(), *(part for each in more for part in members(each)),
        ]  # fmt: skip
        for text in texts:
            for key in self.keys:
                assert key.encode() not in text
                assert key[8:20].encode() not in text

    def download(self, label: str) -> bytes:
        settled(self.page)
        with self.page.expect_download() as event:
            self.page.get_by_role("button", name=label).first.click()
        return Path(event.value.path()).read_bytes()


def members(content: bytes) -> list[bytes]:
    """Return the files in a zip, those in zips within it too; nothing for another file."""
    if not content.startswith(b"PK"):
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inner = [archive.read(name) for name in archive.namelist()]
    return [*inner, *(part for each in inner for part in members(each))]


def platform_of(provider: str) -> Platform:
    """Return a platform that quotes the key in events and in the job, as a grader's header may."""
    key = KEYS[provider]
    echo = {"metadata": {"note": f"made with {key}"}, "integrations": [{"api_key": key}]}
    made = openai_job if provider == "openai" else azure_job
    told = [{**each, "message": f"{each['message']} (key {key})"} for each in events(60)]
    return Platform(
        key=key, jobs=[made(JOB, **echo)], files={f"file-of-{JOB}": results()},
        checkpoints={JOB: checkpoints(JOB)}, events={JOB: told},
    )  # fmt: skip


def connect(page: Page, provider: str, address: str, key: str) -> None:
    name = "API key" if provider == "openai" else "Key or Entra token"
    page.get_by_role("textbox", name=name).fill(key)
    page.get_by_role("textbox", name="Address").fill(address)
    page.get_by_role("button", name="Connect").click()


@pytest.mark.parametrize("provider", KEYS)
def test_a_key_is_nowhere_but_in_memory(provider, tmp_path, page):
    key, platform = KEYS[provider], platform_of(provider)
    elsewhere = Platform(key=key)
    with app_served(tmp_path) as app, serving(platform), serving(elsewhere):
        witness = Witness(app, page, (key, WRONG[provider]))
        page.goto(app.url)
        page.get_by_role("tab", name="OpenAI or Azure").click()
        page.get_by_role("radio", name=provider, exact=False).click()

        for fault, said in faults(platform, elsewhere, key):
            fault()
            connect(page, provider, platform.url, key)
            expect(page.get_by_text(said).first).to_be_visible(timeout=60_000)
            witness.look()
            platform.mend()
        connect(page, provider, platform.url, WRONG[provider])
        expect(page.get_by_text("The key was not accepted").first).to_be_visible(timeout=60_000)
        witness.look()

        connect(page, provider, platform.url, key)
        expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="as archive").click()
        expect(page.get_by_role("button", name="Download 1 job")).to_be_visible(timeout=60_000)
        archive = witness.download("Download 1 job")
        assert b"tickets" in b"".join(members(archive))
        witness.look(archive)

        tick_first_row(page)
        page.get_by_role("button", name="Watch", exact=True).click()
        expect(page.get_by_text("ended; last look")).to_be_visible(timeout=60_000)
        witness.look()
        page.get_by_role("button", name="Stop watching").click()
        expect(page.get_by_text("ended; last look")).not_to_be_visible()
        page.get_by_role("tab", name="OpenAI or Azure").click()
        settled(page)
        if page.get_by_role("button", name="Open 1 job").count() == 0:
            tick_first_row(page)
        page.get_by_role("button", name="Open 1 job").click()
        opened = page.get_by_role("button", name="Open", exact=True)
        expect(opened).to_be_visible(timeout=60_000)
        witness.look()

        page.get_by_test_id("stSidebar").get_by_role("link", name="Report").click()
        expect(page.get_by_text("Link to the run")).to_be_visible(timeout=60_000)
        taken = [witness.download(form) for form in ("HTML", "Markdown", "JSON", "CSV")]
        taken.append(witness.download("Save the workspace"))
        assert json.loads(taken[2])["runs"]
        assert b"train_loss" in b"".join(members(taken[4]))
        witness.look(*taken)
    assert elsewhere.seen == []
    assert any(key in str(request.headers) for request in platform.seen)
    assert key.encode() not in app.log.read_bytes()


def faults(platform: Platform, elsewhere: Platform, key: str):
    """Return ways in which a platform fails while it quotes the key, and what the page says."""
    page = f"<!DOCTYPE html><html>{key}</html>".encode()
    quoting = {"x-request-id": key, "x-key": key}
    away = {"Location": f"{elsewhere.url}/v1/fine_tuning/jobs?key={key}"}
    return (
        (lambda: platform.fault("jobs", error(400, f"Bad key {key}", key, **quoting)),
         "The platform refused the call"),
        (lambda: platform.fault("jobs", error(403, f"{key} may not")), "This key may not do that"),
        (lambda: platform.fault("jobs", Reply(200, page, content_type="text/html")), "web page"),
        (lambda: platform.fault("jobs", Reply(200, f'"{key}'.encode())), "The answer is none"),
        (lambda: platform.fault("jobs", Reply(302, headers=away)), "another address"),
    )  # fmt: skip
