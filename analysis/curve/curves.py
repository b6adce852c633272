"""The curves behind a run: draws of the underlying training and validation loss."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.curve.gaussian_process import draw_curves
from analysis.curve.readings import Readings, bins_of, readings_of
from analysis.run import Run
from analysis.schema import STEP

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

N_DRAWS = 256
GRID = np.unique(np.concatenate([np.linspace(0, 1, 81), np.linspace(0, 1, 33) ** 2]))
TRAIN_SEED, VALID_SEED = 1, 2

# A full pass reads the same examples each time and wobbles by 0.2-1.5 % in real runs; single
# batches by 5-50 %. These floors only matter where too few readings show their noise.
FULL_PASS_NOISE = 0.01
BATCH_NOISE = 0.05
MIN_FULL = 3  # full passes from which they outrank batch validation on their own


@dataclass(frozen=True, eq=False)
class Curve:
    """Curves compatible with the readings of one metric.

    Attributes
    ----------
    column : str
        The canonical column they rest on.
    readings : Readings
        The readings behind them.
    draws : array, shape (256, n_grid)
        One compatible curve a row, in the metric's unit, at the places of ``GRID``.
    last_step : int
        The run's last step: progress 1.
    """

    column: str
    readings: Readings
    draws: Array
    last_step: int

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

    def mean(self, low: float, high: float) -> Array:
        """Return every draw's mean between two shares of the run, shape (256,)."""
        return np.asarray(self.at_progress(np.linspace(low, high, 9)).mean(axis=1))

    def least(self) -> Array:
        """Return every draw's minimum within the observed span, shape (256,)."""
        return np.asarray(self.draws[:, self._observed()].min(axis=1))

    def step_of_least(self) -> Array:
        """Return the step of every draw's minimum within the observed span, shape (256,)."""
        places = GRID[self._observed()]
        return np.asarray(places[self.draws[:, self._observed()].argmin(axis=1)] * self.last_step)

    def _observed(self) -> Mask:
        """Return which places of the grid lie between the first and the last reading."""
        steps = self.readings.steps / max(self.last_step, 1)
        inside: Mask = (steps[0] - 1e-9 <= GRID) & (steps[-1] + 1e-9 >= GRID)
        return inside if inside.any() else np.ones_like(GRID, dtype=np.bool_)


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
    lost_from : int or None
        Step from which training or validation loss is infinite to the end; None when none is.
    """

    run: Run
    train: Curve | None
    valid: Curve | None
    n_epochs: float | None
    lost_from: int | None = None


def curves_of(run: Run) -> Curves:
    """Return the curves behind an SFT run.

    Full validation outranks batch validation from three passes on; the two are never spliced,
    because they can sit at different levels.
    """
    frame = run.frame
    train = readings_of(frame, "train_loss")
    full, batch = readings_of(frame, "full_valid_loss"), readings_of(frame, "valid_loss")
    use_full = full is not None and (len(full) >= MIN_FULL or batch is None)
    valid, valid_noise = (full, FULL_PASS_NOISE) if use_full else (batch or full, BATCH_NOISE)
    lost = [readings.lost_from for readings in (train, valid) if readings is not None]
    return Curves(
        run=run,
        train=_curve(train, run.last_step, BATCH_NOISE, TRAIN_SEED),
        valid=_curve(valid, run.last_step, valid_noise, VALID_SEED),
        n_epochs=run.n_epochs or inferred_epochs(frame),
        lost_from=min((step for step in lost if step is not None), default=None),
    )


def inferred_epochs(frame: pd.DataFrame) -> float | None:
    """Return the number of epochs that the file itself shows; None when it shows none.

    The platforms run a full validation at the end of each epoch, so evenly spaced full
    validations that end with the run count its epochs. A logged ``epoch`` column says it outright.
    """
    if "epoch" in frame:
        return float(frame["epoch"].max())
    if "full_valid_loss" not in frame:
        return None
    steps = frame.loc[frame["full_valid_loss"].notna(), STEP].to_numpy()
    gaps = np.diff(np.concatenate([[0], steps]))
    last = int(frame[STEP].iloc[-1])
    even = len(gaps) >= 1 and gaps.max() - gaps.min() <= 1
    return float(len(steps)) if even and steps[-1] >= last - 1 else None


def _curve(readings: Readings | None, last_step: int, noise: float, seed: int) -> Curve | None:
    if readings is None or not len(readings):
        return None
    bins = bins_of(readings, last_step, noise)
    logs = draw_curves(bins.x, bins.y, bins.noise, GRID, n_draws=N_DRAWS, seed=seed)
    draws = np.maximum(np.exp(np.clip(logs, -50.0, 50.0)) - bins.floor, 0.0)
    return Curve(readings.column, readings, draws, last_step)
