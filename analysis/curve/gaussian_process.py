"""Curves compatible with noisy points: draws of training and validation from a Gaussian process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.curve.kernel import (
    BESIDE,
    TRAIN,
    VALID,
    Places,
    Shape,
    own_covariance,
    shared_covariance,
    usual_fall,
)
from analysis.curve.points import Points

Array = NDArray[np.float64]

# The search goes through fixed values, one trait of the curves after the other: deterministic, and
# fast enough. Priors are logarithms, our choice: underlying curves are smooth and seldom swing.
WARPS = (30.0, 300.0)
LENGTHS = ((0.05, -6.0), (0.1, -3.0), (0.2, -1.0), (0.4, 0.0), (0.8, 0.0))
GAPS = ((0.05, 0.0), (0.3, -1.0), (1.2, -2.0))
START_GAPS = (0.05, 0.4)
HARMS = ((0.0, 0.0), (0.5, -1.0))
SWING, SWING_LENGTHS, SWING_PRIOR = 0.15, (0.05, 0.12), -3.0
QUIET, QUIET_PRIOR = 0.2, -0.7
SEAMS = (0.0, 0.15, 0.5)
AMPLITUDES = np.array([0.25, 0.5, 1.0, 2.0])  # in standard deviations of the points
FACTORS = np.array([0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0])  # around the noise measured beforehand
FACTOR_PRIOR = -0.5 * (np.log(FACTORS) / 0.35) ** 2  # our choice: it is measured to a third

FEW_VALID, MANY_VALID = 6, 45  # validations of one column that may be full passes or batches
N_SHAPES = 5  # drawn from in the end; the rest have a negligible share
JITTER = 1e-7


@dataclass(frozen=True)
class Weighed:
    """A shape, its evidence over all amplitudes and noise factors, and the best of these."""

    shape: Shape
    log_evidence: float
    variance: float
    factor: float


def draw_curves(
    points: Points,
    grid: Array,
    *,
    n_epochs: float | None,
    n_draws: int,
    seed: int,
    falls: bool = True,
    plain: bool = False,
) -> tuple[Array, Array]:
    """Return curves of training and validation drawn from the posterior.

    Shapes are weighed by their marginal likelihood (Rasmussen and Williams 2006, "Gaussian
    Processes for Machine Learning", chapters 2 and 5).

    Parameters
    ----------
    points : Points
        What was seen.
    grid : array, shape (n_grid,)
        Places in [0, 1] at which the curves are wanted.
    n_epochs : float or None
        Passes over the data; None when unknown, and no seam is drawn.
    n_draws : int
        Number of curves.
    seed : int
        Seed of the draws; the same input gives the same curves.
    falls : bool
        Whether the metric usually falls when a run opens, as a loss does.
    plain : bool
        Whether to leave out gaps, swings and seams: enough where only the course matters.

    Returns
    -------
    train, valid : arrays, shape (n_draws, n_grid)
        Row by row, the two curves of one draw.
    """
    fit = Fit(points, n_epochs, falls=falls)
    best = fit.best_shapes(plain=plain)
    weights = np.exp([weighed.log_evidence - best[0].log_evidence for weighed in best])
    edges = np.rint(np.concatenate([[0.0], np.cumsum(weights / weights.sum())]) * n_draws)
    normals = np.random.default_rng(seed).standard_normal((n_draws, 2 * len(grid)))
    parts = [
        fit.draws(weighed, grid, normals[int(low) : int(high)])
        for weighed, low, high in zip(best, edges[:-1], edges[1:], strict=True)
        if high > low
    ]
    curves = np.vstack(parts)
    return curves[:, : len(grid)], curves[:, len(grid) :]


def epoch_evidence(train: Points, candidates: Iterable[int]) -> Array:
    """Return how well jumps at the seams of so many epochs explain training, as log evidence.

    Parameters
    ----------
    train : Points
        Points of training loss.
    candidates : iterable of int
        Numbers of epochs.

    Returns
    -------
    array, shape (n_candidates,)
    """
    shapes = [Shape(warp, 0.4, seam=0.25) for warp in WARPS]
    found = [Fit(train, float(n_epochs)).weighed(shapes) for n_epochs in candidates]
    return np.array([np.logaddexp.reduce([w.log_evidence for w in each]) for each in found])


class Fit:
    """Points, less the usual fall and their mean, under every shape."""

    def __init__(self, points: Points, n_epochs: float | None, *, falls: bool = True) -> None:
        self.points = points
        self.n_epochs = n_epochs
        self.falls = falls
        falling = points.y - self._usual(points.places.x)
        self.centre = float(np.average(falling, weights=points.noise**-2))
        self.y = falling - self.centre
        spread = max(float(np.std(points.y)), float(np.median(points.noise)), 1e-9)
        self.variances = (AMPLITUDES * spread) ** 2

    def _usual(self, x: Array) -> Array:
        return usual_fall(x) if self.falls else np.zeros_like(x)

    def best_shapes(self, *, plain: bool = False) -> list[Weighed]:
        """Return the shapes of most evidence, one trait varied after the other."""
        kind = self.points.places.kind
        has_train, has_valid = bool((kind == TRAIN).any()), bool((kind != TRAIN).any())
        has_seams = has_train and self.n_epochs is not None and self.n_epochs > 1
        seam = SEAMS[1] if has_seams else 0.0
        found = self.weighed(
            Shape(warp, length, seam=seam, log_prior=prior)
            for warp, (length, prior) in product(WARPS, LENGTHS)
        )
        if has_valid and not plain:
            best = found[0].shape
            gaps = [
                replace(best, gap=gap, start_gap=start, harm=harm, log_prior=best.log_prior + p + q)
                for (gap, p), start, (harm, q) in product(GAPS, START_GAPS, HARMS)
            ]
            found = _leading(found, self.weighed(gaps))
            found = _leading(found, self.weighed(self._swings(found[0].shape)))
        if has_seams:
            seams = [replace(found[0].shape, seam=seam) for seam in (SEAMS[0], SEAMS[2])]
            found = _leading(found, self.weighed(seams))
        return found[:N_SHAPES]

    def _swings(self, best: Shape) -> list[Shape]:
        """Return the shape with swings, and with less noise where these may be full passes."""
        swings = [
            replace(
                best,
                swing=SWING,
                swing_length=length,
                in_step=in_step,
                log_prior=best.log_prior + SWING_PRIOR,
            )
            for length, in_step in product(SWING_LENGTHS, (False, True))
        ]
        kind = self.points.places.kind
        n_valid, n_beside = int((kind == VALID).sum()), int((kind == BESIDE).sum())
        if n_beside or not FEW_VALID <= n_valid <= MANY_VALID:
            return swings
        quiet = [
            replace(shape, quiet=QUIET, log_prior=shape.log_prior + QUIET_PRIOR)
            for shape in (best, *swings)
        ]
        return [*swings, *quiet]

    def weighed(self, shapes: Iterable[Shape]) -> list[Weighed]:
        """Return the shapes with their evidence, the most first."""
        return sorted((self._weighed(s) for s in shapes), key=lambda w: -w.log_evidence)

    def _weighed(self, shape: Shape) -> Weighed:
        """Return a shape's evidence over all amplitudes and noise factors.

        One eigendecomposition serves them all: of the shared curve, whitened by everything else.
        The noise factor scales that whole rest, a simplification that only matters far from 1.
        """
        places, noise = self.points.places, self._noise(shape)
        own = own_covariance(places, places, shape, self.n_epochs) + np.diag(noise**2)
        root = np.linalg.cholesky(own)
        half = np.linalg.solve(root, shared_covariance(places, places, shape))
        scales, vectors = np.linalg.eigh(np.linalg.solve(root, half.T))
        projected = (vectors.T @ np.linalg.solve(root, self.y)) ** 2
        total = self.variances[:, None, None] * np.maximum(scales, 0.0) + (FACTORS**2)[:, None]
        fits = -0.5 * np.sum(np.log(total) + projected / total, axis=2)
        fits += FACTOR_PRIOR + shape.log_prior - float(np.sum(np.log(np.diag(root))))
        i, j = np.unravel_index(int(fits.argmax()), fits.shape)
        evidence = float(np.logaddexp.reduce(fits, axis=None))
        return Weighed(shape, evidence, float(self.variances[i]), float(FACTORS[j]))

    def _noise(self, shape: Shape) -> Array:
        return np.where(self.points.places.kind == VALID, shape.quiet, 1.0) * self.points.noise

    def _covariance(self, a: Places, b: Places, weighed: Weighed) -> Array:
        own = own_covariance(a, b, weighed.shape, self.n_epochs)
        shared = shared_covariance(a, b, weighed.shape)
        return weighed.variance * shared + weighed.factor**2 * own

    def draws(self, weighed: Weighed, grid: Array, normals: Array) -> Array:
        """Return draws under one shape: training's places first, then validation's."""
        seen, shape = self.points.places, weighed.shape
        both = np.repeat(np.array([TRAIN, VALID], dtype=np.int8), len(grid))
        wanted = Places(np.concatenate([grid, grid]), both)
        noisy = self._covariance(seen, seen, weighed)
        noisy += np.diag((weighed.factor * self._noise(shape)) ** 2)
        noisy += JITTER * np.trace(noisy) / len(seen.x) * np.eye(len(seen.x))
        across = self._covariance(wanted, seen, weighed)
        root = np.linalg.cholesky(noisy)
        half = np.linalg.solve(root, np.column_stack([across.T, self.y]))
        mean = half[:, :-1].T @ half[:, -1] + self.centre + self._usual(wanted.x)
        spread = self._covariance(wanted, wanted, weighed)
        spread -= half[:, :-1].T @ half[:, :-1]
        spread += 30 * JITTER * (weighed.variance + 0.01) * np.eye(len(wanted.x))
        return np.asarray(mean + normals @ np.linalg.cholesky(spread).T, dtype=np.float64)


def _leading(found: Sequence[Weighed], more: Sequence[Weighed]) -> list[Weighed]:
    return sorted([*found, *more], key=lambda weighed: -weighed.log_evidence)
