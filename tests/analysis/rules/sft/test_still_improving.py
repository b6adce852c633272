"""Still improving: both sides of the late fall and of the ratio that means overfitting."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.still_improving import still_improving
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
)


def falling_late(drop):
    """Return a course that lies this share above its end until the last fifth."""
    return course((0, 2), (0.5, 1 + drop), (0.85, 1 + drop), (0.9, 1), (1, 1))


def validation_fell(limits, hair):
    return exact_losses(level(1), falling_late(limits.still_improving + hair))


def validation_fell_alone(limits, hair):
    return exact_losses(valid=falling_late(limits.still_improving + hair))


def not_overfitted(limits, hair):
    return exact_losses(level(1 / (limits.ratio_mild - hair)), falling_late(0.1))


def test_the_limits_are_those_of_the_specification():
    assert (Thresholds().still_improving, Thresholds().ratio_mild) == (0.012, 1.2)


@for_all_limits
@both_sides()
@each(
    {
        "the late fall": validation_fell,
        "the late fall without training loss": validation_fell_alone,
        "the ratio": not_overfitted,
    }
)
def test_each_limit_decides_whether_more_epochs_would_help(build, hair, status, limits):
    assert judged(still_improving, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_still_fall_decides(n_holding, status):
    curves = mixed(validation_fell(GOLDILOCKS, HAIR), validation_fell(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(still_improving, curves), n_holding, status)


@by_readings("valid")
def test_still_improving_needs_validation_loss(thinned, status):
    curves = thinned(validation_fell(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(still_improving, curves).status is status


def test_too_little_training_loss_cannot_call_a_falling_run_overfitted():
    curves = not_overfitted(GOLDILOCKS, -HAIR)
    few = thinned_to(curves, "train", GOLDILOCKS.min_train_readings - 1)
    assert judged(still_improving, curves).status is Status.PASS
    assert judged(still_improving, few).status is Status.WARN


def test_a_late_fall_is_named_over_the_last_fifth_with_its_size():
    verdict = judged(still_improving, exact_losses(level(1), falling_late(0.1)))
    assert verdict.steps == (LAST_STEP * 4 // 5, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"late_drop": 0.1})


def test_validation_that_climbs_at_the_end_is_not_improving():
    assert judged(still_improving, exact_losses(level(1), falling_late(-0.1))).status is Status.PASS


def test_the_end_is_the_mean_of_the_last_three_hundredths():
    sloping = course((0, 2), (0.9, 2), (1, 1))
    verdict = judged(still_improving, exact_losses(valid=sloping))
    assert numbers(verdict)["late_drop"] == pytest.approx(2 / 1.15 - 1)


@pytest.mark.parametrize(("train", "said"), [(0.5, "says overfitting"), (1.0, "levelled off")])
def test_a_late_fall_that_overfitting_excludes_is_said(train, said):
    drop = 0.1 if train < 1 else 0.0
    verdict = judged(still_improving, exact_losses(level(train), falling_late(drop)))
    assert verdict.status is Status.PASS
    assert said in verdict.statement
