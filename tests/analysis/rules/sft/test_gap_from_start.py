"""Gap from the start: both sides of its four limits, and where epoch 1 ends."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.gap_from_start import gap_from_start
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

EARLY = 1.5


def in_later_epochs(first, later):
    """Return a course with one level in the first of two epochs and another at the end."""
    return course((0, first), (0.6, first), (0.9, later), (1, later))


def early(limits, hair):
    return exact_losses(level(1), level(limits.gap_ratio + hair))


def hardly_further_later(limits, hair):
    later = EARLY ** (limits.gap_growth - 1) - hair
    return exact_losses(in_later_epochs(1, 1 / later), level(EARLY))


def without_a_rise(limits, hair):
    return exact_losses(level(1), in_later_epochs(EARLY, EARLY * (1 + limits.gap_rise - hair)))


def still_there_at_the_end(limits, hair):
    return exact_losses(level(1), in_later_epochs(EARLY, limits.ratio_mild + hair))


def test_the_limits_are_those_of_the_specification():
    limits = Thresholds()
    assert (limits.gap_ratio, limits.gap_growth, limits.gap_rise) == (1.25, 1.45, 0.08)


@for_all_limits
@both_sides()
@each(
    {
        "the ratio in epoch 1": early,
        "its growth": hardly_further_later,
        "the rise of validation": without_a_rise,
        "the ratio at the end": still_there_at_the_end,
    }
)
def test_each_limit_decides_whether_the_gap_was_there_from_the_start(build, hair, status, limits):
    assert judged(gap_from_start, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_with_a_gap_decides(n_holding, status):
    curves = mixed(early(GOLDILOCKS, HAIR), early(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(gap_from_start, curves), n_holding, status)


@by_readings("train", "valid")
def test_a_gap_needs_both_losses(thinned, status):
    curves = thinned(early(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(gap_from_start, curves).status is status


@pytest.mark.parametrize(("passes", "status"), [(4, Status.PASS), (1, Status.WARN)])
def test_a_gap_that_opens_after_a_quarter_is_from_the_start_only_within_a_single_epoch(
    passes, status
):
    train = course((0, 1.4), (0.25, 1.4), (0.2625, 1), (1, 1))
    curves = exact_losses(train, level(EARLY), passes=passes)
    assert judged(gap_from_start, curves).status is status


def test_a_gap_is_named_from_the_first_validation_to_the_end_of_epoch_1():
    verdict = judged(gap_from_start, exact_losses(level(1), level(EARLY), passes=4))
    assert verdict.steps == (LAST_STEP // 20, LAST_STEP // 4)
    assert numbers(verdict) == pytest.approx({"first_epoch_ratio": EARLY, "ratio": EARLY})


def test_a_first_validation_after_epoch_1_is_the_only_step_named():
    verdict = judged(gap_from_start, exact_losses(level(1), level(EARLY), passes=30))
    assert verdict.steps == (LAST_STEP // 20, LAST_STEP // 20)


def test_the_ratio_in_epoch_1_is_that_of_its_means():
    opening = course((0, 3), (0.25, 1), (1, 1))
    verdict = judged(gap_from_start, exact_losses(level(1), opening, passes=4))
    assert numbers(verdict)["first_epoch_ratio"] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (hardly_further_later(GOLDILOCKS, -0.2), "the gap widened later"),
        (without_a_rise(GOLDILOCKS, -0.05), "it rose later"),
        (still_there_at_the_end(GOLDILOCKS, -0.1), "the gap has closed"),
        (exact_losses(level(1), level(1)), "No gap"),
    ],
    ids=["widened", "rose", "closed", "none"],
)
def test_what_keeps_an_early_gap_from_being_one_of_the_data_is_said(curves, said):
    verdict = judged(gap_from_start, curves)
    assert verdict.status is Status.PASS
    assert said in verdict.statement
