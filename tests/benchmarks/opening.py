"""How long a large file takes to open: ``python -m tests.benchmarks.opening``.

Opens a CSV of 1,000,000 rows under the header of OpenAI's result files, with every cell a number
and with validation at every tenth step, and does beside it what cannot be left out: pyarrow's own
``read_csv`` and float64 columns in a frame. Prints medians; ends with 1 if the ratio is too high.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from analysis import read

HEADER = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
MAX_RATIO = 2.5


def main() -> int:
    """Measure both tables, print, and return the exit code."""
    options = _options()
    _print(f"| {options.rows:,} rows | size | read_csv and frame | analysis.read | ratio |")
    _print("|---|---|---|---|---|")
    worst = 0.0
    for name, blanks in (("every cell a number", False), ("validation every tenth step", True)):
        content = made(options.rows, blanks=blanks)
        plain, ours = side_by_side(content, options.repeats)
        worst = max(worst, ours / plain)
        size = f"{len(content) / 1e6:.0f} MB"
        _print(f"| {name} | {size} | {plain:.3f} s | {ours:.3f} s | {ours / plain:.2f} |")
    _print(f"\nAt most {MAX_RATIO} allowed.")
    return int(worst > MAX_RATIO)


def made(n_rows: int, *, blanks: bool) -> bytes:
    """Return a result file of this many rows, the validation columns filled at times or always."""
    rng = np.random.default_rng(2026)
    columns = {
        "step": np.arange(1, n_rows + 1),
        "train_loss": np.round(rng.gamma(4.0, 0.25, n_rows), 5),
        "train_accuracy": np.round(rng.beta(9.0, 2.0, n_rows), 5),
        "valid_loss": np.round(rng.gamma(4.0, 0.3, n_rows), 5),
        "valid_mean_token_accuracy": np.round(rng.beta(9.0, 3.0, n_rows), 5),
    }
    frame = pd.DataFrame(columns)
    if blanks:
        frame.loc[frame["step"] % 10 != 0, ["valid_loss", "valid_mean_token_accuracy"]] = np.nan
    return frame.to_csv(index=False).encode()


def plain_frame(content: bytes) -> pd.DataFrame:
    """Return the table as a frame with an integer step and float64 columns, nothing checked."""
    table = csv.read_csv(io.BytesIO(content))
    columns = {
        name: table.column(name).cast(pa.int64() if name == "step" else pa.float64()).to_numpy()
        for name in table.column_names
    }
    return pd.DataFrame(columns)


def side_by_side(content: bytes, repeats: int) -> tuple[float, float]:
    """Return the median seconds of the plain frame and of ``analysis.read``, taken in turns."""
    plain, ours = [], []
    for _ in range(repeats):
        plain.append(_seconds(plain_frame, content))
        ours.append(_seconds(read, content))
    return statistics.median(plain), statistics.median(ours)


def _seconds(work: Callable[[bytes], object], content: bytes) -> float:
    began = time.perf_counter()
    work(content)
    return time.perf_counter() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.opening")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    return parser.parse_args()


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what a benchmark is for


if __name__ == "__main__":
    sys.exit(main())
