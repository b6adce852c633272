"""Hostile input in the browser: what names and cells hold is shown as text and does nothing."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import Page, expect

from analysis.screening.output import csv_of as screening_csv
from tests.analysis.sources.packed import zipped
from tests.journeys.test_sharing import download
from tests.servers.payloads import azure_job, results

# Each is short: names are cut to 80 characters.
HOSTILE = (
    "<img src=x onerror=pwned=1>",
    "<script>pwned=1</script><svg onload=pwned=1>",
    "[link](http://evil.example/l) <http://evil.example/a>",
    "![i](http://evil.example/i.png)",
    "http://evil.example/auto www.evil.example a@evil.example",
    "[x](javascript:pwned=1) javascript:pwned=1",
    "**bold** $x^2$ `code` ~~gone~~",
    ":material/home: :red[red] :blue-badge[b] :smile:",
    "# title\n- item\n\n> quote",
    "'+(pwned=1)+' datum['a'] ${pwned=1} {{pwned=1}}",
    "=cmd|' /C calc'!A1",
    "+1+1 @SUM(1) -1",
    "abc\u202egpj.exe\u2066\u200f\u0007\u001b[31m\ufeff",
    '"><b>x</b>',
)
INVISIBLE = "\u202e\u2066\u200f\u0007\u001b\ufeff"
PAGES = ("Overview", "Run", "Compare", "Decide", "Runs", "Metrics", "Grader", "Report")
# What hostile text would have become, had it been taken for markup.
BECOME = """() => {
    const all = (what) => [...document.querySelectorAll(what)];
    const main = document.querySelector("[data-testid=stApp]");
    return {
        ran: window.pwned !== undefined,
        images: all("img").map((e) => e.src).filter((s) => /evil|\\/x$/.test(s)),
        links: all("a").map((e) => e.href).filter((s) => /evil|javascript:/i.test(s)),
        loaded: all("script, link, iframe, object, embed, video, audio")
            .filter((e) => /evil|pwned/.test(e.outerHTML)).map((e) => e.outerHTML),
        handlers: all("*").filter((e) => e.hasAttribute("onerror") || e.hasAttribute("onload"))
            .map((e) => e.outerHTML.slice(0, 200)),
        formulas: all(".katex").length,
        bold: all("b, strong, code, del, h1, blockquote").map((e) => e.textContent)
            .filter((t) => ["bold", "code", "gone", "x", "title", "quote"].includes(t.trim())),
        text: main.innerText,
    };
}"""

OPEN_ALL = "document.querySelectorAll('details:not([open]) > summary').forEach((e) => e.click())"


def history(name: str, order: int) -> bytes:
    """Return a run as MLflow exports it: names of run and metrics are free text."""
    metrics = [
        {
            "key": key,
            "value": 2.0 / step + order / 50,
            "step": step,
            "timestamp": 1_700_000_000_000 + step,
        }
        for step in range(1, 41)
        for key in ("train_loss", "eval_loss", f"x{name}", f"graders/{name}/train_reward")
    ]
    return json.dumps({"run_id": f"r{order}", "run_name": name, "metrics": metrics}).encode()


def files() -> list[tuple[str, bytes]]:
    """Return hostile files of every kind that the Overview takes."""
    runs = [(f"h{order}.json", history(name, order)) for order, name in enumerate(HOSTILE)]
    store = {
        f"p{order}/params/{key.replace('/', '_')}": f"{value} {order}".encode()
        for order in range(3)
        for key, value in (("lr", HOSTILE[0]), (HOSTILE[3], HOSTILE[7]), (HOSTILE[12], "1"))
    } | {
        f"p{order}/metrics/{side}_loss": b"".join(
            b"%d %f %d\n" % (1_691_409_746_901 + step, 2 / step + order, step)
            for step in range(1, 31)
        )
        for order in range(3)
        for side in ("train", "eval")
    }  # fmt: skip
    job = azure_job("ftjob-0a1", fine_tuned_model=HOSTILE[0], suffix=HOSTILE[3])
    job["hyperparameters"] = {"n_epochs": HOSTILE[7], HOSTILE[0]: HOSTILE[3]}
    unknown = ",".join(f'"{name}"' for name in HOSTILE if "\n" not in name and '"' not in name)
    cells = ",".join(
        f'"{name}"' for name in reversed(HOSTILE) if "\n" not in name and '"' not in name
    )
    return [
        *runs,
        ("store.zip", zipped(store)),
        ("job.json", json.dumps(job).encode()),
        ("file-of-ftjob-0a1.csv", results()),
        (f"{HOSTILE[0]}.csv", f"{unknown}\n{cells}\n{cells}\n".encode()),
        (f"{HOSTILE[3].replace('/', '')}.csv", b"\0"),
        (f"{HOSTILE[12]}.csv", b"\0"),
        ("notes.toml", f'[columns]\n"{HOSTILE[3]}" = "{HOSTILE[7]}"\n'.encode()),
    ]  # fmt: skip


def drop(page: Page, dropped: list[tuple[str, bytes]], place: int = 0) -> None:
    page.locator("input[type=file]").nth(place).set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in dropped]
    )


def settled(page: Page) -> None:
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    page.wait_for_timeout(700)  # charts draw after the script has ended


def check(page: Page) -> str:
    """Fail where hostile text became more than text; return what is shown."""
    settled(page)
    page.evaluate(OPEN_ALL)
    settled(page)
    found = page.evaluate(BECOME)
    text = found.pop("text")
    assert found == {
        "ran": False, "images": [], "links": [], "loaded": [], "handlers": [], "formulas": 0,
        "bold": [],
    }  # fmt: skip
    assert not set(INVISIBLE) & set(text), page.url
    return text


@pytest.fixture
def watched(page: Page):
    """A page that may ask nobody but the app, and open no dialog."""
    strangers: list[str] = []
    page.on("dialog", lambda dialog: (strangers.append(dialog.message), dialog.dismiss()))
    page.on(
        "request", lambda request: strangers.append(request.url) if "evil" in request.url else None
    )
    page.context.on("page", lambda opened: strangers.append(opened.url))
    yield page
    assert strangers == []


def test_hostile_names_and_cells_do_nothing_on_any_page(address, watched):
    page = watched
    page.goto(address)
    drop(page, files())
    opened = page.get_by_role("button", name="Open", exact=True)
    expect(opened.first).to_be_visible(timeout=60_000)
    shown = check(page)
    page.get_by_role("button", name="Page 2", exact=True).click()
    shown += check(page)
    for words in ("<img src=x onerror=pwned=1>", "**bold** $x^2$", ":red[red]", "=cmd|"):
        assert words in shown
    for name in PAGES[1:]:
        page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title(f"{name} · Goldilocks")
        if name == "Runs":
            drop(page, [("runs.csv", table())])
            settled(page)
        if name == "Grader":
            drop(page, [("scores.csv", scores())])
            settled(page)
        if name == "Run":
            walk_runs(page)
        check(page)
        for tab in page.get_by_role("tab").all():
            tab.click()
            check(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Report").click()
    exports(page)


def walk_runs(page: Page) -> None:
    """Look at every loaded run once, by the list of runs."""
    box = page.get_by_role("combobox", name="Run", exact=True)
    for order in range(len(HOSTILE)):
        box.click()
        page.get_by_role("option").nth(order).click()
        check(page)


def table() -> bytes:
    """Return the table of a screening whose runs have hostile names."""
    row = {
        "method": "sft", "last_step": 3, "headline": "healthy", "status": "pass",
        "confidence": 0.9, "statement": HOSTILE[1], "action": "deploy", "step": 2,
        "model": HOSTILE[3],
    }  # fmt: skip
    return screening_csv({"name": name, "path": name, **row} for name in HOSTILE)


def scores() -> bytes:
    out = io.StringIO()
    names = [HOSTILE[0], HOSTILE[3], HOSTILE[7], HOSTILE[12]]
    csv.writer(out).writerows([names, *[[n / 40, 1 - n / 50, n % 2, 0.5] for n in range(40)]])
    return out.getvalue().encode()


def exports(page: Page) -> None:
    """Check every file that can be taken along."""
    page.get_by_role("radio", name="All loaded runs").click()
    settled(page)
    rows = list(csv.reader(io.StringIO(download(page, "CSV").read_text())))
    cells = [cell for row in rows for cell in row]
    assert len(rows) > len(HOSTILE)
    assert any("cmd" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    html = download(page, "HTML").read_text()
    markdown = download(page, "Markdown").read_text()
    for text in (html, markdown, *cells):
        assert not set(INVISIBLE) & set(text)
    page.goto("about:blank")
    page.set_content(html)
    for what in ("script", "img", "a", "iframe", "[onerror]", "[onload]"):
        assert page.locator(what).count() == 0
    assert page.evaluate("window.pwned") is None
    loose = re.sub(r"\\.", "", re.sub(r"`[^`]*`", "", markdown))
    for markup in ("](", "![", "<", "://", "**bold"):
        assert markup not in loose
