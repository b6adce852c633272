"""Cycles: validation batches that are the same few batches over and over.

The platforms walk a fixed validation set one mini-batch at a time, so single-batch validation
repeats with a period of a few to some dozen readings (11, 17, 19 and 40 in real files). Taken
raw, such a column seems to oscillate.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_PERIOD = 64
MIN_TURNS = 2.5  # the cycle must be seen this often
MAX_READINGS = 4_000  # enough to find a period; bounds the cost
MIN_GAIN = 10.0  # in units of the Bayesian information criterion (Schwarz 1978): very strong
MIN_ALONG = 0.5  # correlation of training with the effects of the cycle
MIN_ROUGHNESS = 0.5  # von Neumann ratio of the batch effects: those of a true wave are smooth


def without_cycle(
    steps: NDArray[np.int64], values: Array, train: Array | None = None
) -> tuple[Array, int | None]:
    """Return the readings with the effect of each recurring batch divided out, and the period.

    Parameters
    ----------
    steps : array of int64, shape (n,)
        Ascending steps of the readings.
    values : array, shape (n,)
        Positive readings.
    train : array, shape (n,), optional
        Training loss around the same steps. Where it moves with the cycle, the model itself
        swings, and nothing is folded.

    Returns
    -------
    values : array, shape (n,)
        The readings at the level of the whole cycle.
    period : int or None
        Readings in a cycle; None when there is none, and the values are as they were.
    """
    if len(values) < 8:
        return values, None
    order = _turns(steps)
    shares = values / _level(values)
    period = _period(order, shares)
    if period is None or (train is not None and _moves_along(order % period, shares, train)):
        return values, None
    effects = _effects(order % period, shares, period)
    return np.asarray(values / effects[order % period], dtype=np.float64), period


def _turns(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each reading in the order of evaluations, missing rows counted."""
    gap = max(float(np.median(np.diff(steps))), 1.0)
    return np.asarray(np.rint((steps - steps[0]) / gap), dtype=np.int64)


def _level(values: Array) -> Array:
    """Return a running mean that is wide against a cycle but narrow against the run."""
    width = int(np.clip(len(values) // 6, 5, 80))
    kernel = np.ones(2 * width + 1)
    padded = np.pad(values, width, mode="reflect" if width < len(values) else "edge")
    return np.asarray(np.maximum(np.convolve(padded, kernel / kernel.sum(), "valid"), 1e-12))


def _period(order: NDArray[np.int64], shares: Array) -> int | None:
    order, logs = order[:MAX_READINGS], np.log(np.maximum(shares[:MAX_READINGS], 1e-6))
    n = len(logs)
    flat = n * np.log(max(float(np.var(logs)), 1e-18)) + np.log(n)
    best, best_score = None, flat - MIN_GAIN
    for period in range(2, min(MAX_PERIOD, int((order[-1] + 1) / MIN_TURNS)) + 1):
        phase = order % period
        counts = np.bincount(phase, minlength=period)
        means = np.bincount(phase, logs, minlength=period) / np.maximum(counts, 1)
        left = float(np.mean((logs - means[phase]) ** 2))
        used = int(np.count_nonzero(counts))
        score = n * np.log(max(left, 1e-18)) + used * np.log(n)
        if score < best_score and n > 1.5 * used and _roughness(means) > MIN_ROUGHNESS:
            best, best_score = period, score
    return best


def _moves_along(phase: NDArray[np.int64], shares: Array, train: Array) -> bool:
    """Return whether training loss follows the effects of the cycle."""
    period = int(phase.max()) + 1
    counts = np.maximum(np.bincount(phase, minlength=period), 1)
    effects = np.log(np.maximum(np.bincount(phase, shares, minlength=period) / counts, 1e-6))
    residual = np.log(np.maximum(train, 1e-9) / _level(np.maximum(train, 1e-9)))
    expected = effects[phase] - effects[phase].mean()
    size = float(np.sqrt(np.sum(expected**2) * np.sum(residual**2)))
    return size > 0 and float(np.sum(expected * residual)) / size > MIN_ALONG


def _roughness(effects: Array) -> float:
    """Return the von Neumann ratio of effects around the cycle: about 1 when independent."""
    variance = float(np.var(effects))
    if variance <= 0:
        return 0.0
    return float(np.mean((effects - np.roll(effects, 1)) ** 2) / (2 * variance))


def _effects(phase: NDArray[np.int64], shares: Array, period: int) -> Array:
    """Return each batch's level against the cycle's mean."""
    counts = np.maximum(np.bincount(phase, minlength=period), 1)
    means = np.bincount(phase, shares, minlength=period) / counts
    seen = np.bincount(phase, minlength=period) > 0
    means[~seen] = 1.0
    means = np.maximum(means, 1e-6)
    return np.asarray(means / means[seen].mean(), dtype=np.float64)
