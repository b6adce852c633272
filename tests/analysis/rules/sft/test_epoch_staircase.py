"""Epoch staircase: both sides of the drop at seams and of the fall between them."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.curve.curve import WINDOW
from analysis.rules.sft.epoch_staircase import epoch_staircase
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

AFTER_THE_SEAM = WINDOW / (WINDOW - 1)  # the first place of the window lies on the upper stair


def two_stairs(drop, fall=0.0, **how):
    """Return losses with this mean drop at the one seam, and this fall within epoch 2."""
    stair = 1 - drop * AFTER_THE_SEAM
    last = (1 - drop) * (1 - fall)
    return exact_losses(
        course((0, 1), (0.5, 1), (0.5125, stair), (0.65, stair), (0.85, last), (1, last)), **how
    )


def drop_at_the_seam(limits, hair):
    return two_stairs(limits.staircase_drop + hair)


def flatter_between(limits, hair):
    drop = 3 * limits.staircase_drop
    return two_stairs(drop, fall=drop - hair)


def test_the_limit_is_that_of_the_record():
    assert Thresholds().staircase_drop == 0.03


@for_all_limits
@both_sides()
@each({"the drop at the seam": drop_at_the_seam, "the fall between": flatter_between})
def test_each_limit_decides_whether_training_loss_is_a_staircase(build, hair, status, limits):
    assert judged(epoch_staircase, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_with_stairs_decides(n_holding, status):
    curves = mixed(
        drop_at_the_seam(GOLDILOCKS, HAIR), drop_at_the_seam(GOLDILOCKS, -HAIR), n_holding
    )
    assert_held_in_first(judged(epoch_staircase, curves), n_holding, status)


@by_readings("train")
def test_a_staircase_needs_training_loss(thinned, status):
    curves = thinned(drop_at_the_seam(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(epoch_staircase, curves).status is status


@pytest.mark.parametrize(
    ("passes", "known", "said"),
    [(2.0, False, "not known"), (1.0, True, "one epoch"), (1.99, True, "one epoch")],
)
def test_without_two_known_epochs_it_does_not_apply(passes, known, said):
    verdict = judged(epoch_staircase, two_stairs(0.2, passes=passes, passes_known=known))
    assert verdict.status is Status.NOT_APPLICABLE
    assert said in verdict.statement


@pytest.mark.parametrize("passes", [2.0, 2.5, 4.0])
def test_only_drops_at_the_ends_of_epochs_are_stairs(passes):
    seam = 1 / passes
    at_seam = course((0, 1), (seam, 1), (seam + 0.01, 0.5), (1, 0.5))
    amid_epoch = course((0, 1), (1.5 * seam, 1), (1.5 * seam + 0.01, 0.5), (1, 0.5))
    stairs = judged(epoch_staircase, exact_losses(at_seam, passes=passes))
    assert stairs.status is Status.WARN
    assert judged(epoch_staircase, exact_losses(amid_epoch, passes=passes)).status is Status.PASS


def test_drops_count_by_their_mean_over_the_seams():
    first = [(0, 1), (0.25, 1), (0.2625, 0.8)]
    others = [(0.5, 0.8), (0.5125, 0.64), (0.75, 0.64), (0.7625, 0.512), (1, 0.512)]
    one, three = (
        numbers(judged(epoch_staircase, exact_losses(course(*knots), passes=4.0)))["seam_drop"]
        for knots in ([*first, (1, 0.8)], first + others)
    )
    assert one == pytest.approx(three / 3)
    assert 0.15 < three < 0.2


def test_falls_within_the_epochs_after_the_first_are_no_stairs():
    falls = [(0, 1), (0.1, 1), (0.15, 0.5)]
    for epoch, before in enumerate((0.5, 0.45, 0.405), start=1):
        falls += [(0.25 * epoch + 0.0875, before), (0.25 * epoch + 0.1625, 0.9 * before)]
    verdict = judged(epoch_staircase, exact_losses(course(*falls), passes=4.0))
    assert verdict.status is Status.PASS
    assert numbers(verdict) == pytest.approx({"seam_drop": 0, "epoch_drop": 0.1}, abs=1e-9)


def test_a_staircase_is_named_from_the_first_seam_with_both_sizes():
    verdict = judged(epoch_staircase, two_stairs(0.2, fall=0.1))
    assert verdict.steps == (LAST_STEP // 2, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"seam_drop": 0.2, "epoch_drop": 0.1})
    assert "20%" in verdict.statement


def test_a_level_loss_is_no_staircase():
    assert judged(epoch_staircase, exact_losses(level(1))).status is Status.PASS


def test_drops_no_steeper_than_the_fall_between_are_said_to_be_none():
    verdict = judged(epoch_staircase, two_stairs(0.2, fall=0.5))
    assert verdict.status is Status.PASS
    assert "falls as fast within them" in verdict.statement


@pytest.mark.parametrize(("passes", "status"), [(20, Status.PASS), (21, Status.INSUFFICIENT_DATA)])
def test_two_readings_an_epoch_are_needed_to_see_its_end(passes, status):
    verdict = judged(epoch_staircase, exact_losses(level(1), passes=passes))
    assert verdict.status is status
    assert judged(epoch_staircase, exact_losses(level(1), passes=1e9)).status is not Status.PASS
