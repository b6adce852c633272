import numpy as np

from pages.shared.chart_data import clip_of


def test_a_few_wild_readings_are_cut_off_and_counted():
    values = np.r_[np.linspace(3.0, 1.0, 400), np.nan]
    values[[50, 200]] = 40.0
    top, above = clip_of([values])
    assert top is not None
    assert 2.9 < top < 4.0
    assert above == 2


def test_the_steep_start_of_a_curve_is_never_cut_off():
    values = 0.5 + 9.5 * np.exp(-np.arange(5_000) / 4.0)
    top, above = clip_of([values])
    assert above <= 1
    assert top is None or top > 7.0


def test_a_limit_stays_in_view_and_nothing_is_cut_off_nothing():
    assert clip_of([]) == (None, 0)
    assert clip_of([np.array([np.nan])]) == (None, 0)
    assert clip_of([np.array([1.0, 9.0])])[1] == 0
    top, _ = clip_of([np.r_[np.ones(500), 90.0]], [5.0])
    assert top == 5.0
