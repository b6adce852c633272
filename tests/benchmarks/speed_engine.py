"""Times without a browser: reading, judging, many runs, imports."""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from pyarrow import csv

from analysis import Upload, diagnose, read_uploads
from tests.shared_data import ROOT

TIMES = 5


def times(act: Callable[[], object], count: int = TIMES) -> float:
    """Return the median seconds of several calls."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return median(taken)


def run_of(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Return a made-up run with a validation every hundredth of it."""
    random = np.random.default_rng(seed)
    share = np.arange(n_rows) / n_rows
    train = 0.5 + 1.5 * np.exp(-6.0 * share) + random.normal(0.0, 0.05, n_rows)
    steps = np.arange(1, n_rows + 1)
    valid = np.where(steps % max(n_rows // 100, 1) == 0, train + 0.1, np.nan)
    columns = {"step": steps, "train_loss": train, "train_accuracy": 1.0 - train / 4.0}
    return pd.DataFrame({**columns, "valid_loss": valid}).round(5)


def parse(content: bytes) -> float:
    """Return the seconds of pyarrow's parse: the floor."""
    return times(lambda: csv.read_csv(io.BytesIO(content)))


def verdict(content: bytes) -> tuple[float, float]:
    """Return the seconds to read a file, and to judge its run."""
    upload = [Upload("run.csv", content)]
    reading = times(lambda: read_uploads(upload))
    run = read_uploads(upload).runs[0]
    return reading, times(lambda: diagnose(run))


def screened(n_runs: int, folder: Path) -> tuple[float, float]:
    """Return the seconds to screen a folder of runs, and those of reading and judging one.

    The one is the mean of several, each met for the first time, as in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(n_runs):
        (folder / f"run{seed:04}.csv").write_text(run_of(1_000, seed).to_csv(index=False))
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "analysis", "screen", str(folder)],
        cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    taken = time.perf_counter() - start
    paths = sorted(folder.iterdir())[:TIMES]
    start = time.perf_counter()
    for path in paths:
        diagnose(read_uploads([Upload(path.name, path.read_bytes())]).runs[0])
    return taken, (time.perf_counter() - start) / len(paths)


def imported() -> float:
    """Return the seconds until the app's modules are imported in a fresh process."""
    command = [sys.executable, "-c", "import app"]
    return times(
        lambda: subprocess.run(command, cwd=ROOT, check=False, stderr=subprocess.DEVNULL), 3
    )
