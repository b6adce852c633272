"""Quality of the verdicts on runs whose truth is known: ``python -m tests.benchmarks.verdicts``.

Prints Markdown tables. Generated runs come from the seed given, which is none of those the engine
was developed on (1 to 32).
"""

import argparse
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

from tests.benchmarks.loss_runs import loss_outcome, loss_tables
from tests.benchmarks.reward_runs import reward_outcome, reward_tables
from tests.benchmarks.tiny_runs import tiny_tables
from tests.shared_data import TINY

SEED = 2026
KINDS = ("sft", "rft", "tiny")


def main() -> None:
    """Measure and print."""
    options = _options()
    # One thread of linear algebra for each worker: they would fight over the cores otherwise.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as workers:
        if "sft" in options.kinds:
            _show(loss_tables(_each(workers, partial(loss_outcome, options.seed), options.runs)))
        if "rft" in options.kinds:
            found = _each(workers, partial(reward_outcome, options.seed), options.runs)
            _show(reward_tables(found))
    if "tiny" in options.kinds:
        folder = TINY.parent
        _show(tiny_tables(folder) if TINY.is_dir() else ["Tiny runs: not on this machine"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.verdicts")
    parser.add_argument("--runs", type=int, default=2_000, help="generated runs of each method")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    return parser.parse_args()


def _each(workers: ProcessPoolExecutor, measure: Callable[[int], Any], n_runs: int) -> list[Any]:
    return list(workers.map(measure, range(n_runs), chunksize=10))


def _show(lines: list[str]) -> None:
    print("\n".join(lines), end="\n\n", flush=True)  # noqa: T201 - what a benchmark is for


if __name__ == "__main__":
    main()
