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

# Sizes are of logarithms of the loss; our choice, after real and generated runs.
TRANSIENTS = (0.008, 0.03)  # decay times of the fall that opens most runs, in shares of the run
TRANSIENT = 0.2  # its size
SLOPE = 4.0  # variance of level and slope, against the shared curve's: they are hardly known
OFFSET = 0.25  # size of the unknown distance of BESIDE points
LEAVING = 0.3  # correlation length of the ways by which each leaves, in shares of the run
SEAM_IN_VALID = 0.7  # size of validation's jumps at seams, against training's
FALL, FALL_TIME = 0.12, 0.08  # size and time of the fall that most runs show at least


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
        Size of the way by which training leaves the shared curve.
    harm : float
        Size of the way by which validation leaves it.
    start_gap : float
        Size of validation's distance from it at the start.
    swing : float
        Size of swings; 0 for none.
    swing_length : float
        Their correlation length, in shares of the run.
    in_step : bool
        Whether training swings along with validation.
    seam : float
        Size of training's jumps at epoch seams, all together; 0 for none.
    quiet : float
        Noise of validation against what its differences show.
    log_prior : float
        Logarithm of what is expected of these traits beforehand.
    """

    warp: float
    length: float
    gap: float = 0.3
    harm: float = 0.0
    start_gap: float = 0.05
    swing: float = 0.0
    swing_length: float = 0.1
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


def shared_covariance(a: Places, b: Places, shape: Shape) -> Array:
    """Return the covariance of the shared curve between two sets of places, for a unit variance.

    Matern 5/2 on a warped axis plus a straight line (Rasmussen and Williams 2006, "Gaussian
    Processes for Machine Learning", chapter 4).

    Returns
    -------
    array, shape (n_a, n_b)
    """
    warped = np.subtract.outer(_warped(a.x, shape.warp), _warped(b.x, shape.warp))
    line = 1.0 + 4.0 * np.outer(a.x - 0.5, b.x - 0.5)
    return np.asarray(_matern(warped / shape.length) + SLOPE * line, dtype=np.float64)


def own_covariance(a: Places, b: Places, shape: Shape, n_epochs: float | None) -> Array:
    """Return the covariance of all that comes on top of the shared curve.

    The opening fall of both; training's memorising and its jumps at seams; validation's distance
    from the start; swings of validation, or of both.

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
    train = np.outer(a.kind == TRAIN, b.kind == TRAIN)
    valid = np.outer(a.kind != TRAIN, b.kind != TRAIN)
    apart = np.subtract.outer(a.x, b.x)
    total = valid * shape.start_gap**2
    total += OFFSET**2 * np.outer(a.kind == BESIDE, b.kind == BESIDE)
    for time in TRANSIENTS:
        total += TRANSIENT**2 * np.outer(np.exp(-a.x / time), np.exp(-b.x / time))
    leaving = 0.5 * np.outer(a.x, b.x) * (1.0 + _matern(apart / LEAVING))
    total += (train * shape.gap**2 + valid * shape.harm**2) * leaving
    if shape.swing:
        swings = shape.swing**2 * _matern(apart / shape.swing_length)
        total += swings if shape.in_step else valid * swings
    if shape.seam and n_epochs:
        seams = np.minimum.outer(_seams(a.x, n_epochs), _seams(b.x, n_epochs)) / n_epochs
        total += (train + SEAM_IN_VALID**2 * valid) * shape.seam**2 * seams
    return np.asarray(total, dtype=np.float64)


def _matern(distance: Array) -> Array:
    scaled = np.sqrt(5.0) * np.abs(distance)
    return np.asarray((1.0 + scaled + scaled**2 / 3.0) * np.exp(-scaled))


def _warped(x: Array, warp: float) -> Array:
    return np.asarray(np.log1p(warp * x) / np.log1p(warp), dtype=np.float64)


def _seams(x: Array, n_epochs: float) -> Array:
    """Return how many epochs have ended before each place; the step that ends one belongs to it."""
    return np.asarray(np.clip(np.ceil(x * n_epochs - 1e-6) - 1.0, 0.0, n_epochs - 1.0))
