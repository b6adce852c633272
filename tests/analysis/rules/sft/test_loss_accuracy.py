"""Loss against accuracy: both sides of the rise and of the accuracy that holds."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.loss_accuracy import loss_accuracy
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    both_sides,
    by_readings,
    by_share_of_draws,
    each,
    exact_losses,
    for_all_limits,
    judged,
    level,
    mixed,
    numbers,
    via,
)


def at_odds(rise=0.2, accuracy_fall=0.0):
    accuracy = via(0.5, 0.8, 0.8 - accuracy_fall)
    return exact_losses(valid=via(2, 1, 1 + rise), accuracy=accuracy)


def loss_rises(limits, hair):
    return at_odds(rise=limits.rise_harmful + hair)


def accuracy_holds(limits, hair):
    return at_odds(accuracy_fall=limits.accuracy_holds - hair)


def test_the_limits_are_those_of_the_specification():
    assert (Thresholds().rise_harmful, Thresholds().accuracy_holds) == (0.02, 0.005)


@for_all_limits
@both_sides()
@each({"the rise of loss": loss_rises, "the fall of accuracy": accuracy_holds})
def test_each_limit_decides_whether_loss_and_accuracy_disagree(build, hair, status, limits):
    assert judged(loss_accuracy, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_in_which_they_disagree_decides(n_holding, status):
    curves = mixed(accuracy_holds(GOLDILOCKS, HAIR), accuracy_holds(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(loss_accuracy, curves), n_holding, status)


@by_readings("valid")
def test_loss_against_accuracy_needs_validation_loss(thinned, status):
    assert judged(loss_accuracy, thinned(at_odds(), GOLDILOCKS)).status is status


def test_without_token_accuracy_it_does_not_apply():
    verdict = judged(loss_accuracy, exact_losses(level(1), via(2, 1, 1.2)))
    assert verdict.status is Status.NOT_APPLICABLE
    assert "accuracy" in verdict.statement


def test_the_disagreement_is_named_from_the_lowest_loss_with_both_sizes():
    verdict = judged(loss_accuracy, at_odds(rise=0.2, accuracy_fall=0.004))
    assert verdict.steps == (LAST_STEP // 2, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"valid_rise": 0.2, "accuracy_fall": 0.004})
    assert "20%" in verdict.statement


def test_accuracy_that_still_climbs_beside_a_rising_loss_has_held():
    curves = exact_losses(valid=via(2, 1, 1.2), accuracy=via(0.5, 0.7, 0.8))
    verdict = judged(loss_accuracy, curves)
    assert verdict.status is Status.WARN
    assert numbers(verdict)["accuracy_fall"] == pytest.approx(0)
