"""Readings: one metric's finite values by step, their noise, and their means in bins."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.schema import STEP

Array = NDArray[np.float64]

NEIGHBOURS = 9  # readings whose mean stands for the level around one of them
ROUGH_SHARE, ROUGH_SCALE = 0.1, 1.1  # residuals winsorised for a first look, and what that hides
FINE_SHARE = 0.02  # residuals winsorised once outliers are brought down
OUTLIER_NOISES = 6.0  # a reading this many times the noise above its neighbours is an outlier
MIN_READINGS = 5  # readings from which their noise is measured
POOLED_READINGS = 10  # how many readings' worth of the run's noise each bin's noise borrows


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
    """

    x: Array
    y: Array
    noise: Array


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


def relative_noise(x: Array, values: Array, winsorised: float = FINE_SHARE) -> float:
    """Return the noise of one reading as a share of the level around it.

    Residuals from the line through both neighbours (Gasser, Sroka and Jennen-Steinmetz 1986,
    "Residual variance and residual pattern in nonlinear regression") over the local mean, the
    largest winsorised; a root mean square, because batch losses are skewed and a median would
    miss their noise.

    Parameters
    ----------
    x : array, shape (n,)
        Ascending places of the readings; n >= 3.
    values : array, shape (n,)
        Positive readings.
    winsorised : float
        Share of the residuals, the largest, that are cut to the largest of the others.
    """
    left = (x[2:] - x[1:-1]) / (x[2:] - x[:-2])
    residuals = values[1:-1] - (left * values[:-2] + (1.0 - left) * values[2:])
    scale = np.sqrt(1.0 + left**2 + (1.0 - left) ** 2) * np.maximum(local_mean(values)[1:-1], 1e-12)
    shares = np.abs(residuals / scale)
    ceiling = np.quantile(shares, 1.0 - winsorised)
    return float(np.sqrt(np.mean(np.minimum(shares, ceiling) ** 2)))


def local_mean(values: Array, neighbours: int = NEIGHBOURS) -> Array:
    """Return the mean of each reading and its neighbours, fewer of them at the ends."""
    half = neighbours // 2
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low), dtype=np.float64)


def without_outliers(values: Array, noise: float) -> Array:
    """Return the readings with isolated high ones brought down to what the noise explains.

    A reading counts as high against the greater of its two sides, so that the steep start of a
    curve stays as it is.
    """
    if len(values) < 8:
        return values
    padded = np.pad(values, 3, mode="edge")
    before = np.median([padded[:-6], padded[1:-5], padded[2:-4]], axis=0)
    after = np.median([padded[4:-2], padded[5:-1], padded[6:]], axis=0)
    others = (local_mean(values) * NEIGHBOURS - values) / (NEIGHBOURS - 1)
    usual = np.maximum(np.maximum(before, after), others)
    return np.asarray(np.minimum(values, usual * (1.0 + OUTLIER_NOISES * noise) + 1e-12))


def bins_of(
    steps: NDArray[np.int64], values: Array, last_step: int, *, most: int, least: float, floor: float
) -> Bins:
    """Return the means of readings in bins, shorter ones early in the run.

    Parameters
    ----------
    steps : array of int64, shape (n,)
        Ascending steps, n >= 1.
    values : array, shape (n,)
        Non-negative readings.
    last_step : int
        The run's last step: progress 1.
    most : int
        The greatest number of bins.
    least : float
        The least relative noise to assume of one reading.
    floor : float
        What to add before the logarithm, in the metric's unit.
    """
    progress = steps / max(last_step, 1)
    overall = least
    if len(values) >= MIN_READINGS:
        rough = ROUGH_SCALE * relative_noise(progress, values + floor, ROUGH_SHARE)
        values = without_outliers(values, rough)
        overall = max(relative_noise(progress, values + floor), least)
    edges = _edges(progress, most)
    counts = np.diff(edges)
    means = np.add.reduceat(values, edges[:-1]) / counts
    within = _noise_within(values + floor, edges, overall)
    variance = np.log1p(np.maximum(within, least) ** 2 / counts)
    return Bins(
        x=np.add.reduceat(progress, edges[:-1]) / counts,
        y=np.log(means + floor) + 0.5 * np.where(counts > 1, variance, 0.0),
        noise=np.sqrt(variance),
    )


def _edges(progress: Array, most: int) -> NDArray[np.int64]:
    """Return where bins begin, and the end: one reading a bin while there are few."""
    n = len(progress)
    if n <= most:
        return np.arange(n + 1)
    even = np.linspace(0.0, 1.0, most + 1)[1:-1]
    places = np.searchsorted(progress ** (1.0 / 1.6), even)
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
