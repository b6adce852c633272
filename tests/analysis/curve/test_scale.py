"""Scales: readings become points and curves come back in the metric's unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.curve.kernel import TRAIN, VALID
from analysis.curve.readings import Readings
from analysis.curve.scale import LinearScale, LogScale

LOG = LogScale(floor=0.04, least_noise=0.004, usual_noise=0.1)
LINEAR = LinearScale(unit=0.35, least_noise=0.003, usual_noise=0.05)


def readings(values: np.ndarray) -> Readings:
    return Readings("train_loss", np.arange(1, len(values) + 1), np.asarray(values, dtype=float))


@given(st.floats(1e-6, 1e6))
def test_a_level_comes_back_from_its_logarithm(loss):
    assert LOG.back(np.log(np.array([loss + LOG.floor])))[0] == pytest.approx(loss, rel=1e-6)


@given(st.floats(-1e6, 1e6))
def test_a_level_comes_back_from_its_units(reward):
    assert LINEAR.back(np.array([reward / LINEAR.unit]))[0] == pytest.approx(reward, rel=1e-12)


def test_a_curve_below_the_floor_comes_back_as_nothing_and_never_negative():
    curves = LOG.back(np.array([-80.0, np.log(LOG.floor) - 1.0, np.log(LOG.floor)]))
    assert curves.tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert (curves >= 0).all()


def test_a_curve_beyond_all_measure_comes_back_finite():
    assert np.isfinite(LOG.back(np.array([1e4]))).all()


@pytest.mark.parametrize("n", [1, 2, 4, 7, 40])
def test_noiseless_readings_come_back_at_their_own_places(n):
    values = np.linspace(2.0, 0.5, n)
    for scale in (LOG, LINEAR):
        points = scale.points(readings(values), n, VALID, 40)
        np.testing.assert_allclose(scale.back(points.y), values, rtol=1e-9)
        np.testing.assert_allclose(points.places.x, np.arange(1, n + 1) / n)
        assert (points.places.kind == VALID).all()


def test_losses_of_zero_become_finite_points_at_the_floor():
    points = LOG.points(readings(np.zeros(30)), 30, TRAIN, 40)
    np.testing.assert_allclose(points.y, np.log(LOG.floor))
    assert (points.noise > 0).all()


def test_few_readings_have_the_usual_noise():
    few = readings(np.array([1.0, 0.9]))
    np.testing.assert_allclose(LINEAR.points(few, 2, TRAIN, 40).noise, 0.05 / 0.35)
    np.testing.assert_allclose(LOG.points(few, 2, TRAIN, 40).noise, np.sqrt(np.log1p(0.1**2)))


def test_readings_without_noise_still_get_the_least_one():
    flat = readings(np.full(20, 0.7))
    np.testing.assert_allclose(LINEAR.points(flat, 20, TRAIN, 40).noise, 0.003 / 0.35)


@pytest.mark.parametrize(("scale", "unit"), [(LOG, 1.04), (LINEAR, 0.35)])
def test_the_noise_of_a_bin_is_the_scatter_of_its_mean(scale, unit):
    n, sigma = 2000, 0.1
    rng = np.random.default_rng(0)
    found = [
        scale.points(readings(1.0 + sigma * rng.standard_normal(n)), n, TRAIN, 40)
        for _ in range(20)
    ]
    centre = np.log(1.04) if scale is LOG else 1.0 / 0.35
    pulls = np.concatenate([(points.y - centre) / points.noise for points in found])
    assert np.sqrt(np.mean(pulls**2)) == pytest.approx(1.0, abs=0.15)
    expected = sigma / np.sqrt(n / 40) / unit
    assert np.median(found[0].noise) == pytest.approx(expected, rel=0.3)


def test_one_wild_batch_hardly_moves_the_points():
    values = 1.0 + 0.05 * np.random.default_rng(1).standard_normal(400)
    calm = LOG.points(readings(values), 400, TRAIN, 40)
    values[200] *= 30.0
    wild = LOG.points(readings(values), 400, TRAIN, 40)
    assert np.abs(wild.y - calm.y).max() < 0.05


def test_skewed_batches_keep_their_mean_though_most_lie_far_below():
    skewed = np.random.default_rng(2).gamma(0.25, 4.0, 4000)
    points = LOG.points(readings(skewed), 4000, TRAIN, 40)
    assert np.median(skewed) < 0.3
    assert LOG.back(points.y).mean() == pytest.approx(1.0, abs=0.15)
