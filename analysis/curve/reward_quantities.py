"""Quantities that several RFT rules speak of, one value for each compatible curve.

R is training reward (graded where that is known), V validation reward, as in the rules.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import N_DRAWS, Curve

Array = NDArray[np.float64]

END = (0.95, 1.0)
LATE = (0.85, 1.0)
TINY = 1e-9
LEAST_VARIANCE = 0.005  # R (1 - R) is taken to be no less: so low, a level is hardly known


def end_level(curve: Curve) -> Array:
    """Return the level at the end of the run, shape (n_draws,)."""
    return curve.mean(*END)


def start_level(curve: Curve) -> Array:
    """Return the level at the start of the run, shape (n_draws,)."""
    return curve.mean(0.0, 0.04)


def fall_from_peak(curve: Curve) -> Array:
    """Return how far the curve ends below its highest level, a mean over a twentieth."""
    places = np.linspace(0.025, 0.975, 39)
    values = curve.at_progress(places)
    smooth = (values[:, :-2] + values[:, 1:-1] + values[:, 2:]) / 3.0
    return np.asarray(np.maximum(smooth.max(axis=1), end_level(curve)) - end_level(curve))


def late_rise(curve: Curve) -> Array:
    """Return how far the level at the end lies above that a fifth of the run before it."""
    return np.asarray(end_level(curve) - curve.mean(0.76, 0.84))


def late_gap(train: Curve, valid: Curve) -> Array:
    """Return training minus validation reward over the last 15 % of the run."""
    return np.asarray(train.mean(*LATE) - valid.mean(*LATE))


def early_gap(train: Curve, valid: Curve) -> Array:
    """Return training minus validation reward around the first validations."""
    first = float(valid.progress(valid.readings.steps[:1])[0])
    low, high = first, min(first + 0.15, 1.0)
    return np.asarray(train.mean(low, high) - valid.mean(low, high))


def train_fall_since_valid_peak(train: Curve, valid: Curve) -> Array:
    """Return how far training reward fell since validation was at its peak."""
    peak = float(valid.progress(np.array([valid.step_of_greatest()]))[0])
    low, high = max(peak - 0.03, 0.0), min(peak + 0.03, 1.0)
    return np.asarray(train.mean(low, high) - end_level(train))


def growth(curve: Curve) -> Array:
    """Return the level at the end over that at the start."""
    start = curve.mean(0.0, 0.03)
    return np.asarray(curve.mean(0.97, 1.0) / np.maximum(start, TINY))


def spread_growth(train: Curve, span: float) -> Array:
    """Return plausible ratios of reward spread, last third over first, shape (n_draws,).

    Net of what the level explains: the spread of a mean of rewards in [0, 1] goes with
    sqrt(R (1 - R)). The scatter of the ratio follows from the number of readings, of which both
    thirds need at least one.
    """
    readings = train.readings
    progress = train.progress(readings.steps)
    middle = train.at_readings
    level = np.clip(middle / span, 0.0, 1.0)
    usual = np.sqrt(np.maximum(level * (1.0 - level), LEAST_VARIANCE))
    residuals = (readings.values - middle) / usual
    first, last = residuals[progress <= 1 / 3], residuals[progress > 2 / 3]
    early, late = (_local_spread(part) for part in (first, last))
    error = np.sqrt(0.75 / len(first) + 0.75 / len(last))
    normals = np.random.default_rng(5).standard_normal(N_DRAWS)
    return np.asarray(late / max(early, TINY) * np.exp(error * normals))


def early_size(train: Curve) -> float:
    """Return the mean size of the rewards logged in the first third of the run, signs aside."""
    values = train.readings.values[train.progress(train.readings.steps) <= 1 / 3]
    return float(np.mean(np.abs(values)))


def readings_in_thirds(train: Curve) -> tuple[int, int]:
    """Return how many readings lie in the first and in the last third of the run."""
    progress = train.progress(train.readings.steps)
    return int((progress <= 1 / 3).sum()), int((progress > 2 / 3).sum())


def _local_spread(residuals: Array) -> float:
    """Return the spread of residuals, each at most four times the median one."""
    sizes = np.abs(residuals)
    return float(np.sqrt(np.mean(np.minimum(sizes, 6.0 * np.median(sizes) + TINY) ** 2)))
