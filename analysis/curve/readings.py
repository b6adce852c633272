"""Readings: one metric's finite values by step, their noise, and their means in bins."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.schema import STEP

Array = NDArray[np.float64]
Edges = NDArray[np.int64]

NEIGHBOURS = 9  # readings whose mean stands for the level around one of them
OUTLIER_NOISES = 6.0  # a reading this many times the noise beyond its neighbours is an outlier
MIN_NEIGHBOURS = 8  # readings from which an outlier can be told
POOLED_READINGS = 10  # how many readings' worth of the run's noise each bin's noise borrows
BLOCK = 16_384  # readings worked on at a time: as many as a processor's cache holds
EARLY_BINS = 1.6  # bins grow with this power of the run: curves bend most at the start


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
    lost_from: int | None = None

    def __len__(self) -> int:
        return len(self.steps)


def readings_of(frame: pd.DataFrame, column: str) -> Readings | None:
    """Return a metric's finite readings; None when it was never logged."""
    if column not in frame:
        return None
    values = frame[column].to_numpy(dtype=np.float64)
    steps = frame[STEP].to_numpy(dtype=np.int64)
    finite = np.isfinite(values)
    if finite.all() and len(values):
        return Readings(column, steps, values)
    logged = ~np.isnan(values)
    values, steps, finite = values[logged], steps[logged], finite[logged]
    if not len(values):
        return None
    lost_from = None
    if not finite[-1]:
        last_finite = int(np.flatnonzero(finite)[-1]) if finite.any() else -1
        lost_from = int(steps[last_finite + 1])
    return Readings(column, steps[finite], values[finite], lost_from)


def finite_readings(frame: pd.DataFrame, column: str) -> Readings | None:
    """Return a metric's finite readings; None when there is not one."""
    readings = readings_of(frame, column)
    return readings if readings is not None and len(readings) else None


def lengths_of(frame: pd.DataFrame, column: str) -> Readings | None:
    """Return a length's finite readings, of which negative ones are none; None without any."""
    readings = finite_readings(frame, column)
    if readings is None or not (readings.values >= 0).any():
        return None
    real = readings.values >= 0
    return Readings(column, readings.steps[real], readings.values[real], readings.lost_from)


def noise_of(x: Array, values: Array, level: Array, winsorised: float) -> float:
    """Return the noise of one reading against the level around it.

    Residuals from the line through both neighbours (Gasser, Sroka and Jennen-Steinmetz 1986,
    "Residual variance and residual pattern in nonlinear regression"), the largest winsorised; a
    root mean square, because batch losses are skewed and a median would miss their noise.

    Parameters
    ----------
    x : array, shape (n,)
        Ascending places of the readings; n >= 3.
    values : array, shape (n,)
        The readings.
    level : array, shape (n,)
        What one unit of noise is at each reading: its level, or 1.
    winsorised : float
        Share of the residuals, the largest, that are cut to the largest of the others.
    """
    shares = np.empty(len(values) - 2)
    for first in range(0, len(shares), BLOCK):
        rows = slice(first, first + BLOCK + 2)
        shares[first : first + BLOCK] = _residual_shares(x[rows], values[rows], level[rows])
    ceiling = np.quantile(shares, 1.0 - winsorised)
    return float(np.sqrt(np.mean(np.minimum(shares, ceiling) ** 2)))


def _residual_shares(x: Array, values: Array, level: Array) -> Array:
    """Return how far inner readings lie off the line through both neighbours, in noises."""
    left = (x[2:] - x[1:-1]) / (x[2:] - x[:-2])
    right = 1.0 - left
    residuals = values[1:-1] - (left * values[:-2] + right * values[2:])
    scale = np.sqrt(1.0 + left**2 + right**2) * np.maximum(level[1:-1], 1e-12)
    return np.asarray(np.abs(residuals / scale))


def local_mean(values: Array, neighbours: int = NEIGHBOURS) -> Array:
    """Return the mean of each reading and its neighbours, fewer of them at the ends."""
    n, half = len(values), neighbours // 2
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means = np.empty(n)
    inner = max(n - 2 * half, 0)  # readings with all their neighbours
    means[half : half + inner] = (sums[n + 1 - inner :] - sums[:inner]) / (2 * half + 1)
    ends = np.concatenate([np.arange(min(half, n)), np.arange(max(half + inner, min(half, n)), n)])
    low, high = np.maximum(ends - half, 0), np.minimum(ends + half + 1, n)
    means[ends] = (sums[high] - sums[low]) / (high - low)
    return means


def without_high_outliers(values: Array, level: Array, noise: float) -> Array:
    """Return readings with isolated high ones brought down to what a relative noise explains.

    A reading counts as high against the greater of its two sides, so that the steep start of a
    curve stays as it is; ``level`` is their local mean.
    """
    if len(values) < MIN_NEIGHBOURS:
        return values
    before, after = _sides(values)
    others = (level * NEIGHBOURS - values) / (NEIGHBOURS - 1)
    usual = np.maximum(np.maximum(before, after), others)
    return np.asarray(np.minimum(values, usual * (1.0 + OUTLIER_NOISES * noise) + 1e-12))


def without_outliers(values: Array, noise: float) -> Array:
    """Return readings with isolated ones drawn to what an absolute noise explains, both ways."""
    if len(values) < MIN_NEIGHBOURS:
        return values
    before, after = _sides(values)
    reach = OUTLIER_NOISES * noise
    low, high = np.minimum(before, after) - reach, np.maximum(before, after) + reach
    return np.asarray(np.clip(values, low, high))


def _sides(values: Array) -> tuple[Array, Array]:
    """Return the median of the three readings before each, and of the three after it."""
    padded = np.pad(values, 3, mode="edge")
    a, b, c = padded[:-2], padded[1:-1], padded[2:]
    medians = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    return medians[:-4], medians[4:]


def bin_edges(x: Array, most: int) -> Edges:
    """Return where bins begin, and the end: one reading a bin while there are few.

    Parameters
    ----------
    x : array, shape (n,)
        Ascending shares of the run.
    most : int
        The greatest number of bins.
    """
    n = len(x)
    if n <= most:
        return np.arange(n + 1)
    even = np.linspace(0.0, 1.0, most + 1)[1:-1]
    places = np.searchsorted(np.maximum(x, 0.0) ** (1.0 / EARLY_BINS), even)
    inner = np.unique(places[(places > 0) & (places < n)])
    return np.concatenate([[0], inner, [n]])


def bin_means(values: Array, edges: Edges) -> tuple[Array, Edges]:
    """Return the mean of the values in each bin, and their count."""
    counts = np.diff(edges)
    return np.add.reduceat(values, edges[:-1]) / counts, counts


def bin_noise(residuals: Array, edges: Edges, overall: float) -> Array:
    """Return the noise in each bin, drawn to the whole run's where its readings are few.

    Parameters
    ----------
    residuals : array, shape (n,)
        Readings less or over their bin's mean, in the unit of the noise.
    edges : array of int64, shape (n_bins + 1,)
        Where bins begin, and the end.
    overall : float
        Noise over the whole run.
    """
    noise = np.full(len(edges) - 1, overall)
    for index, (low, high) in enumerate(pairwise(edges)):
        if high - low >= 3:
            squares = np.diff(residuals[low:high]) ** 2 / 2.0
            pooled = float(np.sum(squares)) + POOLED_READINGS * overall**2
            noise[index] = np.sqrt(pooled / (len(squares) + POOLED_READINGS))
    return noise
