"""Axes: what runs are drawn over, so that those of different batch size or length align."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.curve.epochs import known_epochs
from analysis.run import Run
from analysis.schema import STEP

Array = NDArray[np.float64]

SECONDS_PER_HOUR = 3600.0


class Axis(StrEnum):
    """What curves may be drawn over."""

    STEP = "step"
    EPOCH = "epoch"
    SHARE = "share"
    EXAMPLES = "examples"
    TOKENS = "tokens"
    TIME = "time"


TITLES = {
    Axis.STEP: "Step",
    Axis.EPOCH: "Epoch",
    Axis.SHARE: "Share of the run",
    Axis.EXAMPLES: "Examples seen",
    Axis.TOKENS: "Tokens trained",
    Axis.TIME: "Hours since the first step",
}


@dataclass(frozen=True, eq=False)
class Scale:
    """Where every logged step of one run lies on an axis.

    Attributes
    ----------
    steps : array of int64, shape (n,)
        Ascending steps of which the place is known.
    places : array, shape (n,)
        Their places, ascending.
    derived : str
        How the places were derived, in words; empty where they were logged.
    """

    steps: NDArray[np.int64]
    places: Array
    derived: str = ""

    def at(self, steps: NDArray[np.int64] | Array | list[int]) -> Array:
        """Return the places of steps; on a line between the known ones."""
        return np.asarray(np.interp(np.asarray(steps, dtype=np.float64), self.steps, self.places))


def scale_of(run: Run, axis: Axis) -> Scale | None:
    """Return where a run's steps lie on an axis; None where that cannot be known.

    Logged values come first. Else epochs and examples follow from the steps, because every step
    of a job takes one batch, and tokens from the billed total, spread evenly.
    """
    if axis is Axis.STEP:
        return _even(run, float(run.last_step), "")
    if axis is Axis.SHARE:
        return _even(run, 1.0, "")
    if axis is Axis.EPOCH:
        return _logged(run, "epoch") or _epochs(run)
    if axis is Axis.TIME:
        return _time(run)
    if axis is Axis.TOKENS:
        return _logged(run, "num_tokens") or _tokens(run)
    return _examples(run)


def _even(run: Run, end: float, derived: str) -> Scale:
    last = max(run.last_step, 1)
    return Scale(np.array([0, last]), np.array([0.0, end]), derived)


def _epochs(run: Run) -> Scale | None:
    n_epochs = run.n_epochs or known_epochs(run.frame) or _number(run, "n_epochs")
    if not n_epochs:
        return None
    return _even(run, n_epochs, f"epochs from {n_epochs:g} over {run.last_step:,} steps")


def _examples(run: Run) -> Scale | None:
    batch = _number(run, "batch_size")
    if not batch:
        return None
    return _even(run, batch * run.last_step, f"examples from a batch size of {batch:g}")


def _tokens(run: Run) -> Scale | None:
    tokens = run.job.trained_tokens if run.job else None
    if not tokens:
        return None
    return _even(run, tokens, f"tokens from the {tokens:,.0f} billed, spread evenly")


def _time(run: Run) -> Scale | None:
    found = _logged(run, "wall_time")
    if found is not None and len(found.steps) > 1:
        return Scale(found.steps, (found.places - found.places[0]) / SECONDS_PER_HOUR)
    job = run.job
    if job is None or job.created_at is None or job.finished_at is None:
        return None
    hours = (job.finished_at - job.created_at) / SECONDS_PER_HOUR
    if hours <= 0.0:
        return None
    return _even(run, hours, f"time from the job's {hours:.2g} hours, queueing included")


def _logged(run: Run, column: str) -> Scale | None:
    """Return the logged values of a column that only ever grows; None without any."""
    if not run.has(column):
        return None
    logged = run.frame[[STEP, column]].replace([np.inf, -np.inf], np.nan).dropna()
    if logged.empty:
        return None
    grown = np.maximum.accumulate(logged[column].to_numpy(dtype=np.float64))
    return Scale(logged[STEP].to_numpy(dtype=np.int64), np.asarray(grown, dtype=np.float64))


def _number(run: Run, name: str) -> float | None:
    """Return a positive hyperparameter; None where it is not given as a number."""
    given = run.hyperparameters.get(name)
    return float(given) if isinstance(given, int | float) and given > 0 else None
