"""Validation rise: where harm begins, its bands, and a training loss that rose as well."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.validation_rise import validation_rise
from analysis.thresholds import PRESETS
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    both_sides,
    by_readings,
    by_share_of_draws,
    exact_losses,
    for_all_limits,
    judged,
    mixed,
    numbers,
    thinned_to,
    via,
)


def risen(rise, train_rise=0.0):
    return exact_losses(via(2, 1, 1 + train_rise), via(2, 1, 1 + rise))


def rise_that_harms(limits, hair):
    return risen(limits.rise_harmful + hair)


def test_the_limits_are_those_of_the_specification():
    limits = Thresholds()
    assert (limits.rise_harmful, limits.rise_moderate, limits.rise_severe) == (0.02, 0.2, 0.5)
    assert limits.divergence_train == 0.3


@for_all_limits
@both_sides()
def test_the_rise_decides_whether_the_last_checkpoint_is_worse(hair, status, limits):
    assert judged(validation_rise, rise_that_harms(limits, hair), limits).status is status


@for_all_limits
@pytest.mark.parametrize(
    ("limit", "hair", "label", "status"),
    [
        ("rise_harmful", HAIR, "mild", Status.WARN),
        ("rise_moderate", -HAIR, "mild", Status.WARN),
        ("rise_moderate", HAIR, "moderate", Status.FAIL),
        ("rise_severe", -HAIR, "moderate", Status.FAIL),
        ("rise_severe", HAIR, "severe", Status.FAIL),
    ],
)
def test_the_size_of_the_rise_is_its_band(limit, hair, label, status, limits):
    verdict = judged(validation_rise, risen(getattr(limits, limit) + hair), limits)
    assert (verdict.label, verdict.status) == (label, status)


@by_share_of_draws()
def test_the_share_of_draws_that_rise_decides(n_holding, status):
    curves = mixed(rise_that_harms(GOLDILOCKS, HAIR), rise_that_harms(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(validation_rise, curves), n_holding, status)


@by_readings("valid", found=Status.FAIL)
def test_a_rise_needs_validation_loss(thinned, status):
    assert judged(validation_rise, thinned(risen(0.4), GOLDILOCKS)).status is status


@for_all_limits
@pytest.mark.parametrize(("hair", "said"), [(HAIR, True), (-HAIR, False)])
def test_training_loss_that_rose_as_well_is_said_and_excuses_nothing(hair, said, limits):
    verdict = judged(validation_rise, risen(0.4, limits.divergence_train + hair), limits)
    assert verdict.status is Status.FAIL
    assert ("training loss" in verdict.statement) == said


@pytest.mark.parametrize("n_readings", [None, GOLDILOCKS.min_train_readings - 1])
def test_without_training_loss_to_judge_the_rise_stands_alone(n_readings):
    alone = (
        exact_losses(valid=via(2, 1, 1.4))
        if n_readings is None
        else thinned_to(risen(0.4, train_rise=1.0), "train", n_readings)
    )
    verdict = judged(validation_rise, alone)
    assert verdict.status is Status.FAIL
    assert "training loss" not in verdict.statement


@pytest.mark.parametrize(
    ("limits", "rise", "said"),
    [
        (GOLDILOCKS, 0.004, "Validation loss ends at or near its best."),
        (GOLDILOCKS, 0.015, "ends 1.5% above its best: under the 2%"),
        (PRESETS["microsoft"], 0.15, "ends 15.0% above its best: under the 20%"),
    ],
)
def test_a_rise_that_does_not_harm_is_told_with_its_size(limits, rise, said):
    verdict = judged(validation_rise, risen(rise), limits)
    assert verdict.status is Status.PASS
    assert said in verdict.statement


def test_a_rise_is_named_from_the_best_step_with_its_size():
    verdict = judged(validation_rise, risen(0.4))
    assert verdict.steps == (LAST_STEP // 2, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"valid_rise": 0.4})
    assert f"step {LAST_STEP // 2}" in verdict.statement
    assert "40.0%" in verdict.statement


def test_validation_that_only_falls_has_not_risen():
    verdict = judged(validation_rise, exact_losses(via(2, 1, 0.5), via(2, 1, 0.9)))
    assert (verdict.status, verdict.label) == (Status.PASS, None)
    assert numbers(verdict)["valid_rise"] == pytest.approx(0)
