"""Loss against accuracy: both sides of the rise and of the accuracy that holds."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.curve.readings import Readings
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


@pytest.mark.parametrize(
    ("column", "n_readings", "status"),
    [
        ("valid_mean_token_accuracy", 3, Status.INSUFFICIENT_DATA),
        ("valid_mean_token_accuracy", 4, Status.WARN),
        ("full_valid_mean_token_accuracy", 1, Status.INSUFFICIENT_DATA),
        ("full_valid_mean_token_accuracy", 2, Status.WARN),
    ],
)
def test_token_accuracy_is_judged_from_as_many_readings_as_loss(column, n_readings, status):
    curves = at_odds()
    steps = curves.accuracy.readings.steps[-n_readings:]
    readings = Readings(column, steps, np.full(n_readings, 0.8))
    verdict = judged(
        loss_accuracy, replace(curves, accuracy=replace(curves.accuracy, readings=readings))
    )
    assert verdict.status is status
    if status is Status.INSUFFICIENT_DATA:
        assert f"accuracy was logged at {n_readings} of the" in verdict.statement


@pytest.mark.parametrize(
    ("rise", "fall", "said"),
    [
        (0.2, 0.05, "both got worse"),
        (0.0, 0.05, "5.0% below its best"),
        (0.0, 0.0, "tell the same story"),
    ],
)
def test_accuracy_that_fell_is_said_whatever_the_loss_did(rise, fall, said):
    verdict = judged(loss_accuracy, at_odds(rise, fall))
    assert verdict.status is Status.PASS
    assert said in verdict.statement
