"""How fast many files are screened: ``python -m tests.benchmarks.screening``.

Writes result files of a known kind into a temporary folder, times the engine alone on some of them
(read, judge and flatten in one process), and screens them all with the command, a process a core.
Prints the rate against engine time x files / cores, and the memory of the whole process tree as it
grows. Processor time is told beside the clock: it is what stays true on a machine that others use.
Ends with 1 if the ratio is too high or the memory is not flat.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from analysis.screening.judging import Task, judge
from analysis.screening.units import Unit
from tests.builders import csv_of, falling, make_frame, noisy, sparse, turning
from tests.shared_data import ROOT

MAX_RATIO = 1.5
MAX_GROWTH = 1.25  # of memory from half of the files to the end
KINDS = 50  # different curves, which the files share
SAMPLE = 40  # files on which the engine is timed alone
PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Measure, print, and return the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        files = written(Path(folder) / "runs", options.files, options.rows)
        alone = engine_seconds(files[:: max(1, len(files) // SAMPLE)])
        out = Path(folder) / "out.csv"
        seconds, used, memory = screened(Path(folder) / "runs", out, options)
        again, _, _ = screened(Path(folder) / "runs", out, options)
        after = engine_seconds(files[:: max(1, len(files) // SAMPLE)])
    engine = statistics.fmean([alone[0], after[0]])
    busy = statistics.fmean([alone[1], after[1]])
    ratio = seconds / (engine * options.files / options.workers)
    _print(f"{options.files:,} files of {options.rows:,} rows, {options.workers} workers")
    _print(f"engine alone: {engine * 1e3:.1f} ms a file ({alone[0] * 1e3:.1f} before, "
           f"{after[0] * 1e3:.1f} after), {busy * 1e3:.1f} ms of processor time")  # fmt: skip
    _print(f"screened in {seconds:.1f} s: {options.files / seconds:.1f} files a second")
    _print(f"ratio to engine x files / cores: {ratio:.2f} (at most {MAX_RATIO})")
    _print(f"processor time to engine x files: {used / (busy * options.files):.2f}")
    _print(f"called again, all kept: {again:.1f} s")
    at = [memory[int(share * (len(memory) - 1))] for share in (0.1, 0.5, 1.0)]
    tenth, half, end = (max(memory[: int(s * len(memory)) + 1]) / 1e6 for s in (0.1, 0.5, 1.0))
    _print(f"peak memory of all processes up to a tenth, half, end: {tenth:.0f}, {half:.0f}, "
           f"{end:.0f} MB ({', '.join(f'{value / 1e6:.0f}' for value in at)} at them)")  # fmt: skip
    return int(ratio > MAX_RATIO or end > MAX_GROWTH * half)


def written(folder: Path, n_files: int, n_rows: int) -> list[Path]:
    """Write result files, each of its own bytes, and return their paths."""
    folder.mkdir()
    contents = [_content(kind, n_rows) for kind in range(KINDS)]
    paths = []
    for number in range(n_files):
        path = folder / f"run-{number:06d}.csv"
        header, _, rows = contents[number % KINDS].partition(b"\n")
        # A column of its own makes each file's bytes and hash its own.
        path.write_bytes(header + b",run\n" + rows.replace(b"\n", b",%d\n" % number))
        paths.append(path)
    return paths


def _content(kind: int, n_rows: int) -> bytes:
    rng = np.random.default_rng(kind)
    best, worse = rng.uniform(0.4, 0.9), rng.uniform(0.0, 0.5)
    train = noisy(falling(2.0, rng.uniform(0.2, 0.9), n_rows), 0.05, kind)
    valid = sparse(noisy(turning(best, worse, n_rows), 0.03, kind + 1), 10)
    return csv_of(make_frame(train_loss=train, valid_loss=valid).round(5))


def engine_seconds(paths: list[Path]) -> tuple[float, float]:
    """Return the mean seconds a file takes in this process alone, by clock and by processor."""
    judge(Task(Unit((str(paths[0]),)), full=False))
    began, busy = time.perf_counter(), time.process_time()
    for path in paths:
        judge(Task(Unit((str(path),)), full=False))
    taken, used = time.perf_counter() - began, time.process_time() - busy
    return taken / len(paths), used / len(paths)


def screened(
    folder: Path, out: Path, options: argparse.Namespace
) -> tuple[float, float, list[int]]:
    """Return the command's seconds by clock and by processor, and its memory on the way."""
    command = [
        sys.executable, "-m", "analysis", "screen", str(folder), "--format", "csv",
        "--workers", str(options.workers), "--out", str(out),
    ]  # fmt: skip
    began, memory = time.perf_counter(), []
    before = _children_time()
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory.append(tree_memory(process.pid))
            time.sleep(0.25)
        if process.returncode != 0:
            raise RuntimeError(f"the command ended with {process.returncode}")
    return time.perf_counter() - began, _children_time() - before, memory


def _children_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree_memory(root: int) -> int:
    """Return the resident bytes of a process and all that it started."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        place = Path("/proc") / str(pid)
        try:
            total += int((place / "statm").read_text().split()[1]) * PAGE
            for task in (place / "task").iterdir():
                waiting.extend(int(child) for child in (task / "children").read_text().split())
        except (OSError, IndexError):  # it has just ended
            continue
    return total


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.screening")
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what a benchmark is for


if __name__ == "__main__":
    sys.exit(main())
