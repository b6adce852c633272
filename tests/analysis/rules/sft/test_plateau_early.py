"""Early plateau: both sides of the first epoch's share, of the ratio and of two epochs."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.plateau_early import plateau_early
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


def gaining(share, at=0.5):
    """Return a course from 2 to 1 that has gained this share by then, and the rest at the end."""
    after = 2 - share
    return course((0, 2), (0.05, 2), (at - 0.1, after), (at + 0.1, after), (0.9, 1), (1, 1))


def the_first_epoch_brought_most(limits, hair):
    return exact_losses(level(1), gaining(limits.plateau_share + hair))


def validation_ends_near_training(limits, hair):
    return exact_losses(level(1 / (limits.ratio_mild - hair)), gaining(1))


def there_were_two_epochs(_, hair):
    return exact_losses(level(1), gaining(1), passes=2 + min(hair, 0), passes_known=False)


def test_the_limits_are_those_of_the_specification():
    assert (Thresholds().plateau_share, Thresholds().ratio_mild) == (0.915, 1.2)


@for_all_limits
@both_sides()
@each(
    {
        "the first epoch's share": the_first_epoch_brought_most,
        "the ratio": validation_ends_near_training,
        "two epochs": there_were_two_epochs,
    }
)
def test_each_limit_decides_whether_the_later_epochs_brought_nothing(build, hair, status, limits):
    assert judged(plateau_early, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_with_a_plateau_decides(n_holding, status):
    curves = mixed(
        the_first_epoch_brought_most(GOLDILOCKS, HAIR),
        the_first_epoch_brought_most(GOLDILOCKS, -HAIR),
        n_holding,
    )
    assert_held_in_first(judged(plateau_early, curves), n_holding, status)


@by_share_of_draws()
def test_where_the_epochs_are_not_known_each_draw_has_its_own(n_holding, status):
    curves = mixed(
        exact_losses(level(1), gaining(1), passes=2, passes_known=False),
        exact_losses(level(1), gaining(1), passes=1, passes_known=False),
        n_holding,
    )
    assert_held_in_first(judged(plateau_early, curves), n_holding, status)


@by_readings("train", "valid")
def test_a_plateau_needs_both_losses(thinned, status):
    curves = thinned(the_first_epoch_brought_most(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(plateau_early, curves).status is status


@pytest.mark.parametrize(("passes", "status"), [(4, Status.WARN), (5, Status.PASS)])
def test_what_counts_is_the_gain_at_the_end_of_the_first_epoch(passes, status):
    by_a_quarter = course((0, 2), (0.2, 2), (0.225, 1), (1, 1))
    curves = exact_losses(level(1), by_a_quarter, passes=passes)
    assert judged(plateau_early, curves).status is status


@pytest.mark.parametrize("passes", [2, 4])
def test_a_plateau_is_named_from_the_end_of_epoch_1_with_its_share(passes):
    curves = exact_losses(level(1), gaining(0.95, at=1 / passes), passes=passes)
    verdict = judged(plateau_early, curves)
    assert verdict.steps == (LAST_STEP // passes, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"first_epoch_share": 0.95})


def test_a_gain_that_was_lost_again_is_shown_as_no_more_than_all_of_it():
    lost = course((0, 1), (0.05, 1), (0.1, 2), (0.6, 2), (0.7, 0.9), (1, 0.9))
    assert numbers(judged(plateau_early, exact_losses(level(1), lost))) == {"first_epoch_share": 0}


def test_the_gain_is_that_at_the_best():
    turned = course((0, 2), (0.05, 2), (0.4, 1.25), (0.6, 1.25), (0.75, 1), (0.9, 1.2), (1, 1.2))
    verdict = judged(plateau_early, exact_losses(level(1.2), turned))
    assert numbers(verdict) == pytest.approx({"first_epoch_share": 0.75})


def test_a_run_known_to_be_of_one_epoch_has_no_later_one_to_judge():
    verdict = judged(plateau_early, exact_losses(level(1), gaining(1), passes=1))
    assert verdict.status is Status.NOT_APPLICABLE
    assert "fewer than two epochs" in verdict.statement


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (exact_losses(level(1), gaining(1), passes=1, passes_known=False), "one epoch"),
        (exact_losses(level(0.5), gaining(1)), "says overfitting"),
        (exact_losses(level(1), gaining(0.5)), "still brought something"),
    ],
    ids=["one epoch", "a gap", "later gains"],
)
def test_what_keeps_a_run_from_an_early_plateau_is_said(curves, said):
    verdict = judged(plateau_early, curves)
    assert verdict.status is Status.PASS
    assert said in verdict.statement
