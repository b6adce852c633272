"""Quantities that several rules speak of, one value for each compatible curve.

Progress is step / last step; every level is a mean over a window of progress, never one point.
Windows and names follow the notation of the rules: T training loss, V validation loss.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curves import Curve, Curves

Array = NDArray[np.float64]

START = 0.04  # the first share of the run that counts as its start ...
START_EPOCHS = 0.3  # ... or this many epochs, whichever is less
TRAIN_END = (0.95, 1.0)
VALID_END = (0.97, 1.0)
TINY = 1e-9


def start_level(curve: Curve, n_epochs: float | None) -> Array:
    """Return the level at the start of the run, shape (n_draws,)."""
    share = min(START, START_EPOCHS / n_epochs) if n_epochs else START
    return curve.mean(0.0, share)


def train_end(train: Curve) -> Array:
    """Return the training loss at the end of the run, shape (n_draws,)."""
    return train.mean(*TRAIN_END)


def valid_end(valid: Curve) -> Array:
    """Return the validation loss at the end of the run, shape (n_draws,)."""
    return valid.mean(*VALID_END)


def rise(valid: Curve) -> Array:
    """Return how far validation ends above its best, as a share of the best (Prechelt's GL)."""
    best = np.minimum(valid.least(), valid_end(valid))
    return np.asarray(valid_end(valid) / np.maximum(best, TINY) - 1.0)


def train_rise(train: Curve) -> Array:
    """Return how far training loss ends above its best, as a share of the best."""
    end = train_end(train)
    return np.asarray(end / np.maximum(np.minimum(train.least(), end), TINY) - 1.0)


def ratio(train: Curve, valid: Curve) -> Array:
    """Return validation over training loss at the end of the run."""
    return np.asarray(valid_end(valid) / np.maximum(train_end(train), TINY))


def train_drop(curves: Curves, train: Curve) -> Array:
    """Return how far training loss fell, as a share of its start."""
    start = np.maximum(start_level(train, curves.n_epochs), TINY)
    return np.asarray(1.0 - train_end(train) / start)


def late_drop(valid: Curve) -> Array:
    """Return how far validation fell over the last fifth, as a share of its level at the end."""
    end = valid_end(valid)
    return np.asarray((valid.mean(0.76, 0.84) - end) / np.maximum(end, TINY))
