"""The kernel: how training and validation loss may run, before any point is seen.

Both share one curve, because they measure one model on alike data. Training leaves it downwards
as examples are memorised, and may jump at epoch seams; validation lies at some distance from the
start. So a few validations say more than they could alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kinds = NDArray[np.int8]

TRAIN, VALID, BESIDE = 0, 1, 2  # kinds of points; BESIDE: validation at an unknown distance

TRANSIENTS = (0.008, 0.03)  # decay times of the fall that opens most runs, in shares of the run
TRANSIENT = 16.0  # its variance, against the curve's own
SLOPE = 4.0  # variance of level and slope, against the curve's own: they are hardly known
OFFSET = 0.25  # variance of the unknown distance of BESIDE points, against the curve's own
SWING = 0.25  # variance of swings, against the curve's own
MEMORISING = 0.3  # correlation length of the way training leaves, in shares of the run
SEAM_IN_VALID = 0.5  # variance of validation's jumps at seams, against training's
FALL, FALL_TIME = 0.12, 0.08  # log of the loss, share of the run: what most runs show at least


@dataclass(frozen=True)
class Shape:
    """Traits of the curves.

    Attributes
    ----------
    warp : float
        How much faster the curve may bend at the start of the run than at its end.
    length : float
        Correlation length, in shares of the warped run.
    gap : float
        How far training may leave the shared curve, against the curve's own size.
    start_gap : float
        How far validation may lie from it at the start, likewise.
    swing : float
        Correlation length of swings, in shares of the run; 0 for none.
    in_step : bool
        Whether training swings along with validation.
    seam : float
        Variance of training's jump at an epoch seam, against the curve's own; 0 for none.
    quiet : float
        Noise of validation against what its differences show.
    log_prior : float
        Logarithm of what is expected of these traits beforehand.
    """

    warp: float
    length: float
    gap: float = 0.6
    start_gap: float = 0.2
    swing: float = 0.0
    in_step: bool = False
    seam: float = 0.0
    quiet: float = 1.0
    log_prior: float = 0.0


@dataclass(frozen=True, eq=False)
class Places:
    """Where curves are seen or wanted.

    Attributes
    ----------
    x : array, shape (n,)
        Shares of the run, 0 to 1.
    kind : array of int8, shape (n,)
        TRAIN, VALID or BESIDE.
    """

    x: Array
    kind: Kinds


def usual_fall(x: Array) -> Array:
    """Return the fall that opens a run, as expected before any point is seen, shape (n,)."""
    return np.asarray(FALL * np.exp(-x / FALL_TIME), dtype=np.float64)


def covariance(a: Places, b: Places, shape: Shape, n_epochs: float | None) -> Array:
    """Return the covariance of the curves between two sets of places, for a unit variance.

    Matern 5/2 on a warped axis plus a straight line is the shared curve (Rasmussen and Williams
    2006, "Gaussian Processes for Machine Learning", chapter 4).

    Parameters
    ----------
    a, b : Places
        n_a and n_b places.
    shape : Shape
        Traits of the curves.
    n_epochs : float or None
        Passes over the data; None when unknown, and no seam is drawn.

    Returns
    -------
    array, shape (n_a, n_b)
    """
    warped = np.subtract.outer(_warped(a.x, shape.warp), _warped(b.x, shape.warp))
    total = _matern(warped / shape.length) + SLOPE * (1.0 + 4.0 * np.outer(a.x - 0.5, b.x - 0.5))
    for time in TRANSIENTS:
        total += TRANSIENT * np.outer(np.exp(-a.x / time), np.exp(-b.x / time))
    train = np.outer(a.kind == TRAIN, b.kind == TRAIN)
    valid = np.outer(a.kind != TRAIN, b.kind != TRAIN)
    apart = np.subtract.outer(a.x, b.x)
    if shape.swing:
        total += (1.0 if shape.in_step else valid) * SWING * _matern(apart / shape.swing)
    memorised = np.outer(a.x, b.x) * (1.0 + _matern(apart / MEMORISING))
    total += train * shape.gap**2 * memorised + valid * shape.start_gap**2
    total += OFFSET * np.outer(a.kind == BESIDE, b.kind == BESIDE)
    if shape.seam and n_epochs:
        seams = np.minimum.outer(_seams(a.x, n_epochs), _seams(b.x, n_epochs)) / n_epochs
        total += (train + SEAM_IN_VALID * valid) * shape.seam * seams
    return np.asarray(total, dtype=np.float64)


def _matern(distance: Array) -> Array:
    scaled = np.sqrt(5.0) * np.abs(distance)
    return np.asarray((1.0 + scaled + scaled**2 / 3.0) * np.exp(-scaled))


def _warped(x: Array, warp: float) -> Array:
    return np.asarray(np.log1p(warp * x) / np.log1p(warp), dtype=np.float64)


def _seams(x: Array, n_epochs: float) -> Array:
    """Return how many epochs have ended before each place; the step that ends one belongs to it."""
    return np.asarray(np.clip(np.ceil(x * n_epochs - 1e-6) - 1.0, 0.0, n_epochs - 1.0))
