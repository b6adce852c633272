"""Divergence: both sides of its three limits, training alone, and losses that are lost."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.divergence import divergence
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    both_sides,
    by_readings,
    by_share_of_draws,
    course,
    each,
    exact_losses,
    for_all_limits,
    judged,
    level,
    mixed,
    numbers,
    thinned_to,
    via,
)

CLIMBING = via(2, 1, 1.8)


def train_climbs(limits, hair):
    return exact_losses(via(2, 1, 1 + limits.divergence_train + hair), CLIMBING)


def valid_climbs(limits, hair):
    return exact_losses(CLIMBING, via(2, 1, 1 + limits.divergence_valid + hair))


def train_far_from_zero(limits, hair):
    return exact_losses(via(2, 0.1, 2 * limits.divergence_floor + hair), CLIMBING)


def train_alone(limits, hair):
    return exact_losses(via(2, 1, 1 + limits.divergence_train + hair))


def train_alone_since_a_tenth(limits, hair):
    high = 1 + limits.divergence_train + hair
    return exact_losses(
        course((0, 2), (0.05, 2), (0.5, 1), (0.85, high), (0.95, high), (0.9625, 3), (1, 3))
    )


def train_alone_to_the_end(limits, hair):
    high = 1 + limits.divergence_train + hair
    return exact_losses(
        course((0, 2), (0.05, 2), (0.5, 1), (0.85, 3), (0.9375, 3), (0.95, high), (1, high))
    )


def test_the_limits_are_those_of_the_specification():
    limits = Thresholds()
    assert (limits.divergence_train, limits.divergence_valid) == (0.3, 0.25)
    assert limits.divergence_floor == 0.35


@for_all_limits
@both_sides(Status.FAIL)
@each(
    {
        "training climbs": train_climbs,
        "validation climbs": valid_climbs,
        "training far from zero": train_far_from_zero,
        "training alone": train_alone,
        "training alone over the last tenth": train_alone_since_a_tenth,
        "training alone to the very end": train_alone_to_the_end,
    }
)
def test_each_limit_decides_whether_training_diverged(build, hair, status, limits):
    verdict = judged(divergence, build(limits, hair), limits)
    assert verdict.status is status
    assert verdict.probability == float(hair > 0)


@by_share_of_draws(Status.FAIL)
def test_the_share_of_draws_that_climb_decides(n_holding, status):
    curves = mixed(
        train_climbs(GOLDILOCKS, HAIR), train_climbs(GOLDILOCKS, -HAIR), n_holding=n_holding
    )
    assert_held_in_first(judged(divergence, curves), n_holding, status)


@by_readings("train", found=Status.FAIL)
def test_divergence_needs_training_loss(thinned, status):
    curves = thinned(train_climbs(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(divergence, curves).status is status


def test_divergence_is_named_with_its_turn_and_its_sizes():
    verdict = judged(divergence, exact_losses(CLIMBING, via(2, 1, 1.6)))
    assert verdict.steps == (LAST_STEP // 2, LAST_STEP)
    assert f"step {LAST_STEP // 2}" in verdict.statement
    assert numbers(verdict) == pytest.approx({"train_rise": 0.8, "valid_rise": 0.6})


def test_overfitting_is_no_divergence_however_far_validation_climbs():
    assert judged(divergence, exact_losses(via(2, 1, 0.5), via(2, 1, 3))).status is Status.PASS


def test_validation_too_short_to_judge_leaves_training_alone_to_decide():
    curves = exact_losses(CLIMBING, level(1))
    assert judged(divergence, curves).status is Status.PASS
    few = thinned_to(curves, "valid", GOLDILOCKS.min_valid_readings - 1)
    assert judged(divergence, few).status is Status.FAIL


def test_losses_lost_to_the_end_are_divergence_whatever_the_curves_say():
    verdict = judged(divergence, exact_losses(via(2, 1, 1), lost_from=150))
    assert (verdict.status, verdict.probability) == (Status.FAIL, 1.0)
    assert verdict.steps == (150, LAST_STEP)
    assert "step 150" in verdict.statement
    assert numbers(verdict) == {"lost_from_step": 150}


def test_losses_lost_from_the_first_step_need_no_curve_at_all():
    assert judged(divergence, exact_losses(lost_from=1)).status is Status.FAIL


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (exact_losses(via(2, 0.1, 0.2), via(2, 1, 1.4)), "100% above its best, but far below"),
        (exact_losses(via(2, 1, 1.5), via(2, 1, 1.1)), "but validation loss only 10%"),
        (exact_losses(course((0, 2), (0.5, 1), (0.94, 1), (0.95, 2), (1, 2))), "did not stay"),
        (exact_losses(via(2, 1, 1), via(2, 1, 1)), "does not climb"),
    ],
    ids=["far below its start", "without validation", "too late", "no climb"],
)
def test_what_keeps_a_climbing_loss_from_being_divergence_is_said(curves, said):
    verdict = judged(divergence, curves)
    assert verdict.status is Status.PASS
    assert said in verdict.statement
