"""Curves compatible with noisy points: draws from a Gaussian process fitted to them."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The search is a fixed grid instead of an optimiser: deterministic, and fast enough.
WARPS = ("linear", "root", "log")  # how fast the curve may bend early in the run
LENGTHS = (0.1, 0.2, 0.4, 0.8, 1.6)  # correlation lengths, in shares of the (warped) run
AMPLITUDES = (0.25, 0.5, 1.0, 2.0)  # in standard deviations of the points
NOISE_FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)  # around the noise measured beforehand
NOISE_PRIOR_WIDTH = 0.35  # of the log of the factor; our choice: the measurement is good to a third
N_CELLS = 6  # grid cells to draw from; the rest have a negligible share
JITTER = 1e-9


@dataclass(frozen=True)
class _Cell:
    """One grid cell: its log evidence and what is needed to draw from it."""

    log_evidence: float
    warp: str
    length: float
    variance: float
    noise_factor: float


def draw_curves(x: Array, y: Array, noise: Array, grid: Array, *, n_draws: int, seed: int) -> Array:
    """Return curves drawn from the posterior of a Gaussian process.

    The kernel is Matern 5/2 plus a straight line, over three warps of x and five lengths;
    hyper-parameters are weighed by their marginal likelihood (Rasmussen and Williams 2006,
    "Gaussian Processes for Machine Learning", chapters 2 and 5).

    Parameters
    ----------
    x : array, shape (n_points,)
        Places in [0, 1], ascending.
    y : array, shape (n_points,)
        Finite values, any unit.
    noise : array, shape (n_points,)
        Standard deviation of each value, in y's unit, > 0.
    grid : array, shape (n_grid,)
        Places in [0, 1] at which the curves are wanted.
    n_draws : int
        Number of curves.
    seed : int
        Seed of the draws; the same input gives the same curves.

    Returns
    -------
    array, shape (n_draws, n_grid)
    """
    centre = float(np.average(y, weights=noise**-2))
    spread = max(float(np.std(y)), float(np.median(noise)), 1e-9)
    cells = _cells(x, y - centre, noise, spread)
    best = sorted(cells, key=lambda cell: -cell.log_evidence)[:N_CELLS]
    weights = np.exp([cell.log_evidence - best[0].log_evidence for cell in best])
    shares = _whole_shares(weights / weights.sum(), n_draws)
    normals = np.random.default_rng(seed).standard_normal((n_draws, len(grid)))
    parts, start = [], 0
    for cell, share in zip(best, shares, strict=True):
        if share:
            part = normals[start : start + share]
            parts.append(_draws_of(cell, x, y - centre, noise, grid, part))
            start += share
    return np.asarray(np.vstack(parts) + centre, dtype=np.float64)


def _cells(x: Array, y: Array, noise: Array, spread: float) -> list[_Cell]:
    cells = []
    for warp, length in product(WARPS, LENGTHS):
        kernel = _kernel(x, x, warp, length) / np.outer(noise, noise)
        scales, vectors = np.linalg.eigh(kernel)
        projected = vectors.T @ (y / noise)
        for amplitude, factor in product(AMPLITUDES, NOISE_FACTORS):
            variance = (amplitude * spread) ** 2
            total = variance * np.maximum(scales, 0.0) + factor**2
            fit = -0.5 * float(np.sum(np.log(total) + projected**2 / total))
            prior = -0.5 * (np.log(factor) / NOISE_PRIOR_WIDTH) ** 2
            cells.append(_Cell(fit + prior, warp, length, variance, factor))
    return cells


def _draws_of(cell: _Cell, x: Array, y: Array, noise: Array, grid: Array, normals: Array) -> Array:
    """Return draws of the curve under one set of hyper-parameters."""
    kernel = cell.variance * _kernel(x, x, cell.warp, cell.length)
    noisy = kernel + np.diag((cell.noise_factor * noise) ** 2)
    root = np.linalg.cholesky(noisy + JITTER * np.trace(noisy) / len(x) * np.eye(len(x)))
    across = cell.variance * _kernel(grid, x, cell.warp, cell.length)
    half = np.linalg.solve(root, across.T)
    mean = half.T @ np.linalg.solve(root, y)
    covariance = cell.variance * _kernel(grid, grid, cell.warp, cell.length) - half.T @ half
    ridge = (JITTER + 1e-7) * cell.variance * np.eye(len(grid))
    spread = np.linalg.cholesky(covariance + ridge)
    return np.asarray(mean + normals @ spread.T, dtype=np.float64)


def _kernel(a: Array, b: Array, warp: str, length: float) -> Array:
    distance = np.abs(np.subtract.outer(_warped(a, warp), _warped(b, warp))) / length
    scaled = np.sqrt(5.0) * distance
    matern = (1.0 + scaled + scaled**2 / 3.0) * np.exp(-scaled)
    line = 4.0 * (1.0 + 4.0 * np.outer(a - 0.5, b - 0.5))
    return np.asarray(matern + line, dtype=np.float64)


def _warped(x: Array, warp: str) -> Array:
    if warp == "root":
        return np.sqrt(x)
    if warp == "log":
        return np.log1p(30.0 * x) / np.log(31.0)
    return np.asarray(x, dtype=np.float64)


def _whole_shares(weights: Array, total: int) -> list[int]:
    """Return whole numbers that add up to the total, in proportion to the weights."""
    edges = np.rint(np.concatenate([[0.0], np.cumsum(weights)]) * total).astype(int)
    return [int(count) for count in np.diff(edges)]
