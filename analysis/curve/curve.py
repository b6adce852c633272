"""A curve: draws of the noise-free course of one metric, compatible with what was logged."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.curve.readings import Readings
from analysis.curve.span import progress

Array = NDArray[np.float64]

N_DRAWS = 256
GRID = np.unique(np.concatenate([np.linspace(0, 1, 81), np.linspace(0, 1, 33) ** 2]))
FINE = np.unique(np.concatenate([np.linspace(a, b, 9) for a, b in pairwise(GRID)]))
MANY_STEPS = 4_000
SEED = 1
SETTLED = 0.02  # share of the run before which no extreme is sought: nothing is known there
WINDOW = 9  # places at which a window's mean is taken


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
    beside : Readings or None
        Readings of a second column of the same kind, which add to the shape.
    first_step : int
        The step of progress 0: 0, or the first that was logged where the file begins late.
    """

    readings: Readings
    draws: Array
    last_step: int
    beside: Readings | None = None
    first_step: int = 0

    @property
    def begins_late(self) -> bool:
        """Whether nothing of the start of the run was logged."""
        return self.first_step > 0

    @property
    def steps(self) -> Array:
        """The steps at the places of ``GRID``, shape (n_grid,)."""
        return np.asarray(self.first_step + GRID * (self.last_step - self.first_step))

    def progress(self, steps: NDArray[np.int64]) -> Array:
        """Return steps as shares of the run, or of its logged part where the file begins late."""
        return progress(steps, self.first_step, self.last_step)

    def step_at(self, share: float) -> int:
        """Return the step at a share of the run, or of its logged part."""
        return self.first_step + int(share * (self.last_step - self.first_step))

    @property
    def column(self) -> str:
        """The canonical column that sets the level."""
        return self.readings.column

    @property
    def span(self) -> tuple[int, int]:
        """First and last step of the readings behind it."""
        behind = [r for r in (self.readings, self.beside) if r is not None]
        return min(int(r.steps[0]) for r in behind), max(int(r.steps[-1]) for r in behind)

    def at(self, steps: NDArray[np.int64] | list[int]) -> Array:
        """Return every draw's value at these steps, shape (256, n_steps)."""
        return self.at_progress(self.progress(np.asarray(steps, dtype=np.int64)))

    def middle(self, steps: NDArray[np.int64] | list[int]) -> Array:
        """Return the median over the draws at these steps, shape (n_steps,).

        Of very many steps it is taken at ``FINE`` places and lies on lines between them: draws
        are straight within a cell of ``GRID``, and a cell holds several of those places.
        """
        if len(steps) <= MANY_STEPS:
            return np.asarray(np.median(self.at(steps), axis=0))
        medians = np.median(self.at_progress(FINE), axis=0)
        places = self.progress(np.asarray(steps, dtype=np.int64))
        return np.asarray(np.interp(places, FINE, medians))

    @cached_property
    def at_readings(self) -> Array:
        """The median over the draws at the steps of the readings, shape (n_readings,)."""
        return self.middle(self.readings.steps)

    def at_progress(self, places: Array) -> Array:
        """Return every draw's value at these shares of the run, shape (256, n_places)."""
        right, share = _between(places)
        return np.asarray(self.draws[:, right - 1] * (1.0 - share) + self.draws[:, right] * share)

    def mean(self, low: float | Array, high: float | Array) -> Array:
        """Return every draw's mean between two shares of the run, which may differ by draw."""
        if isinstance(low, float) and isinstance(high, float):
            return np.asarray(self.at_progress(np.linspace(low, high, WINDOW)).mean(axis=1))
        low, high, _ = np.broadcast_arrays(low, high, np.empty(len(self.draws)))
        places = np.linspace(low, high, WINDOW)
        right, share = _between(places)
        rows = np.arange(len(self.draws))
        values = self.draws[rows, right - 1] * (1.0 - share) + self.draws[rows, right] * share
        return np.asarray(values.mean(axis=0))

    def least(self) -> Array:
        """Return every draw's minimum once the run has started, shape (256,)."""
        return np.asarray(self.draws[:, GRID >= SETTLED].min(axis=1))

    def greatest(self) -> Array:
        """Return every draw's maximum once the run has started, shape (256,)."""
        return np.asarray(self.draws[:, GRID >= SETTLED].max(axis=1))

    def step_of_least(self) -> int:
        """Return the step at which most draws have their minimum."""
        return self._step_of(self.draws[:, GRID >= SETTLED].argmin(axis=1))

    def step_of_greatest(self) -> int:
        """Return the step at which most draws have their maximum."""
        return self._step_of(self.draws[:, GRID >= SETTLED].argmax(axis=1))

    def _step_of(self, places: NDArray[np.intp]) -> int:
        share = float(np.median(GRID[GRID >= SETTLED][places]))
        return self.first_step + round(share * (self.last_step - self.first_step))


def _between(places: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the grid's point right of each place, and how far towards it the place lies."""
    places = np.clip(places, 0.0, 1.0)  # nothing is known outside the run
    right = np.clip(np.searchsorted(GRID, places), 1, len(GRID) - 1)
    return right, np.asarray((places - GRID[right - 1]) / (GRID[right] - GRID[right - 1]))
