"""Oscillation: both sides of the sizes of a swing and of the counts of reversals."""

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.oscillation import oscillation
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
)

LARGE = 0.3


def through(*turns):
    """Return a course that goes from turn to turn, a tenth of the run each."""
    places = 0.05 + 0.1 * np.arange(len(turns))
    return course((0, turns[0]), *zip(places, turns, strict=True), (1, turns[-1]))


def swinging(n_reversals, size):
    """Return a course that falls by this share of its level, climbs back, and so on."""
    return through(*(1.0 - size * (place % 2) for place in range(n_reversals + 2)))


def many_swings_of_validation(limits, hair):
    return exact_losses(level(1), swinging(5, limits.swing_valid + hair))


def swings_on_a_climbing_loss(limits, hair):
    low = 1 - limits.swing_valid - hair
    return exact_losses(level(1), through(1, 2, 2 * low, 4, 4 * low, 8, 8 * low))


def swings_on_a_falling_loss(limits, hair):
    high = 1 + limits.swing_valid + hair
    return exact_losses(level(1), through(8, 4, 4 * high, 2, 2 * high, 1, high))


def some_swings_of_both_by_validation(limits, hair):
    return exact_losses(swinging(4, LARGE), swinging(2, limits.swing_valid + hair))


def some_swings_of_both_by_training(limits, hair):
    return exact_losses(swinging(4, limits.swing_train + hair), swinging(2, LARGE))


def test_the_limits_are_those_of_the_specification():
    assert (Thresholds().swing_valid, Thresholds().swing_train) == (0.085, 0.06)


@for_all_limits
@both_sides()
@each(
    {
        "many swings of validation": many_swings_of_validation,
        "swings on a climbing loss": swings_on_a_climbing_loss,
        "swings on a falling loss": swings_on_a_falling_loss,
        "validation swings with training": some_swings_of_both_by_validation,
        "training swings with validation": some_swings_of_both_by_training,
    }
)
def test_each_size_of_a_swing_decides(build, hair, status, limits):
    assert judged(oscillation, build(limits, hair), limits).status is status


@pytest.mark.parametrize(
    ("of_valid", "of_train", "status"),
    [
        (5, 0, Status.WARN),
        (4, 0, Status.PASS),
        (4, 3, Status.PASS),
        (2, 4, Status.WARN),
        (2, 3, Status.PASS),
        (1, 4, Status.PASS),
        (0, 6, Status.PASS),
    ],
)
def test_two_reversals_count_with_four_of_training_and_five_on_their_own(
    of_valid, of_train, status
):
    curves = exact_losses(swinging(of_train, LARGE), swinging(of_valid, LARGE))
    verdict = judged(oscillation, curves)
    assert verdict.status is status
    assert numbers(verdict) == {"valid_reversals": of_valid, "train_reversals": of_train}


@pytest.mark.parametrize(("of_valid", "status"), [(5, Status.WARN), (4, Status.PASS)])
def test_without_training_loss_five_reversals_are_needed(of_valid, status):
    assert judged(oscillation, exact_losses(valid=swinging(of_valid, LARGE))).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_swing_decides(n_holding, status):
    curves = mixed(
        many_swings_of_validation(GOLDILOCKS, HAIR),
        many_swings_of_validation(GOLDILOCKS, -HAIR),
        n_holding,
    )
    assert_held_in_first(judged(oscillation, curves), n_holding, status)


@by_readings("valid")
def test_oscillation_needs_validation_loss(thinned, status):
    curves = thinned(many_swings_of_validation(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(oscillation, curves).status is status


def test_a_swinging_run_is_named_from_its_first_validation_to_its_end():
    curves = many_swings_of_validation(GOLDILOCKS, HAIR)
    assert judged(oscillation, curves).steps == (LAST_STEP // 20, LAST_STEP)


def test_a_fall_however_large_is_no_swing():
    assert judged(oscillation, exact_losses(valid=swinging(0, 0.9))).status is Status.PASS


def test_swings_at_the_very_start_do_not_count():
    zigzag = course((0, 3), (0.01, 1), (0.015, 3), (0.02, 1), (0.03, 3), (0.035, 1), (1, 1))
    verdict = judged(oscillation, exact_losses(valid=zigzag))
    assert numbers(verdict)["valid_reversals"] == 0


def test_a_first_small_wave_sets_no_direction():
    small_then_large = through(1, 1.01, 0.7, 1, 0.7, 1, 0.7)
    verdict = judged(oscillation, exact_losses(valid=small_then_large))
    assert numbers(verdict)["valid_reversals"] == 4


@pytest.mark.parametrize(("n_reversals", "said"), [(4, "turned 4 times"), (1, "does not swing")])
def test_swings_that_are_too_few_are_counted_out_loud(n_reversals, said):
    verdict = judged(oscillation, exact_losses(level(1), swinging(n_reversals, LARGE)))
    assert verdict.status is Status.PASS
    assert said in verdict.statement
