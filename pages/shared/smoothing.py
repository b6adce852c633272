"""Smoothing: for the eye only, never for a verdict; each says how many readings it averages."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

WEIGHT = 0.6  # TensorBoard's default
MAX_WEIGHT = 0.999


def ema(values: Array, weight: float) -> Array:
    """Return the exponential moving average of TensorBoard, its start corrected for bias.

    With v the finite values so far, newest first, it is sum(w^i v_i) / sum(w^i). A missing value
    is passed over: it neither counts nor ages the others, so a constant stays the constant.

    Parameters
    ----------
    values : array, shape (n,)
        Readings; NaN or infinite where there is none.
    weight : float
        w, at least 0 (no smoothing) and below 1.

    Returns
    -------
    array, shape (n,)
        NaN where the reading is not finite.
    """
    finite = np.isfinite(values)
    smooth = np.full(len(values), np.nan)
    kept = pd.Series(values[finite])
    smooth[finite] = kept.ewm(alpha=1.0 - weight, adjust=True).mean().to_numpy()
    return smooth


def averaged_by_ema(weight: float) -> float:
    """Return how many equally weighted readings tell as much: (1 + w) / (1 - w).

    Kish's effective sample size, (sum w_i)^2 / sum w_i^2, of endless exponential weights.
    """
    return (1.0 + weight) / (1.0 - weight)


def window(x: Array, values: Array, half_width: float) -> tuple[Array, Array]:
    """Return the mean of the readings within a distance of each place, and how many those are.

    Unlike an average over rows it spans the same stretch of the run wherever readings are dense
    or sparse, and it does not lag.

    Parameters
    ----------
    x : array, shape (n,)
        Places, ascending.
    values : array, shape (n,)
        Readings; NaN or infinite where there is none.
    half_width : float
        The distance, in the unit of ``x``.

    Returns
    -------
    means : array, shape (n,)
        NaN where the reading is not finite.
    counts : array, shape (n,)
        Readings behind each mean; 0 where there is none.
    """
    finite = np.isfinite(values)
    places, kept = x[finite], values[finite]
    first = np.searchsorted(places, places - half_width, side="left")
    after = np.searchsorted(places, places + half_width, side="right")
    level = float(kept.mean()) if len(kept) else 0.0
    sums = np.concatenate([[0.0], np.cumsum(kept - level)])  # about the mean: nothing cancels
    counts, means = np.zeros(len(x)), np.full(len(x), np.nan)
    counts[finite] = after - first
    means[finite] = level + (sums[after] - sums[first]) / np.maximum(after - first, 1)
    return means, counts
