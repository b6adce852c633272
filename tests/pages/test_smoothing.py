import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.smoothing import averaged_by_ema, ema, window

READING = st.one_of(st.just(np.nan), st.floats(-1e3, 1e3))


def directly(values, weight):
    """TensorBoard's formula, written out; missing values passed over."""
    last, count, smooth = 0.0, 0, []
    for value in values:
        if not np.isfinite(value):
            smooth.append(np.nan)
            continue
        count += 1
        last = last * weight + (1 - weight) * value
        smooth.append(last / (1 - weight**count))
    return np.array(smooth)


@given(st.lists(READING, max_size=60), st.floats(0.0, 0.99))
def test_the_average_is_tensorboards_to_the_last_digit_that_counts(values, weight):
    found = ema(np.array(values, dtype=float), weight)
    np.testing.assert_allclose(found, directly(values, weight), rtol=1e-7, atol=1e-9)


def test_a_constant_with_gaps_stays_the_constant():
    values = np.array([1.0, np.nan, np.nan, 1.0, np.inf, 1.0])
    smooth = ema(values, 0.9)
    np.testing.assert_allclose(smooth[np.isfinite(values)], 1.0)
    assert np.isnan(smooth[[1, 2, 4]]).all()


def test_without_weight_nothing_is_smoothed():
    values = np.array([3.0, 1.0, 2.0])
    np.testing.assert_allclose(ema(values, 0.0), values)
    assert averaged_by_ema(0.0) == 1.0
    assert averaged_by_ema(0.6) == pytest.approx(4.0)


@given(
    st.lists(st.tuples(st.integers(0, 100), READING), max_size=40),
    st.floats(0.0, 30.0),
)
def test_the_window_averages_all_readings_within_reach(pairs, half_width):
    pairs = sorted(pairs, key=lambda pair: pair[0])
    x = np.array([place for place, _ in pairs], dtype=float)
    y = np.array([value for _, value in pairs], dtype=float)
    means, counts = window(x, y, half_width)
    for i in range(len(x)):
        near = np.isfinite(y) & (x >= x[i] - half_width) & (x <= x[i] + half_width)
        if not np.isfinite(y[i]):
            assert np.isnan(means[i])
            assert counts[i] == 0
            continue
        assert counts[i] == near.sum()
        assert means[i] == pytest.approx(y[near].mean(), abs=1e-8)
