"""How often a difference said to be real is: ``python -m tests.benchmarks.differences``.

Prints, for pairs of checkpoints whose true values are known, how often "A better" or "B better"
was wrong where it was said, how often it was said where the true difference is over 5 %, and how
often the 95 % interval held the truth. Generated runs come from the seed given, which is none of
those the comparison was developed on (1 to 9).
"""

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context

import numpy as np

from tests.benchmarks.pairs import Outcome, loss_outcomes, reward_outcomes, tiny_outcomes
from tests.shared_data import TINY

SEED = 2027
MAX_WRONG, MIN_SAID = 0.05, 0.5  # the bar


def main() -> None:
    """Measure and print."""
    options = _options()
    # One thread of linear algebra for each worker: they would fight over the cores otherwise.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as workers:
        measured = [
            outcome
            for measure in (loss_outcomes, reward_outcomes)
            for outcome in _each(workers, partial(measure, options.seed), options.runs)
        ]
    if TINY.is_dir():
        measured += tiny_outcomes(TINY.parent)
    print("\n".join(table(measured)))  # noqa: T201 - what a benchmark is for


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.differences")
    parser.add_argument("--runs", type=int, default=600, help="generated runs of each method")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    return parser.parse_args()


def _each(
    workers: ProcessPoolExecutor, measure: Callable[[int], list[Outcome]], n_runs: int
) -> list[Outcome]:
    return list(chain.from_iterable(workers.map(measure, range(n_runs), chunksize=10)))


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the figures of every kind of pair, and of all, as Markdown lines."""
    kinds = list(dict.fromkeys(outcome.kind for outcome in outcomes))
    lines = [
        "| pairs | number | said | wrong where said | said where over 5 % | interval holds |",
        "|---|---|---|---|---|---|",
        *(_row(kind, [o for o in outcomes if o.kind == kind]) for kind in kinds),
        _row("**all**", outcomes),
    ]
    wrong, found = wrong_share(outcomes), said_share(outcomes)
    held = wrong <= MAX_WRONG and found > MIN_SAID
    return [
        *lines,
        "",
        f"The bar (wrong in at most 5 %, said in most) {'holds' if held else 'fails'}.",
    ]


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    said, covered = ([getattr(o, field) for o in outcomes] for field in ("said", "covered"))
    return (
        f"| {name} | {len(outcomes)} | {np.mean(said):.0%} | {wrong_share(outcomes):.1%} | "
        f"{said_share(outcomes):.0%} | {np.mean(covered):.1%} |"
    )


def wrong_share(outcomes: Sequence[Outcome]) -> float:
    """Return how often the one called better is not; 0 if none ever was."""
    said = [outcome.wrong for outcome in outcomes if outcome.said]
    return float(np.mean(said)) if said else 0.0


def said_share(outcomes: Sequence[Outcome]) -> float:
    """Return how often one was called better where they differ by over 5 %; 0 if none does."""
    large = [outcome.said for outcome in outcomes if outcome.large]
    return float(np.mean(large)) if large else 0.0


if __name__ == "__main__":
    main()
