"""Quantities of rewards: on curves whose values are known by construction."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.curve import reward_quantities as quantities
from analysis.curve.readings import Readings
from tests.analysis.curve.made import LAST_STEP, curve_of, level, stepping


def climbing(p: np.ndarray) -> np.ndarray:
    return 0.2 + 0.5 * p


def test_levels_at_start_and_end_are_means_of_windows():
    curve = curve_of(climbing)
    np.testing.assert_allclose(quantities.start_level(curve), 0.2 + 0.5 * 0.02)
    np.testing.assert_allclose(quantities.end_level(curve), 0.2 + 0.5 * 0.975)


def test_a_fall_is_measured_from_the_peak_and_is_none_while_reward_climbs():
    np.testing.assert_allclose(quantities.fall_from_peak(stepping(0.8, 0.3)), 0.5)
    np.testing.assert_allclose(quantities.fall_from_peak(curve_of(climbing)), 0.0)


def test_one_lucky_point_is_no_peak():
    lucky = curve_of(lambda p: np.where(np.abs(p - 0.5) < 0.007, 1.0, 0.4))
    assert quantities.fall_from_peak(lucky).max() < 0.25


def test_gaps_are_training_minus_validation_late_and_around_the_first_validations():
    train, valid = curve_of(climbing), level(0.2)
    np.testing.assert_allclose(quantities.late_gap(train, valid), 0.5 * 0.925)
    np.testing.assert_allclose(quantities.early_gap(train, valid), 0.5 * 0.08, rtol=1e-6)


def test_the_early_gap_is_sought_where_validation_begins():
    valid = level(0.2)
    late = replace(valid, readings=Readings("full_valid_mean_reward", np.array([100]), np.ones(1)))
    np.testing.assert_allclose(quantities.early_gap(curve_of(climbing), late), 0.5 * 0.575)


def test_the_fall_of_training_counts_from_the_peak_of_validation():
    valid = curve_of(lambda p: 0.5 - (p - 0.5) ** 2)
    train = curve_of(lambda p: 0.9 - 0.4 * p)
    expected = 0.4 * (0.975 - 0.5)
    assert quantities.train_fall_since_valid_peak(train, valid) == pytest.approx(expected, abs=0.01)


def test_growth_is_the_end_over_the_start():
    tokens = curve_of(lambda p: 200.0 * 3.0**p)
    np.testing.assert_allclose(quantities.growth(tokens), 3.0 ** (0.985 - 0.015), rtol=0.01)
    assert np.isfinite(quantities.growth(level(0.0))).all()


def scattered(early: float, late: float, course: np.ndarray):
    """Return a reward curve whose readings scatter around it by these standard deviations."""
    steps = np.arange(1, LAST_STEP * 3 + 1)
    progress = steps / steps[-1]
    curve = replace(curve_of(lambda p: np.interp(p, [0.0, 1.0], course)), last_step=int(steps[-1]))
    sizes = np.where(progress < 0.5, early, late)
    values = np.interp(progress, [0.0, 1.0], course)
    values = values + sizes * np.random.default_rng(0).standard_normal(len(steps))
    return replace(curve, readings=Readings("train_mean_reward", steps, values))


@pytest.mark.parametrize("grown", [0.5, 1.0, 2.5])
def test_the_growth_of_the_spread_is_recovered(grown):
    curve = scattered(0.02, 0.02 * grown, np.array([0.5, 0.5]))
    assert np.median(quantities.spread_growth(curve, 1.0)) == pytest.approx(grown, rel=0.2)


def test_a_spread_that_only_goes_with_the_level_has_not_grown():
    low, high = np.sqrt(0.1 * 0.9), np.sqrt(0.5 * 0.5)
    curve = scattered(0.1 * low, 0.1 * high, np.array([0.1, 0.5]))
    assert np.median(quantities.spread_growth(curve, 1.0)) < 1.35
    assert high / low > 1.6


def test_readings_are_counted_in_the_first_and_the_last_third():
    steps = np.array([1, 50, 90, 150, 199])
    few = replace(level(0.5), readings=Readings("train_mean_reward", steps, np.ones(5)))
    assert quantities.readings_in_thirds(replace(few, last_step=200)) == (2, 2)
