"""Grading: pass rates, the threshold that leaves something to learn, agreement of graders."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from analysis.agreement import agreement
from analysis.grading import (
    HACKABILITY,
    THRESHOLDS,
    Band,
    GradingError,
    band_of,
    calibration,
    pass_rates,
    rescaled,
    wilson,
)

SPREAD = np.linspace(0.0, 1.0, 101)


@pytest.mark.parametrize(
    ("fails", "band"),
    [
        (0.0, Band.TOO_EASY),
        (0.099, Band.TOO_EASY),
        (0.1, Band.WEAK),
        (0.249, Band.WEAK),
        (0.25, Band.GOOD),
        (0.5, Band.GOOD),
        (0.501, Band.HARSH),
        (0.7, Band.HARSH),
        (0.701, Band.TOO_HARD),
        (1.0, Band.TOO_HARD),
    ],
)
def test_bands_are_those_of_the_source(fails, band):
    assert band_of(fails) is band


def test_pass_rates_stand_at_the_published_thresholds():
    rates = pass_rates(SPREAD)
    assert [rate.threshold for rate in rates] == list(THRESHOLDS)
    assert [round(rate.passed * 101) for rate in rates] == [71, 61, 51, 41, 31, 21, 16, 11, 6, 1]
    for rate in rates:
        assert rate.low < rate.passed < rate.high


def test_a_score_at_the_threshold_passes():
    assert pass_rates([0.1 + 0.2] * 5, [0.3])[0].passed == 1.0
    assert pass_rates([0.3] * 5, [0.3])[0].passed == 1.0
    assert pass_rates([1.0] * 5, [1.0])[0].passed == 1.0


def test_wilson_gives_the_known_interval():
    # Newcombe (1998), table I: 81 of 263.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0.0, 20)[0] == 0.0
    assert wilson(1.0, 20)[1] == pytest.approx(1.0)


def test_the_threshold_fails_about_a_third():
    found = calibration(SPREAD)
    assert found.threshold == pytest.approx(0.35)
    assert found.fails == pytest.approx(0.35, abs=0.01)
    assert found.low < 0.35 < found.high
    assert 0.1 < found.high - found.low < 0.3
    assert found.band is Band.GOOD


def test_the_interval_holds_the_true_threshold_nineteen_times_in_twenty():
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(100):
        found = calibration(rng.uniform(0, 1, 80))
        hits += found.low <= 0.35 <= found.high
    assert 90 <= hits <= 100


def test_more_answers_give_a_narrower_interval():
    rng = np.random.default_rng(3)
    few, many = calibration(rng.uniform(size=30)), calibration(rng.uniform(size=1000))
    assert many.high - many.low < few.high - few.low


def test_a_threshold_in_the_good_band_goes_before_a_nearer_one_outside():
    # 0.5 fails 24 % (11 points off), 1.0 fails 48 % (13 points off): only the latter is good.
    scores = [0.0] * 24 + [0.5] * 24 + [1.0] * 52
    assert calibration(scores).threshold == 1.0
    assert calibration(scores).band is Band.GOOD


def test_scores_that_allow_no_good_threshold_say_how_bad_it_is():
    assert calibration([1.0] * 95 + [0.0] * 5).band is Band.TOO_EASY
    found = calibration([0.0] * 60 + [1.0] * 40)
    assert (found.threshold, found.fails, found.band) == (1.0, 0.6, Band.HARSH)


def test_the_same_scores_in_any_order_give_the_same_answer():
    shuffled = np.random.default_rng(1).permutation(SPREAD)
    assert calibration(shuffled) == calibration(SPREAD)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([], "0 scores"),
        ([0.5] * 4, "4 scores"),
        ([0.5] * 4 + [np.nan], "4 scores"),
        ([1, 2, 3, 4, 5], "give the ends of their scale"),
        ([-0.5, 0, 0, 0, 0], "give the ends"),
    ],
)
def test_scores_that_say_nothing_are_refused(scores, words):
    with pytest.raises(GradingError, match=words):
        pass_rates(scores)


def test_a_scale_of_one_to_five_is_read_as_shares():
    assert rescaled(np.array([1.0, 3.0, 5.0]), 1, 5).tolist() == [0.0, 0.5, 1.0]
    with pytest.raises(GradingError):
        rescaled(SPREAD, 1, 1)


def test_agreement_is_spearmans_rho_with_ties():
    rng = np.random.default_rng(2)
    first = np.round(rng.uniform(size=60), 1)
    second = np.round(first + 0.2 * rng.standard_normal(60), 1)
    found = agreement(first, second)
    assert found.rho == pytest.approx(spearmanr(first, second).statistic)
    assert found.low < found.rho < found.high
    assert found.n_pairs == 60


def test_agreement_speaks_of_answers_that_both_graded():
    first = np.array([0.1, 0.2, np.nan, 0.4, 0.5, 0.6])
    second = np.array([0.2, 0.1, 0.9, 0.5, np.nan, 0.6])
    with pytest.raises(GradingError, match="4 answers"):
        agreement(first, second)


@pytest.mark.parametrize(
    ("noise", "n", "words"),
    [
        (0.05, 200, "either can stand"),
        (0.3, 400, "agree in part"),
        (3.0, 200, "disagree"),
    ],
)
def test_agreement_says_what_to_do(noise, n, words):
    rng = np.random.default_rng(4)
    first = rng.uniform(size=n)
    assert words in agreement(first, first + noise * rng.standard_normal(n)).statement


def test_high_agreement_on_few_answers_is_not_trusted():
    found = agreement([1, 2, 3, 4, 5, 6], [1, 2, 3, 5, 4, 6])
    assert found.rho > 0.9
    assert found.low < 0.6
    assert "too few answers" in found.statement


def test_perfect_and_reversed_ranks_are_one_and_minus_one():
    assert agreement([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]).rho == 1
    assert agreement([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]).rho == -1


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [([1, 2], [1, 2, 3], "same answers"), ([1] * 9, range(9), "same score")],
)
def test_graders_that_cannot_be_compared_are_refused(first, second, words):
    with pytest.raises(GradingError, match=words):
        agreement(first, list(second))


def test_the_check_list_says_what_to_try():
    assert len(HACKABILITY) >= 6
    for question, how in HACKABILITY:
        assert question.endswith("?")
        assert how.endswith(".")
