"""The Gaussian process against direct computation with scipy, and against known truths."""

import numpy as np
import pytest
from scipy import linalg
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from analysis.curve.gaussian_process import (
    FACTOR_PRIOR,
    FACTORS,
    Fit,
    Weighed,
    draw_curves,
    epoch_evidence,
)
from analysis.curve.kernel import (
    TRAIN,
    VALID,
    Places,
    Shape,
    own_covariance,
    shared_covariance,
    usual_fall,
)
from analysis.curve.points import Points, joined

GRID = np.linspace(0.0, 1.0, 15)
SHAPES = (
    Shape(30.0, 0.4),
    Shape(300.0, 0.1, gap=1.2, harm=0.5, start_gap=0.4, log_prior=-2.5),
    Shape(30.0, 0.2, swing=0.15, swing_length=0.05, in_step=True, quiet=0.2, seam=0.5),
)


def points(seed: int = 0, n: int = 20, noise: float = 0.05) -> Points:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0.01, 1.0, n))
    kind = rng.integers(0, 2, n).astype(np.int8)
    y = 0.7 * np.exp(-6.0 * x) + 0.2 * x * (kind == VALID) - 0.3
    sizes = noise * rng.uniform(0.6, 1.4, n)
    return Points(Places(x, kind), y + sizes * rng.standard_normal(n), sizes)


def prior(a: Places, b: Places, shape: Shape, variance: float, factor: float) -> np.ndarray:
    shared, own = shared_covariance(a, b, shape), own_covariance(a, b, shape, 3.0)
    return variance * shared + factor**2 * own


def noise_of(seen: Points, shape: Shape) -> np.ndarray:
    return np.where(seen.places.kind == VALID, shape.quiet, 1.0) * seen.noise


def wanted() -> Places:
    kind = np.repeat(np.array([TRAIN, VALID], dtype=np.int8), len(GRID))
    return Places(np.tile(GRID, 2), kind)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_evidence_is_the_density_of_the_points_over_all_amplitudes_and_factors(shape):
    seen = points()
    fit = Fit(seen, 3.0)
    densities = [
        multivariate_normal.logpdf(
            fit.y,
            cov=prior(seen.places, seen.places, shape, variance, factor)
            + np.diag((factor * noise_of(seen, shape)) ** 2),
        )
        + expected
        for variance in fit.variances
        for factor, expected in zip(FACTORS, FACTOR_PRIOR, strict=True)
    ]
    constant = 0.5 * len(seen.y) * np.log(2.0 * np.pi)
    found = fit.weighed([shape])[0]
    assert found.log_evidence == pytest.approx(
        logsumexp(densities) + constant + shape.log_prior, abs=1e-6
    )
    best = int(np.argmax(densities))
    assert found.variance == pytest.approx(fit.variances[best // len(FACTORS)])
    assert found.factor == FACTORS[best % len(FACTORS)]


@pytest.mark.parametrize("shape", SHAPES)
def test_mean_and_covariance_of_the_draws_are_those_of_the_posterior(shape):
    seen = points(1)
    fit, weighed = Fit(seen, 3.0), Weighed(shape, 0.0, 0.3, 1.4)
    noisy = prior(seen.places, seen.places, shape, 0.3, 1.4)
    noisy += np.diag((1.4 * noise_of(seen, shape)) ** 2)
    across = prior(wanted(), seen.places, shape, 0.3, 1.4)
    usual, seen_usual = usual_fall(wanted().x), usual_fall(seen.places.x)
    centre = np.average(seen.y - seen_usual, weights=seen.noise**-2)
    expected = centre + usual + across @ linalg.solve(noisy, seen.y - seen_usual - centre)
    spread = prior(wanted(), wanted(), shape, 0.3, 1.4) - across @ linalg.solve(noisy, across.T)

    mean = fit.draws(weighed, GRID, np.zeros((1, 2 * len(GRID))))[0]
    parts = fit.draws(weighed, GRID, np.eye(2 * len(GRID))) - mean
    np.testing.assert_allclose(mean, expected, atol=1e-3)
    np.testing.assert_allclose(parts.T @ parts, spread, atol=1e-4)


def test_draws_under_the_right_shape_cover_the_truth_as_often_as_they_say():
    shape, rng = Shape(30.0, 0.4, gap=0.3), np.random.default_rng(2)
    x = np.concatenate([np.linspace(0.03, 1.0, 20), np.linspace(0.1, 1.0, 10)])
    kind = np.repeat(np.array([TRAIN, VALID], dtype=np.int8), [20, 10])
    both = Places(np.concatenate([x, wanted().x]), np.concatenate([kind, wanted().kind]))
    root = np.linalg.cholesky(prior(both, both, shape, 0.1, 1.0) + 1e-9 * np.eye(len(both.x)))
    normals, inside = rng.standard_normal((200, 2 * len(GRID))), []
    for _ in range(60):
        truth = root @ rng.standard_normal(len(both.x)) + usual_fall(both.x)
        y = truth[:30] + 0.05 * rng.standard_normal(30)
        fit = Fit(Points(Places(x, kind), y, np.full(30, 0.05)), 3.0)
        draws = fit.draws(Weighed(shape, 0.0, 0.1, 1.0), GRID, normals)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        inside.append(np.mean((low <= truth[30:]) & (truth[30:] <= high)))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.06)


def test_draws_with_the_shape_unknown_cover_curves_of_another_family_about_as_often():
    x, inside = np.linspace(0.02, 1.0, 40), []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        size, speed, late = rng.uniform([0.3, 3.0, -0.3], [1.0, 15.0, 0.5])
        noise = (0.02, 0.08)[seed % 2]
        y = size * np.exp(-speed * x) + late * x**2 + noise * rng.standard_normal(40)
        seen = Points(Places(x, np.zeros(40, dtype=np.int8)), y, np.full(40, noise))
        train, _ = draw_curves(seen, GRID, n_epochs=None, n_draws=128, seed=1)
        low, high = np.quantile(train, [0.1, 0.9], axis=0)
        truth = size * np.exp(-speed * GRID) + late * GRID**2
        inside.append(np.mean((low <= truth) & (truth <= high)))
    assert 0.62 < np.mean(inside) < 0.93


def test_the_same_points_give_the_same_curves_and_another_seed_gives_others():
    first = draw_curves(points(), GRID, n_epochs=3.0, n_draws=16, seed=1)
    again = draw_curves(points(), GRID, n_epochs=3.0, n_draws=16, seed=1)
    other = draw_curves(points(), GRID, n_epochs=3.0, n_draws=16, seed=2)
    for one, two, three in zip(first, again, other, strict=True):
        assert one.tobytes() == two.tobytes()
        assert (one != three).all()


@pytest.mark.parametrize("plain", [True, False])
def test_as_many_curves_come_out_as_were_asked_for(plain):
    train, valid = draw_curves(points(), GRID, n_epochs=None, n_draws=37, seed=1, plain=plain)
    assert train.shape == valid.shape == (37, len(GRID))
    assert np.isfinite([train, valid]).all()


def test_a_single_point_gives_curves_that_pass_near_it_and_know_nothing_far_from_it():
    seen = Points(Places(np.array([0.5]), np.zeros(1, np.int8)), np.array([2.0]), np.array([0.01]))
    train, _ = draw_curves(seen, GRID, n_epochs=None, n_draws=200, seed=1)
    assert train[:, 7].mean() == pytest.approx(2.0, abs=0.05)
    assert train[:, [0, -1]].std(axis=0).min() > 2 * train[:, 7].std()


def test_more_noise_makes_wider_curves():
    narrow, wide = (
        draw_curves(points(noise=noise), GRID, n_epochs=None, n_draws=128, seed=1)[0].std(axis=0)
        for noise in (0.01, 0.2)
    )
    assert np.median(wide) > 3 * np.median(narrow)


def test_joined_points_can_be_taken_apart_again():
    parts = [points(0), points(1)]
    whole = joined(parts)
    for kind in (TRAIN, VALID):
        expected = np.concatenate([part.of_kind(kind).y for part in parts])
        np.testing.assert_array_equal(whole.of_kind(kind).y, expected)
        assert (whole.of_kind(kind).places.kind == kind).all()
    assert len(whole.y) == 40


def test_a_noise_known_beforehand_replaces_the_measured_one():
    known = points().with_noise(0.007)
    assert set(known.noise) == {0.007}
    np.testing.assert_array_equal(known.y, points().y)


@pytest.mark.parametrize("n_epochs", [2, 3, 5])
def test_jumps_at_seams_are_evidence_for_their_number(n_epochs):
    x = np.arange(1, 41) / 40
    stairs = -0.4 * (np.ceil(x * n_epochs - 1e-9) - 1.0)
    y = stairs + 0.02 * np.random.default_rng(n_epochs).standard_normal(40)
    seen = Points(Places(x, np.zeros(40, dtype=np.int8)), y, np.full(40, 0.02))
    evidence = epoch_evidence(seen, range(1, 8))
    assert evidence.shape == (7,)
    assert int(evidence.argmax()) + 1 == n_epochs
