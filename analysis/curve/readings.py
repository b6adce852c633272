"""Readings: one metric's finite values by step, their noise, and their means in bins."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.schema import STEP

Array = NDArray[np.float64]

MAX_BINS = 48  # our choice: as fine as any rule looks, and it bounds the cost of a run
NEIGHBOURS = 9  # readings whose mean stands for the level around one of them
WINSOR_SHARE = 0.02  # share of the differences taken for outliers when noise is measured
POOLED_READINGS = 10  # how many readings' worth of the run's noise each bin's noise borrows
FLOOR_SHARE = 1e-3  # of the run's mean: keeps the logarithm of a zero loss finite


@dataclass(frozen=True, eq=False)
class Readings:
    """The finite values of one metric.

    Attributes
    ----------
    column : str
        The canonical column.
    steps : array of int64, shape (n,)
        Ascending steps at which a finite value was logged.
    values : array of float64, shape (n,)
        The values.
    lost_from : int or None
        First step of a run of infinite values that lasts to the last logged value; else None.
    """

    column: str
    steps: NDArray[np.int64]
    values: Array
    lost_from: int | None

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, eq=False)
class Bins:
    """Means of consecutive readings on a log scale.

    Attributes
    ----------
    x : array, shape (n_bins,)
        Mean progress (step / last step) in the bin.
    y : array, shape (n_bins,)
        Log of the mean value plus the floor.
    noise : array, shape (n_bins,)
        Standard deviation of y.
    floor : float
        What was added before the logarithm, in the metric's unit.
    """

    x: Array
    y: Array
    noise: Array
    floor: float


def readings_of(frame: pd.DataFrame, column: str) -> Readings | None:
    """Return a metric's finite readings; None when it was never logged."""
    if column not in frame:
        return None
    logged = frame[[STEP, column]].dropna()
    values = logged[column].to_numpy(dtype=np.float64)
    steps = logged[STEP].to_numpy(dtype=np.int64)
    finite = np.isfinite(values)
    if not len(values):
        return None
    lost_from = None
    if not finite[-1]:
        last_finite = int(np.flatnonzero(finite)[-1]) if finite.any() else -1
        lost_from = int(steps[last_finite + 1])
    return Readings(column, steps[finite], values[finite], lost_from)


def relative_noise(values: Array) -> float:
    """Return the noise of one reading as a share of the level around it.

    First-order differences (Rice 1984, "Bandwidth choice for nonparametric regression") over the
    local mean, with the largest winsorised; a root mean square, because batch losses are skewed
    and a median would miss their noise.

    Parameters
    ----------
    values : array, shape (n,)
        Positive readings in the order of their steps; n >= 3.
    """
    level = local_mean(values)
    differences = np.abs(np.diff(values)) / np.maximum(0.5 * (level[1:] + level[:-1]), 1e-12)
    ceiling = np.quantile(differences, 1.0 - WINSOR_SHARE)
    return float(np.sqrt(np.mean(np.minimum(differences, ceiling) ** 2) / 2.0))


def local_mean(values: Array) -> Array:
    """Return the mean of each reading and its neighbours, fewer of them at the ends."""
    half = NEIGHBOURS // 2
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low), dtype=np.float64)


def bins_of(readings: Readings, last_step: int, least_noise: float) -> Bins:
    """Return the readings' means in at most 48 bins, shorter ones early in the run.

    Parameters
    ----------
    readings : Readings
        Non-negative values, at least one.
    last_step : int
        The run's last step: progress 1.
    least_noise : float
        The least relative noise to assume of one reading.
    """
    progress = readings.steps / max(last_step, 1)
    floor = FLOOR_SHARE * max(float(np.mean(readings.values)), 1e-12)
    edges = _edges(progress)
    counts = np.diff(edges)
    means = np.add.reduceat(readings.values, edges[:-1]) / counts
    overall = relative_noise(readings.values + floor) if len(readings) >= 3 else least_noise
    within = _noise_within(readings.values + floor, edges, overall)
    per_bin = np.maximum(within, least_noise) / np.sqrt(counts)
    return Bins(
        x=np.add.reduceat(progress, edges[:-1]) / counts,
        y=np.log(means + floor),
        noise=np.sqrt(np.log1p(per_bin**2)),
        floor=floor,
    )


def _edges(progress: Array) -> NDArray[np.int64]:
    """Return where bins begin, and the end: one reading a bin while there are few."""
    n = len(progress)
    if n <= MAX_BINS:
        return np.arange(n + 1)
    places = np.searchsorted(np.sqrt(progress), np.linspace(0.0, 1.0, MAX_BINS + 1)[1:-1])
    inner = np.unique(places[(places > 0) & (places < n)])
    return np.concatenate([[0], inner, [n]])


def _noise_within(values: Array, edges: NDArray[np.int64], overall: float) -> Array:
    """Return the relative noise in each bin, drawn to the whole run's where readings are few."""
    noise = []
    for low, high in pairwise(edges):
        inside = values[low:high]
        if len(inside) < 3:
            noise.append(overall)
            continue
        squares = np.diff(inside) ** 2 / (2.0 * np.mean(inside) ** 2)
        pooled = np.sum(squares) + POOLED_READINGS * overall**2
        noise.append(float(np.sqrt(pooled / (len(squares) + POOLED_READINGS))))
    return np.array(noise)
