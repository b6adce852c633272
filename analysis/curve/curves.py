"""The curves behind a run: draws of the underlying training and validation loss."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.curve.epochs import known_epochs, plausible_epochs
from analysis.curve.gaussian_process import draw_curves
from analysis.curve.points import loss_points
from analysis.curve.readings import Readings, readings_of
from analysis.run import Run
from analysis.schema import LOSSES

Array = NDArray[np.float64]

N_DRAWS = 256
GRID = np.unique(np.concatenate([np.linspace(0, 1, 81), np.linspace(0, 1, 33) ** 2]))
SEED = 1
SETTLED = 0.02  # share of the run before which no minimum is sought: nothing is known there
WINDOW = 9  # places at which a window's mean is taken
SURE = 0.6  # share of the draws that must agree on the epochs before seams are drawn


@dataclass(frozen=True, eq=False)
class Curve:
    """Curves compatible with the readings of one metric.

    Attributes
    ----------
    readings : Readings
        The readings behind them.
    draws : array, shape (256, n_grid)
        One compatible curve a row, in the metric's unit, at the places of ``GRID``.
    last_step : int
        The run's last step: progress 1.
    """

    readings: Readings
    draws: Array
    last_step: int

    @property
    def column(self) -> str:
        """The canonical column that sets the level."""
        return self.readings.column

    def at(self, steps: NDArray[np.int64] | list[int]) -> Array:
        """Return every draw's value at these steps, shape (256, n_steps)."""
        return self.at_progress(np.asarray(steps, dtype=np.float64) / max(self.last_step, 1))

    def at_progress(self, places: Array) -> Array:
        """Return every draw's value at these shares of the run, shape (256, n_places)."""
        right = np.clip(np.searchsorted(GRID, places), 1, len(GRID) - 1)
        share = (places - GRID[right - 1]) / (GRID[right] - GRID[right - 1])
        return np.asarray(self.draws[:, right - 1] * (1.0 - share) + self.draws[:, right] * share)

    def middle(self, steps: NDArray[np.int64] | list[int]) -> Array:
        """Return the median over the draws at these steps, shape (n_steps,)."""
        return np.asarray(np.median(self.at(steps), axis=0))

    def mean(self, low: float | Array, high: float | Array) -> Array:
        """Return every draw's mean between two shares of the run, which may differ by draw."""
        if isinstance(low, float) and isinstance(high, float):
            return np.asarray(self.at_progress(np.linspace(low, high, WINDOW)).mean(axis=1))
        places = np.linspace(*np.broadcast_arrays(low, high, np.empty(len(self.draws)))[:2], WINDOW)
        values = [self._diagonal(place) for place in places]
        return np.asarray(np.mean(values, axis=0))

    def _diagonal(self, places: Array) -> Array:
        """Return each draw's value at its own place, shape (256,)."""
        right = np.clip(np.searchsorted(GRID, places), 1, len(GRID) - 1)
        share = (places - GRID[right - 1]) / (GRID[right] - GRID[right - 1])
        rows = np.arange(len(self.draws))
        return np.asarray(
            self.draws[rows, right - 1] * (1.0 - share) + self.draws[rows, right] * share
        )

    def least(self) -> Array:
        """Return every draw's minimum once the run has started, shape (256,)."""
        return np.asarray(self.draws[:, GRID >= SETTLED].min(axis=1))

    def step_of_least(self) -> Array:
        """Return the step of every draw's minimum, shape (256,)."""
        places = GRID[GRID >= SETTLED]
        return np.asarray(places[self.draws[:, GRID >= SETTLED].argmin(axis=1)] * self.last_step)


@dataclass(frozen=True, eq=False)
class Curves:
    """Everything the rules look at.

    Attributes
    ----------
    run : Run
        The run itself.
    train, valid : Curve or None
        Training and validation loss; None when never logged as a finite value.
    n_epochs : float or None
        Passes over the data, from the job or inferred from full validations.
    epochs : array, shape (256,)
        Passes over the data in every draw: the known number, or plausible ones.
    lost_from : int or None
        Step from which training or validation loss is infinite to the end; None when none is.
    """

    run: Run
    train: Curve | None
    valid: Curve | None
    n_epochs: float | None
    epochs: Array
    lost_from: int | None = None


def curves_of(run: Run) -> Curves:
    """Return the curves behind an SFT run.

    Full validation outranks batch validation: it sets the level. Batches, their cycle folded,
    only add shape, at an unknown distance from it, because they may weigh tokens otherwise.
    """
    logged = {name: readings_of(run.frame, name) for name in LOSSES}
    lost = [readings.lost_from for readings in logged.values() if readings is not None]
    seen = loss_points(logged, run.last_step)
    n_epochs = run.n_epochs or known_epochs(run.frame)
    epochs = np.full(N_DRAWS, n_epochs) if n_epochs else plausible_epochs(seen, N_DRAWS)
    curves = Curves(
        run=run,
        train=None,
        valid=None,
        n_epochs=n_epochs,
        epochs=epochs,
        lost_from=min((step for step in lost if step is not None), default=None),
    )
    if seen is None:
        return curves
    seams = n_epochs or _agreed(epochs)
    logs = draw_curves(seen.points, GRID, n_epochs=seams, n_draws=N_DRAWS, seed=SEED)
    train, valid = (np.maximum(np.exp(np.clip(x, -50.0, 50.0)) - seen.floor, 0.0) for x in logs)
    return replace(
        curves,
        train=seen.train and Curve(seen.train, train, run.last_step),
        valid=seen.valid and Curve(seen.valid, valid, run.last_step),
    )


def _agreed(epochs: Array) -> float | None:
    """Return the number of epochs that most draws have; None when they disagree."""
    values, counts = np.unique(epochs, return_counts=True)
    top = int(counts.argmax())
    return float(values[top]) if counts[top] >= SURE * len(epochs) else None
