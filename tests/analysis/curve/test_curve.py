"""The curve: values, means and extremes of draws between the points of their grid."""

import numpy as np
import pytest

from analysis.curve.curve import GRID, N_DRAWS, SETTLED, WINDOW
from tests.analysis.curve.made import LAST_STEP, curve_of, curve_with, level


@pytest.fixture
def wild():
    rng = np.random.default_rng(4)
    return curve_with(rng.normal(2.0, 0.5, (N_DRAWS, len(GRID))).cumsum(axis=1))


def interpolated(curve, places) -> np.ndarray:
    return np.array([np.interp(places, GRID, draw) for draw in curve.draws])


def test_values_at_steps_are_interpolated_draw_by_draw(wild):
    steps = [1, 7, 50, 123, LAST_STEP]
    np.testing.assert_allclose(
        wild.at(steps), interpolated(wild, np.array(steps) / LAST_STEP), rtol=1e-12
    )


def test_values_at_the_points_of_the_grid_are_the_draws_themselves(wild):
    np.testing.assert_allclose(wild.at_progress(GRID), wild.draws, rtol=1e-12)


def test_the_middle_is_the_median_over_the_draws(wild):
    expected = np.median(interpolated(wild, np.array([0.25, 0.7])), axis=0)
    np.testing.assert_allclose(wild.middle([50, 140]), expected, rtol=1e-12)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.95, 1.0), (0.31, 0.34), (0.0, 0.04)])
def test_a_mean_is_that_of_evenly_spread_places_in_the_window(wild, low, high):
    expected = interpolated(wild, np.linspace(low, high, WINDOW)).mean(axis=1)
    np.testing.assert_allclose(wild.mean(low, high), expected, rtol=1e-12)


def test_the_mean_of_a_straight_line_is_its_value_in_the_middle_of_the_window():
    line = curve_of(lambda p: 3.0 - 2.0 * p)
    np.testing.assert_allclose(line.mean(0.2, 0.5), 3.0 - 2.0 * 0.35, rtol=1e-12)


def test_a_mean_takes_each_draws_own_window(wild):
    highs = np.linspace(0.1, 1.0, N_DRAWS)
    expected = [
        np.interp(np.linspace(0.05, high, WINDOW), GRID, draw).mean()
        for high, draw in zip(highs, wild.draws, strict=True)
    ]
    np.testing.assert_allclose(wild.mean(0.05, highs), expected, rtol=1e-12)


def test_one_window_for_all_gives_the_same_mean_whether_a_number_or_an_array(wild):
    np.testing.assert_allclose(
        wild.mean(0.2, np.full(N_DRAWS, 0.6)), wild.mean(0.2, 0.6), rtol=1e-12
    )


def test_extremes_are_those_of_each_draw_once_the_run_has_started(wild):
    started = wild.draws[:, GRID >= SETTLED]
    np.testing.assert_array_equal(wild.least(), started.min(axis=1))
    np.testing.assert_array_equal(wild.greatest(), started.max(axis=1))


def test_an_extreme_before_the_run_has_started_is_not_sought():
    curve = curve_of(lambda p: np.where(p < SETTLED, -5.0, np.where(p > 0.9, 9.0, 1.0 + p)))
    assert curve.least() == pytest.approx(1.0 + GRID[GRID >= SETTLED][0])
    assert curve.step_of_least() == round(GRID[GRID >= SETTLED][0] * LAST_STEP)


@pytest.mark.parametrize("place", [0.25, 0.5, 0.8125])
def test_the_step_of_an_extreme_is_where_a_valley_or_a_hill_lies(place):
    valley = curve_of(lambda p: (p - place) ** 2)
    hill = curve_of(lambda p: 5.0 - (p - place) ** 2)
    assert valley.step_of_least() == pytest.approx(place * LAST_STEP, abs=LAST_STEP / 80)
    assert hill.step_of_greatest() == pytest.approx(place * LAST_STEP, abs=LAST_STEP / 80)


def test_the_step_of_the_least_is_where_most_draws_have_it_not_a_few_wild_ones():
    places = np.full(N_DRAWS, 0.5)
    places[: N_DRAWS // 5] = 0.975
    curve = curve_with((GRID - places[:, None]) ** 2)
    assert curve.step_of_least() == LAST_STEP // 2


def test_the_column_is_that_of_the_readings():
    assert level(1.0).column == "train_loss"


def test_the_grid_runs_from_start_to_end_without_repeats_and_is_finest_at_the_start():
    gaps = np.diff(GRID)
    assert (GRID[0], GRID[-1]) == (0.0, 1.0)
    assert gaps.min() > 0
    assert gaps[:10].mean() < 0.5 * gaps[-10:].mean()
