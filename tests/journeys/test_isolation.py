"""Isolation: two people at one server, each with a key; neither meets anything of the other."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import csv_of, falling, make_frame, noisy, turning
from tests.journeys.serving import app_served
from tests.journeys.test_connect import tick_first_row
from tests.servers.fine_tuning import Platform, serving
from tests.servers.payloads import checkpoints, openai_job

JOB = "ftjob-shared1"  # the same id on both platforms
STEPS = 120


@dataclass
class Person:
    """Somebody at the server: a browser, a key, and the words that are that person's alone."""

    name: str
    key: str
    page: Page
    platform: Platform
    upload: tuple[str, bytes]
    frames: list[bytes]

    @property
    def own(self) -> tuple[str, ...]:
        return f"{self.name}secret", self.upload[0].removesuffix(".csv"), self.key


def platform_of(name: str, key: str, valid) -> Platform:
    """Return a platform with one job of the shared id, its curve and words of its own."""
    train = noisy(falling(2.0, 0.4, STEPS), 0.03, len(name))
    job = openai_job(JOB, user_provided_suffix=f"{name}secret", fine_tuned_model=f"ft:{name}secret")
    return Platform(
        key=key, jobs=[job],
        files={f"file-of-{JOB}": csv_of(make_frame(train_loss=train, valid_loss=valid))},
        checkpoints={JOB: checkpoints(JOB)},
    )  # fmt: skip


@pytest.fixture
def people(browser: Browser, tmp_path):
    """Two people in two browsers at one server."""
    healthy = noisy(falling(2.0, 0.45, STEPS), 0.02, 5)
    overfit = noisy(turning(0.8, 0.4, STEPS), 0.02, 6)
    ana = platform_of("ana", "sk-proj-AnaAnaAnaAnaAnaAna1234567890", healthy)
    bob = platform_of("bob", "sk-proj-BobBobBobBobBobBob0987654321", overfit)
    with app_served(tmp_path) as app, serving(ana), serving(bob):
        found = []
        for name, platform, valid in (("ana", ana, healthy), ("bob", bob, overfit)):
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.set_default_timeout(60_000)
            frames = received(page)
            page.goto(app.url)
            frame = make_frame(train_loss=falling(2.0, 0.4, STEPS), valid_loss=valid)
            upload = (f"upload-by-{name}.csv", csv_of(frame))
            found.append(Person(name, platform.key, page, platform, upload, frames))
        yield app, *found
        for person in found:
            person.page.context.close()


def connected(person: Person) -> None:
    page = person.page
    page.get_by_role("tab", name="OpenAI or Azure").click()
    page.get_by_role("textbox", name="Address").fill(person.platform.url)
    page.get_by_role("textbox", name="API key").fill(person.key)
    page.get_by_role("button", name="Connect").click()


def listed(person: Person) -> None:
    expect(person.page.get_by_text("1 job").first).to_be_visible(timeout=60_000)
    expect(person.page.get_by_test_id("stDataFrame")).to_be_visible()


def opened(person: Person) -> None:
    tick_first_row(person.page)
    person.page.get_by_role("button", name="Open 1 job").click()
    expect(buttons(person)).to_have_count(1, timeout=60_000)
    person.page.get_by_role("tab", name="Files").click()
    person.page.locator("input[type=file]").first.set_input_files(
        [{"name": person.upload[0], "mimeType": "text/csv", "buffer": person.upload[1]}]
    )
    expect(buttons(person)).to_have_count(2, timeout=60_000)


def buttons(person: Person):
    return person.page.get_by_role("button", name="Open", exact=True)


def everything(page: Page) -> str:
    """Return all that a page shows, holds and asks for, its tables' cells too."""
    stored = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    return f"{page.content()}\n{page.url}\n{stored}"


def test_two_people_with_one_job_id_never_meet(people):
    app, ana, bob = people
    for step in (connected, listed, opened):
        for person in (ana, bob):
            step(person)
    for mine, other in ((ana, bob), (bob, ana)):
        for name in ("Overview", "Run", "Compare", "Runs", "Report"):
            link = mine.page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True)
            link.click()
            expect(mine.page).to_have_title(f"{name} · Goldilocks")
            app_of = mine.page.get_by_test_id("stApp")
            expect(app_of).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
            if name == "Overview":
                assert f"{mine.name}secret" in mine.page.content()
                assert f"upload-by-{mine.name}" in mine.page.content()
            seen = everything(mine.page)
            assert not [word for word in other.own if word in seen]
        told = b"".join(mine.frames)
        assert mine.own[0].encode() in told
        assert mine.key.encode() not in told
        assert not [word for word in other.own if word.encode() in told]
    assert {r.headers["authorization"] for r in ana.platform.seen} == {f"Bearer {ana.key}"}
    assert {r.headers["authorization"] for r in bob.platform.seen} == {f"Bearer {bob.key}"}
    links = [person.page.url for person in (ana, bob)]
    for person, link in zip((ana, bob), reversed(links), strict=True):
        person.page.goto(link.replace("/report", "/run"))  # the other's link
        expect(person.page.get_by_role("heading").first).to_be_visible()
        person.page.goto(app.url)
        person.page.reload()
        expect(person.page.get_by_role("button", name="Open the samples")).to_be_visible()
        seen = everything(person.page)
        assert not [word for each in (ana, bob) for word in each.own if word in seen]
    written = app.written()
    assert not [word for each in (ana, bob) for word in (*each.own, JOB) if word in written]


def received(page: Page) -> list[bytes]:
    """Return the list in which every message to the page's sessions from now on is collected."""
    frames: list[bytes] = []

    def keep(payload: str | bytes) -> None:
        frames.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return frames


def test_the_same_file_of_two_people_is_judged_for_each_alone(people):
    _, ana, bob = people
    shared = ("the-same.csv", ana.upload[1])
    for person in (ana, bob):
        person.page.locator("input[type=file]").first.set_input_files(
            [{"name": shared[0], "mimeType": "text/csv", "buffer": shared[1]}]
        )
        expect(buttons(person)).to_have_count(1, timeout=60_000)
    ana.page.locator("[class*=st-key-remove-] button").first.click()
    expect(buttons(ana)).to_have_count(0, timeout=60_000)
    bob.page.get_by_test_id("stSidebar").get_by_role("link", name="Run", exact=True).click()
    bob.page.get_by_test_id("stSidebar").get_by_role("link", name="Overview").click()
    expect(buttons(bob)).to_have_count(1, timeout=60_000)
