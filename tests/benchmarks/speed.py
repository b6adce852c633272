"""Speed, each figure beside its floor: ``python -m tests.benchmarks.speed``.

Medians of five on this machine, in one run; a run's wait varies with whatever else the machine
does, the ratios less so.
"""

import argparse
import os
import sys
import tempfile
import time
from math import isfinite
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks import speed_engine as engine
from tests.benchmarks import speed_pages as pages
from tests.benchmarks import speed_servers as servers
from tests.journeys.chromium import ARGUMENTS, installed

SESSIONS = 20
WEIGHTS = (0.3, 0.5, 0.7, 0.8, 0.9)


def main() -> int:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="runs to screen")
    parser.add_argument("--no-browser", action="store_true")
    chosen = parser.parse_args()
    _say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    _say(f"{'figure':<58}{'seconds':>9}{'floor':>9}{'ratio':>7}{'bar':>7}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if not chosen.no_browser:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=installed(), args=list(ARGUMENTS)
                )
                _in_browser(browser, folder)
        _engine(folder, chosen.runs)
    return 0


def _in_browser(browser: Browser, folder: Path) -> None:
    frame = engine.run_of(1_000)
    small, large = folder / "small.csv", folder / "large.csv"
    frame.to_csv(small, index=False)
    engine.run_of(1_000_000).to_csv(large, index=False)
    with (
        servers.page_of(servers.EMPTY, folder / "empty") as (empty, _),
        servers.page_of(servers.TEXT, folder / "text") as (text, _),
        servers.app_with(small, folder / "app") as (app, pid),
        servers.tensorboard_with(
            frame["step"].tolist(), frame["train_loss"].tolist(), folder / "board"
        ) as peer,
    ):
        _opening(browser, app, empty, peer)
        _moving(browser, app, text, peer)
        _memory(browser, app, pid)
        light = pages.bytes_of(browser, app)
    with servers.app_with(large, folder / "million") as (app, _):
        pages.opened(browser, app, pages.CHART)
        heavy = pages.bytes_of(browser, app)
    _row("MB to the browser: 1,000,000 rows / 1,000 rows", heavy, light, 2.0)


def _opening(browser: Browser, app: str, empty: str, peer: str) -> None:
    for url in (app, empty):
        pages.opened(browser, url, "document.body.innerText.length > 3")
    seen: dict[str, list[float]] = {"verdict": [], "chart": [], "empty": [], "peer": []}
    for _ in range(engine.TIMES):
        verdict, chart = pages.opened(browser, app, pages.VERDICT, pages.CHART)
        seen["verdict"].append(verdict)
        seen["chart"].append(max(verdict, chart))
        seen["empty"] += pages.opened(browser, empty, pages.TITLE)
        seen["peer"] += pages.opened(browser, peer, pages.PEER)
    middle = {name: median(values) for name, values in seen.items()}
    _row("page open: verdict text / empty page", middle["verdict"], middle["empty"], 1.3)
    _row("page open: verdict and curve / empty page", middle["chart"], middle["empty"], 1.3)
    _row("page open: live chart / TensorBoard", middle["chart"], middle["peer"], 1.0)


def _moving(browser: Browser, app: str, text: str, peer: str) -> None:
    with pages.page_at(browser, text) as page:
        page.get_by_role("slider").wait_for()
        page.wait_for_timeout(1_000)
        floor = median(pages.text_rerun(page) for _ in range(engine.TIMES))
    with pages.page_at(browser, peer) as page:
        page.evaluate(f"until(() => {pages.PEER})")
        page.wait_for_timeout(2_000)
        measured = median(pages.peer_smoothing(page, weight) for weight in WEIGHTS)
        theirs = measured if isfinite(measured) else None  # drawn on a canvas it cannot be seen
    with pages.page_at(browser, app) as page:
        page.evaluate(f"until(() => {pages.CHART})")
        page.wait_for_timeout(1_500)
        marker = median(pages.key_to_marker(page) for _ in range(engine.TIMES))
        released = median(pages.release_to_verdict(page, i) for i in range(engine.TIMES))
        page.get_by_role("button", name="EMA").click()
        page.locator(".strength input").wait_for()
        page.wait_for_timeout(1_000)
        smooth = median(pages.smoothing(page, weight) for weight in WEIGHTS)
    _row("slider key: markers and values / TensorBoard's smoothing", marker, theirs, 0.25)
    _row("slider let go: verdict there / text-only fragment", released, floor, 1.3)
    _row("smoothing: line drawn anew / TensorBoard's", smooth, theirs, 1.0)


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
    _row(f"MB of the server: {SESSIONS} more sessions / before", many, one, 3.0)


def _engine(folder: Path, n_runs: int) -> None:
    for n_rows, bar in ((1_000, None), (100_000, None), (1_000_000, 3.0)):
        content = engine.run_of(n_rows).to_csv(index=False).encode()
        floor = engine.parse(content)
        reading, judging = engine.verdict(content)
        _row(f"{n_rows:,} rows: read / pyarrow's parse", reading, floor, None)
        _row(f"{n_rows:,} rows: read and judge / parse", reading + judging, floor, bar)
    taken, one = engine.screened(n_runs, folder / "runs")
    cores = os.cpu_count() or 1
    _row(f"{n_runs:,} runs screened / read and judge ÷ cores", taken, n_runs * one / cores, 1.5)
    _row("import of the whole app", engine.imported(), None, None)
    _kept()


def _kept() -> None:
    """Print how long the verdict of a run takes that was judged before."""
    from analysis import Upload, diagnose, read_uploads  # noqa: PLC0415
    from analysis.standing import standings  # noqa: PLC0415
    from pages.shared.once import once  # noqa: PLC0415
    from pages.shared.stops import stops_of  # noqa: PLC0415

    content = engine.run_of(1_000).to_csv(index=False).encode()
    report = diagnose(read_uploads([Upload("run.csv", content)]).runs[0])
    stops = stops_of(report)

    def act() -> object:
        return once(report, "standings", lambda: standings(report, stops))

    act()
    _row("verdict at a step, judged before", engine.times(act), 0.02, 1.0)


def _row(name: str, value: float, floor: float | None, bar: float | None) -> None:
    ratio = f"{value / floor:.2f}" if floor else ""
    shown = f"{floor:.3f}" if floor else ""
    _say(f"{name:<58}{value:>9.3f}{shown:>9}{ratio:>7}{'' if bar is None else f'{bar:g}':>7}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    start = time.perf_counter()
    code = main()
    _say(f"\n{time.perf_counter() - start:.0f} s in all")
    sys.exit(code)
