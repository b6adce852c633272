"""Readings: finite values, the noise around them, outliers and bins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.curve.readings import (
    bin_edges,
    bin_means,
    bin_noise,
    finite_readings,
    lengths_of,
    local_mean,
    noise_of,
    readings_of,
    without_high_outliers,
    without_outliers,
)
from tests.analysis.curve.made import column_frame

LOST = np.array([2.0, np.nan, 1.0, np.inf, np.nan, np.nan, np.inf])


def falling(x: np.ndarray) -> np.ndarray:
    return 0.8 + 1.2 * np.exp(-9.0 * x)


def test_readings_are_the_finite_values_with_their_steps():
    readings = readings_of(
        column_frame(train_loss=np.array([2.0, np.nan, np.inf, 1.0])), "train_loss"
    )
    assert readings.steps.tolist() == [1, 4]
    assert readings.values.tolist() == [2.0, 1.0]
    assert readings.column == "train_loss"
    assert len(readings) == 2
    assert readings.lost_from is None


def test_a_loss_is_lost_from_the_first_infinite_value_after_the_last_finite_one():
    readings = readings_of(column_frame(train_loss=LOST), "train_loss")
    assert readings.lost_from == 4
    assert readings.values.tolist() == [2.0, 1.0]


def test_a_loss_that_was_never_finite_is_lost_from_its_first_value():
    readings = readings_of(
        column_frame(train_loss=np.array([np.nan, np.inf, np.inf])), "train_loss"
    )
    assert readings.lost_from == 2
    assert len(readings) == 0


def test_a_column_without_a_finite_value_gives_no_finite_readings():
    frame = column_frame(train_loss=np.full(5, np.inf), valid_loss=np.full(5, np.nan))
    assert finite_readings(frame, "train_loss") is None
    assert finite_readings(frame, "valid_loss") is None
    assert readings_of(frame, "valid_loss") is None
    assert readings_of(frame, "full_valid_loss") is None


def test_zero_is_a_value():
    readings = finite_readings(column_frame(train_loss=np.array([0.0, np.nan, 0.0])), "train_loss")
    assert readings.steps.tolist() == [1, 3]


@pytest.mark.parametrize("sigma", [0.03, 0.1, 0.3])
@pytest.mark.parametrize("seed", range(3))
def test_relative_noise_is_recovered_within_a_sixth(sigma, seed):
    x = np.arange(1, 601) / 600
    values = falling(x) * (1.0 + sigma * np.random.default_rng(seed).standard_normal(600))
    assert noise_of(x, values, local_mean(values), 0.02) == pytest.approx(sigma, rel=1 / 6)


def test_over_many_runs_noise_is_neither_over_nor_underrated():
    x, rng = np.arange(1, 401) / 400, np.random.default_rng(8)
    found = [noise_of(x, 0.1 * rng.standard_normal(400), np.ones(400), 0.0) for _ in range(100)]
    assert np.mean(found) == pytest.approx(0.1, rel=0.03)


def test_absolute_noise_is_recovered_within_a_sixth_even_at_uneven_places():
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(0.0, 1.0, 500))
    values = x + 0.05 * rng.standard_normal(500)
    assert noise_of(x, values, np.ones(500), 0.02) == pytest.approx(0.05, rel=1 / 6)


def test_a_straight_line_has_no_noise_however_steep_and_uneven():
    x = np.sort(np.random.default_rng(0).uniform(0.0, 1.0, 50))
    assert noise_of(x, 3.0 - 2.5 * x, np.ones(50), 0.0) < 1e-12


def test_winsorising_keeps_a_few_wild_readings_out_of_the_noise():
    rng = np.random.default_rng(1)
    x, values = np.arange(1, 401) / 400, 1.0 + 0.02 * rng.standard_normal(400)
    values[[40, 160, 300]] = 8.0
    assert noise_of(x, values, np.ones(400), 0.1) < 0.05
    assert noise_of(x, values, np.ones(400), 0.0) > 0.2


def test_the_local_mean_is_that_of_the_neighbours_that_there_are():
    values = np.random.default_rng(2).normal(size=30)
    expected = [values[max(i - 4, 0) : i + 5].mean() for i in range(30)]
    np.testing.assert_allclose(local_mean(values), expected, rtol=1e-9, atol=1e-12)


def test_an_isolated_high_reading_comes_down_and_the_others_stay():
    values = np.full(60, 1.0)
    values[30] = 9.0
    found = without_high_outliers(values, local_mean(values), 0.05)
    assert found[30] == pytest.approx(1.0, abs=0.7)
    np.testing.assert_array_equal(np.delete(found, 30), np.delete(values, 30))


def test_a_steep_start_is_no_outlier_and_neither_is_a_low_reading():
    values = falling(np.arange(1, 101) / 100)
    values[50] = 0.01
    np.testing.assert_allclose(without_high_outliers(values, local_mean(values), 0.05), values)


def test_rewards_are_drawn_in_from_both_sides():
    values = np.full(60, 0.5)
    values[[20, 40]] = [-3.0, 4.0]
    found = without_outliers(values, 0.02)
    assert found[20] == pytest.approx(0.5 - 6 * 0.02)
    assert found[40] == pytest.approx(0.5 + 6 * 0.02)
    np.testing.assert_array_equal(np.delete(found, [20, 40]), np.full(58, 0.5))


def test_of_few_readings_none_is_called_an_outlier():
    values = np.array([1.0, 1.0, 90.0, 1.0, 1.0, 1.0, 1.0])
    np.testing.assert_array_equal(without_high_outliers(values, local_mean(values), 0.01), values)
    np.testing.assert_array_equal(without_outliers(values, 0.01), values)


@given(
    x=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=300).map(sorted),
    most=st.integers(1, 50),
)
def test_every_reading_lies_in_exactly_one_bin(x, most):
    edges = bin_edges(np.array(x), most)
    _, counts = bin_means(np.array(x), edges)
    assert (edges[0], edges[-1]) == (0, len(x))
    assert (np.diff(edges) > 0).all()
    assert len(edges) - 1 <= max(most, 1)
    assert counts.sum() == len(x)


def test_few_readings_get_a_bin_each():
    assert bin_edges(np.linspace(0.1, 1.0, 7), 7).tolist() == list(range(8))


def test_bins_are_narrower_at_the_start_of_the_run():
    x = np.arange(1, 2001) / 2000
    widths = np.diff(bin_edges(x, 40))
    assert widths[:5].max() < widths[-5:].min()


def test_means_of_bins_weighed_by_their_counts_give_the_mean_of_all():
    values = np.random.default_rng(5).normal(size=333)
    means, counts = bin_means(values, bin_edges(np.linspace(0, 1, 333), 40))
    assert np.average(means, weights=counts) == pytest.approx(values.mean(), rel=1e-9)


def test_a_bin_with_few_readings_takes_the_noise_of_the_whole_run():
    edges = np.array([0, 2, 4])
    assert bin_noise(np.array([0.3, -0.3, 0.1, -0.1]), edges, 0.07).tolist() == [0.07, 0.07]


def test_a_bin_with_many_readings_shows_its_own_noise():
    rng = np.random.default_rng(6)
    residuals = np.concatenate([0.02, 0.2] * rng.standard_normal((500, 2)), axis=None)
    calm, loud = residuals[::2], residuals[1::2]
    noise = bin_noise(np.concatenate([calm, loud]), np.array([0, 500, 1000]), 0.05)
    np.testing.assert_allclose(noise, [0.02, 0.2], rtol=0.15)


@pytest.mark.parametrize(
    ("values", "kept"), [([5.0, -1.0, 0.0, np.nan], [5.0, 0.0]), ([-1.0, -1.0, np.inf], None)]
)
def test_a_negative_length_is_a_sentinel_and_no_reading(values, kept):
    found = lengths_of(column_frame(completion_tokens_mean=values), "completion_tokens_mean")
    assert (None if found is None else found.values.tolist()) == kept
