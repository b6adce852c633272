"""Overfitting: the bands of the ratio, what a rise or its absence makes of them, and crashes."""

from dataclasses import replace

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.curve.bands import overfit_bands
from analysis.rules.sft.overfitting import ADVICE_MEMORISING, CARD, overfitting
from analysis.schema import Method
from analysis.thresholds import PRESETS
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    by_readings,
    by_share_of_draws,
    exact_losses,
    for_all_limits,
    judged,
    mixed,
    numbers,
    via,
)

STATUSES = {"mild": Status.WARN, "moderate": Status.FAIL, "severe": Status.FAIL}
BANDS = ["none", *STATUSES]


def ending(ratio, rise, train_end=1.0):
    """Return losses of which validation ends this far above training and above its best."""
    valid_end = ratio * train_end
    return exact_losses(via(3, 2, train_end), via(3, valid_end / (1 + rise), valid_end))


def assert_band(verdict, band):
    if band == "none":
        assert (verdict.status, verdict.label) == (Status.PASS, None)
    else:
        assert (verdict.status, verdict.label) == (STATUSES[band], band)
        assert verdict.statement.startswith(band.capitalize())
        assert verdict.advice == CARD.advice


def test_the_limits_are_those_of_the_specification():
    limits = Thresholds()
    assert (limits.ratio_mild, limits.ratio_moderate, limits.ratio_severe) == (1.2, 1.5, 2.0)
    assert (limits.rise_harmful, limits.rise_moderate, limits.rise_severe) == (0.02, 0.2, 0.5)
    assert (limits.crash_level, limits.crash_rise) == (0.05, 0.1)


@for_all_limits
@pytest.mark.parametrize("over", [True, False], ids=["over", "short"])
@pytest.mark.parametrize("band", BANDS[1:])
def test_the_ratio_sets_the_band_where_validation_has_turned_up(band, over, limits):
    ratio = getattr(limits, f"ratio_{band}") + (HAIR if over else -HAIR)
    verdict = judged(overfitting, ending(ratio, limits.rise_harmful + HAIR), limits)
    assert_band(verdict, band if over else BANDS[BANDS.index(band) - 1])


@for_all_limits
@pytest.mark.parametrize(("hair", "band"), [(HAIR, "moderate"), (-HAIR, "none")])
def test_a_rise_of_a_fifth_is_at_least_moderate_at_any_ratio(hair, band, limits):
    verdict = judged(overfitting, ending(1.01, limits.rise_moderate + hair), limits)
    assert_band(verdict, band)


@for_all_limits
@pytest.mark.parametrize(("hair", "band"), [(HAIR, "severe"), (-HAIR, "moderate")])
def test_a_rise_of_half_makes_overfitting_severe(hair, band, limits):
    assert_band(judged(overfitting, ending(1.01, limits.rise_severe + hair), limits), band)


def test_a_rise_of_a_fifth_does_not_lower_a_band_that_the_ratio_set():
    limits = GOLDILOCKS
    severe = ending(limits.ratio_severe + HAIR, limits.rise_moderate + HAIR)
    assert_band(judged(overfitting, severe), "severe")


@for_all_limits
@pytest.mark.parametrize("band", BANDS[1:])
def test_without_a_rise_any_ratio_is_memorising_and_no_more_than_a_warning(band, limits):
    ratio = getattr(limits, f"ratio_{band}") + HAIR
    verdict = judged(overfitting, ending(ratio, limits.rise_harmful - HAIR), limits)
    assert (verdict.status, verdict.label) == (Status.WARN, "memorising")
    assert "memorises" in verdict.statement
    assert verdict.advice == ADVICE_MEMORISING


@for_all_limits
@pytest.mark.parametrize(("hair", "band"), [(HAIR, "severe"), (-HAIR, "moderate")])
def test_without_a_rise_no_ratio_is_more_than_moderate(hair, band, limits):
    curves = ending(limits.ratio_severe + HAIR, limits.rise_harmful + hair)
    assert set(overfit_bands(curves.train, curves.valid, curves.run, limits)) == {BANDS.index(band)}


@pytest.mark.parametrize(
    ("limits", "rise", "said"),
    [
        (GOLDILOCKS, 0.0, "has not risen"),
        (GOLDILOCKS, 0.015, "only 1.5% above its best"),
        (PRESETS["microsoft"], 0.15, "only 15.0% above its best"),
    ],
)
def test_memorising_never_denies_a_rise_that_is_there(limits, rise, said):
    verdict = judged(overfitting, ending(1.8, rise), limits)
    assert verdict.label == "memorising"
    assert said in verdict.statement


@pytest.mark.parametrize(("rise", "said"), [(0.15, True), (0.015, False)])
def test_a_rise_beside_a_close_training_loss_is_not_passed_over(rise, said):
    verdict = judged(overfitting, ending(1.1, rise))
    assert verdict.status is Status.PASS
    assert ("ends 15% above its best" in verdict.statement) == said


def test_without_a_rise_a_ratio_under_the_mild_band_is_nothing():
    ratio = GOLDILOCKS.ratio_mild - HAIR
    assert_band(judged(overfitting, ending(ratio, 0.0)), "none")


@for_all_limits
@pytest.mark.parametrize(
    ("below", "above", "band"),
    [(HAIR, HAIR, "severe"), (-HAIR, HAIR, "mild"), (HAIR, -HAIR, "mild")],
)
def test_a_crash_to_zero_with_a_rise_is_severe_overfitting(below, above, band, limits):
    train_end = limits.crash_level - below
    curves = ending(1.45 * limits.ratio_mild / 1.2, limits.crash_rise + above, train_end)
    assert_band(judged(overfitting, curves, limits), band)


@pytest.mark.parametrize(
    ("tokens", "file_format", "band"),
    [(1, "openai-results", "mild"), (None, "openai-results", "severe"), (1, "frame", "severe")],
)
def test_a_crash_is_one_of_visible_tokens_where_these_are_known(tokens, file_format, band):
    losses = ending(1.45, 0.15, train_end=0.04)
    curves = exact_losses(
        losses.train.draws[0],
        losses.valid.draws[0],
        answer_tokens=tokens,
        file_format=file_format,
    )
    assert_band(judged(overfitting, curves), band)


def test_a_loss_near_zero_is_no_crash_in_preference_tuning():
    curves = ending(1.45, 0.15, train_end=0.04)
    run = replace(curves.run, method=Method.DPO)
    assert_band(judged(overfitting, replace(curves, run=run)), "mild")


def test_a_rise_from_next_to_nothing_is_measured_against_a_twentieth_of_a_nat():
    curves = exact_losses(via(2, 0.06, 0.06), via(2, 0.01, 0.02))
    verdict = judged(overfitting, curves)
    assert numbers(verdict)["valid_rise"] == pytest.approx(0.01 / 0.05)


@by_share_of_draws(Status.FAIL)
def test_the_share_of_draws_that_overfit_decides(n_holding, status):
    curves = mixed(ending(1.01, 0.3), ending(1.01, 0.1), n_holding)
    assert_held_in_first(judged(overfitting, curves), n_holding, status)


@pytest.mark.parametrize(("n_severe", "band"), [(127, "moderate"), (129, "severe")])
def test_the_band_is_that_of_most_draws(n_severe, band):
    curves = mixed(ending(1.01, 0.6), ending(1.01, 0.3), n_severe)
    verdict = judged(overfitting, curves)
    assert_band(verdict, band)
    assert verdict.probability == 1.0


@pytest.mark.parametrize(("n_harmless", "label"), [(127, "moderate"), (129, "memorising")])
def test_memorising_is_said_where_most_draws_have_no_rise(n_harmless, label):
    curves = mixed(ending(1.8, 0.0), ending(1.8, 0.3), n_harmless)
    assert judged(overfitting, curves).label == label


@by_readings("train", "valid", found=Status.FAIL)
def test_overfitting_needs_both_losses(thinned, status):
    assert judged(overfitting, thinned(ending(1.8, 0.3), GOLDILOCKS)).status is status


def test_without_either_loss_validation_is_asked_for():
    verdict = judged(overfitting, exact_losses())
    assert verdict.status is Status.NOT_APPLICABLE
    assert "Validation loss" in verdict.statement
    assert "validation file" in verdict.advice[0]


def test_overfitting_is_named_from_the_best_step_with_ratio_and_rise():
    verdict = judged(overfitting, ending(1.8, 0.3))
    assert verdict.steps == (LAST_STEP // 2, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"ratio": 1.8, "valid_rise": 0.3})
    assert "30%" in verdict.statement
    assert "1.8 times" in verdict.statement
