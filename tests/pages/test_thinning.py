import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.shared.thinning import COLUMNS, MOST, thinned

VALUES = st.floats(-1e6, 1e6, allow_nan=False)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), VALUES), min_size=1, max_size=400), st.data())
def test_first_last_least_and_greatest_are_always_kept(pairs, data):
    most = data.draw(st.integers(0, 50))
    columns = data.draw(st.integers(1, 40))
    x = np.sort(np.array([place for place, _ in pairs], dtype=float))
    y = np.array([value for _, value in pairs])
    kept = thinned(x, y, most, columns)
    assert (np.diff(kept) > 0).all()
    assert {0, len(x) - 1} <= set(kept)
    assert y[kept].min() == y.min()
    assert y[kept].max() == y.max()
    assert len(kept) <= max(most, 2, 2 * columns + 2)


@settings(deadline=None)
@given(st.lists(VALUES, min_size=60, max_size=300))
def test_every_column_keeps_its_own_extremes(values):
    y = np.array(values)
    x = np.arange(len(y), dtype=float)
    kept = thinned(x, y, most=0, columns=10)
    column = np.minimum(x / x[-1] * 10, 9).astype(int)
    for each in range(10):
        own = y[column == each]
        drawn = y[kept][column[kept] == each]
        assert (drawn.min(), drawn.max()) == (own.min(), own.max())


def test_up_to_the_stated_number_every_row_is_drawn():
    x = np.arange(MOST, dtype=float)
    assert len(thinned(x, np.sin(x))) == MOST


def test_a_spike_of_one_step_in_a_million_is_drawn():
    x = np.arange(1_000_000, dtype=float)
    y = np.random.default_rng(0).normal(size=len(x))
    y[123_456], y[654_321] = 50.0, -50.0
    kept = thinned(x, y)
    assert {123_456, 654_321} <= set(kept)
    assert len(kept) <= 2 * COLUMNS + 2


def test_no_row_and_one_row_are_survived():
    assert list(thinned(np.array([]), np.array([]))) == []
    assert list(thinned(np.array([3.0]), np.array([1.0]), most=0)) == [0]
