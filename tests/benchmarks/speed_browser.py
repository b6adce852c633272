"""What a user waits for in a browser: each figure beside its floor or its peer."""

from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from tests.benchmarks import speed_engine as engine
from tests.benchmarks import speed_pages as pages
from tests.benchmarks import speed_servers as servers
from tests.benchmarks.figures import row

SESSIONS = 20
WEIGHTS = (0.3, 0.5, 0.7, 0.8, 0.9)


def in_browser(browser: Browser, folder: Path, trackio: Path | None) -> None:
    """Print every figure that needs a browser."""
    frame = engine.run_of(1_000)
    steps, losses = frame["step"].tolist(), frame["train_loss"].tolist()
    small, large = folder / "small.csv", folder / "large.csv"
    frame.to_csv(small, index=False)
    engine.run_of(1_000_000).to_csv(large, index=False)
    with (
        servers.page_of(servers.EMPTY, folder / "empty") as (empty, _),
        servers.page_of(servers.TEXT, folder / "text") as (text, _),
        servers.app_with(small, folder / "app") as (app, pid),
        servers.tensorboard_with(steps, losses, folder / "board") as peer,
    ):
        _opening(browser, app, empty, peer)
        _moving(browser, app, text)
        _smoothing(browser, app, peer)
        _memory(browser, app, pid)
        light = pages.bytes_of(browser, app)
    if trackio:
        with servers.trackio_with(trackio, steps, losses, folder / "trackio") as peer:
            theirs = median(pages.canvas_smoothing(browser, peer))
        row("smoothing: Trackio redraws (first stroke on its canvas)", theirs)
    with servers.app_with(large, folder / "million") as (app, _):
        pages.opened(browser, app, pages.CHART)
        heavy = pages.bytes_of(browser, app)
    row("MB to the browser: 1,000,000 rows / 1,000 rows", heavy, light, 2.0)
    _uploading(browser, folder)


def cold_start(folder: Path) -> None:
    """Print how long a fresh server takes until it answers, and until it shows its first page."""
    bare = [servers.page_of(servers.EMPTY, folder / f"bare{i}") for i in range(engine.TIMES)]
    app = median(servers.started(servers.whole_app()) for _ in range(engine.TIMES))
    floor = median(servers.started(server) for server in bare)
    row("cold start: server answers / one of an empty page", app, floor)


def _opening(browser: Browser, app: str, empty: str, peer: str) -> None:
    for url in (app, empty):
        pages.opened(browser, url, "document.body.innerText.length > 3")
    seen: dict[str, list[float]] = {name: [] for name in ("verdict", "still", "live", "empty")}
    theirs = []
    for _ in range(engine.TIMES):
        verdict, still, live = pages.opened(browser, app, pages.VERDICT, pages.DRAWING, pages.CHART)
        seen["verdict"].append(verdict)
        seen["still"].append(max(verdict, still))
        seen["live"].append(live)
        seen["empty"] += pages.opened(browser, empty, pages.TITLE)
        theirs += pages.opened(browser, peer, pages.PEER)
    middle = {name: median(values) for name, values in seen.items()}
    row("page open: verdict text / empty page", middle["verdict"], middle["empty"], 1.3)
    row("page open: verdict and drawn curve / empty page", middle["still"], middle["empty"], 1.3)
    row("page open: live chart / empty page", middle["live"], middle["empty"])
    row("page open: live chart / TensorBoard", middle["live"], median(theirs), 1.0)


def _moving(browser: Browser, app: str, text: str) -> None:
    with pages.page_at(browser, text) as page:
        page.get_by_role("slider").wait_for()
        page.wait_for_timeout(1_000)
        floor = median(pages.text_rerun(page) for _ in range(engine.TIMES))
    with pages.page_at(browser, app) as page:
        page.evaluate(f"until(() => {pages.CHART})")
        page.wait_for_timeout(1_500)
        marker = median(pages.key_to_marker(page) for _ in range(engine.TIMES))
        released = median(pages.release_to_verdict(page, i) for i in range(engine.TIMES))
    row("slider key: markers and values painted", marker)
    row("slider let go: verdict there / text-only fragment", released, floor, 1.3)


def _smoothing(browser: Browser, app: str, peer: str) -> None:
    with pages.page_at(browser, peer, pages.NO_WEBGL) as page:
        page.evaluate(f"until(() => {pages.PEER})")
        page.wait_for_timeout(2_000)
        theirs = median(pages.peer_smoothing(page, weight) for weight in WEIGHTS)
    with pages.page_at(browser, app) as page:
        page.evaluate(f"until(() => {pages.CHART})")
        page.wait_for_timeout(1_500)
        page.get_by_role("button", name="EMA").click()
        page.locator(".strength input").wait_for()
        page.wait_for_timeout(1_000)
        ours = median(pages.smoothing(page, weight) for weight in WEIGHTS)
    row("smoothing: line drawn anew / TensorBoard's", ours, theirs, 1.0)


def _memory(browser: Browser, app: str, pid: int) -> None:
    one = servers.memory_of(pid)
    contexts = [browser.new_context() for _ in range(SESSIONS)]
    for context in contexts:
        page = context.new_page()
        page.goto(app)
        page.wait_for_selector(".picture", timeout=120_000)
    many = servers.memory_of(pid)
    for context in contexts:
        context.close()
    row(f"MB of the server: {SESSIONS} more sessions / before", many, one, 3.0)


def _uploading(browser: Browser, folder: Path) -> None:
    with servers.whole_app() as (app, _):
        for n_rows in (1_000, 100_000, 1_000_000):
            path = folder / f"{n_rows}.csv"
            engine.run_of(n_rows).to_csv(path, index=False)
            times = 3 if n_rows == 1_000_000 else engine.TIMES
            taken = median(pages.uploaded(browser, app, path) for _ in range(times))
            floor = engine.parse(path.read_bytes())
            row(f"{n_rows:,} rows, in the browser: uploaded to judged / parse", taken, floor)
