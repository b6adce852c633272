"""Speed, each figure beside its floor: ``python -m tests.benchmarks.speed``.

Medians of five on this machine, in one run; a run's wait varies with whatever else the machine
does, the ratios less so. Trackio is measured where an environment that has it is named.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from analysis import Upload, diagnose, read_uploads
from analysis.standing import standings
from pages.shared.once import once
from pages.shared.stops import stops_of
from tests.benchmarks import speed_engine as engine
from tests.benchmarks.figures import HEADER, row, say
from tests.benchmarks.speed_browser import cold_start, in_browser
from tests.journeys.chromium import ARGUMENTS, installed


def main() -> int:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="*", default=[100, 1_000], help="runs to screen")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--trackio", type=Path, help="python of an environment with Trackio")
    chosen = parser.parse_args()
    start = time.perf_counter()
    say(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds where nothing else is said"
    )
    say(f"\n{HEADER}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if not chosen.no_browser:
            cold_start(folder)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=installed(), args=list(ARGUMENTS)
                )
                in_browser(browser, folder, chosen.trackio)
        _judging()
        _screening(folder, chosen.runs)
    row("import of the whole app", engine.imported())
    _kept()
    say(f"\n{time.perf_counter() - start:.0f} s in all")
    return 0


def _judging() -> None:
    for n_rows, bar in ((1_000, None), (100_000, None), (1_000_000, 3.0)):
        content = engine.run_of(n_rows).to_csv(index=False).encode()
        floor = engine.parse(content)
        reading, judging = engine.verdict(content)
        row(f"{n_rows:,} rows: read / pyarrow's parse", reading, floor)
        row(f"{n_rows:,} rows: read and judge / parse", reading + judging, floor, bar)


def _screening(folder: Path, counts: list[int]) -> None:
    cores = os.cpu_count() or 1
    for count in counts:
        taken, one = engine.screened(count, folder / f"runs{count}")
        name = f"{count:,} runs on disk to the filled table / read and judge ÷ cores"
        row(name, taken, count * one / cores, 1.5)


def _kept() -> None:
    """Print how long the verdict of a run takes that was judged before."""
    content = engine.run_of(1_000).to_csv(index=False).encode()
    report = diagnose(read_uploads([Upload("run.csv", content)]).runs[0])
    stops = stops_of(report)

    def act() -> object:
        return once(report, "standings", lambda: standings(report, stops))

    act()
    row("verdict at a step, judged before", engine.times(act), 0.02, 1.0)


if __name__ == "__main__":
    sys.exit(main())
