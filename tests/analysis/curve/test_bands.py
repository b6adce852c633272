"""Bands of overfitting: both sides of each edge."""

import numpy as np
import pytest

from analysis.curve.bands import BANDS, overfit_bands
from analysis.curve.curve import GRID, N_DRAWS, Curve
from analysis.thresholds import GOLDILOCKS, PRESETS
from tests.analysis.curve.made import curve_with, level, stepping
from tests.builders import make_run

RUN = make_run(np.ones(20))


def band_of(train: Curve, valid: Curve, preset: str = "goldilocks") -> str:
    """Return the band that all draws agree on."""
    bands = set(overfit_bands(train, valid, RUN, PRESETS[preset]).tolist())
    assert len(bands) == 1
    return BANDS[bands.pop()]


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        (0.9, "none"),
        (1.19, "none"),
        (1.21, "mild"),
        (1.49, "mild"),
        (1.51, "moderate"),
        (1.99, "moderate"),
    ],
)
@pytest.mark.parametrize("size", [0.2, 1.0, 7.0])
def test_the_ratio_at_the_end_sets_the_band(ratio, band, size):
    assert band_of(level(size), level(size * ratio)) == band


@pytest.mark.parametrize(("ratio", "band"), [(1.99, "moderate"), (2.01, "severe")])
def test_a_ratio_over_two_is_severe_where_validation_has_risen(ratio, band):
    assert band_of(level(1.1 / ratio), stepping(1.0, 1.1)) == band


@pytest.mark.parametrize(
    ("rise", "band"),
    [(0.19, "none"), (0.21, "moderate"), (0.49, "moderate"), (0.51, "severe")],
)
def test_a_rise_raises_the_band_whatever_the_ratio(rise, band):
    assert band_of(level(1.0 + rise), stepping(1.0, 1.0 + rise)) == band


@pytest.mark.parametrize(("rise", "band"), [(0.019, "moderate"), (0.021, "severe")])
def test_a_rise_too_small_to_harm_caps_the_band_at_moderate(rise, band):
    assert band_of(level(0.3), stepping(1.0, 1.0 + rise)) == band


@pytest.mark.parametrize(
    ("train_end", "late", "band"),
    [(0.049, 0.0555, "severe"), (0.051, 0.0555, "none"), (0.049, 0.0545, "none")],
)
def test_a_crash_to_zero_with_validation_rising_is_severe(train_end, late, band):
    assert band_of(level(train_end), stepping(0.05, late)) == band


def test_a_rise_from_next_to_nothing_is_measured_against_a_level_that_matters():
    assert band_of(level(0.0095), stepping(0.0092, 0.01)) == "none"


def test_each_draw_is_judged_on_its_own():
    ratios = np.linspace(0.9, 2.4, N_DRAWS)
    valid = curve_with(np.outer(ratios, np.where(GRID < 0.5, 0.95, 1.0)), "valid_loss")
    bands = overfit_bands(level(1.0), valid, RUN, GOLDILOCKS)
    expected = (ratios > 1.2).astype(int) + (ratios > 1.5) + (ratios > 2.0)
    np.testing.assert_array_equal(bands, expected)


@pytest.mark.parametrize(
    ("preset", "ratio", "band"),
    [
        ("goldilocks", 1.15, "none"),
        ("sagemaker", 1.15, "mild"),
        ("strict", 1.35, "moderate"),
        ("goldilocks", 1.35, "mild"),
    ],
)
def test_a_preset_moves_the_edges(preset, ratio, band):
    assert band_of(level(1.0), level(ratio), preset) == band
