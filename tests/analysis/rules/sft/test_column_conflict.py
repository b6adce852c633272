"""Column conflict: both sides of the three ratios between which the columns may disagree."""

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.column_conflict import column_conflict
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    by_readings,
    by_share_of_draws,
    exact_losses,
    for_all_limits,
    judged,
    level,
    mixed,
    numbers,
    via,
)

STEPS = np.arange(1, LAST_STEP + 1)
LIMITS = ["ratio_mild", "ratio_moderate", "ratio_severe"]


def two_columns(by_batch, by_full, *, train=1.0, batches=STEPS % 5 == 0):
    """Return losses whose batches, and last full pass, lie at these multiples of training."""
    columns = {
        "valid_loss": np.where(batches, by_batch, np.nan),
        "full_valid_loss": np.where(STEPS == LAST_STEP, by_full, np.nan),
    }
    columns["full_valid_loss"][LAST_STEP // 2 - 1] = 9.0
    return exact_losses(via(2, train, train), level(by_full), columns=columns)


def test_the_limits_are_those_of_the_specification():
    assert [getattr(Thresholds(), name) for name in LIMITS] == [1.2, 1.5, 2.0]


@for_all_limits
@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    ("batch", "full", "status"),
    [
        (HAIR, -HAIR, Status.WARN),
        (-HAIR, HAIR, Status.WARN),
        (HAIR, 2 * HAIR, Status.PASS),
        (-HAIR, -2 * HAIR, Status.PASS),
    ],
)
def test_the_columns_disagree_on_two_sides_of_a_band(batch, full, status, limit, limits):
    at = getattr(limits, limit)
    assert judged(column_conflict, two_columns(at + batch, at + full), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_disagree_decides(n_holding, status):
    curves = mixed(two_columns(1.3, 1.1, train=1.0), two_columns(1.3, 1.1, train=2.0), n_holding)
    assert_held_in_first(judged(column_conflict, curves), n_holding, status)


@by_readings("train")
def test_a_conflict_needs_training_loss(thinned, status):
    curves = thinned(two_columns(1.8, 1.1), GOLDILOCKS)
    assert judged(column_conflict, curves).status is status


@pytest.mark.parametrize("only", ["valid_loss", "full_valid_loss", "train_loss"])
def test_with_one_kind_of_validation_there_is_nothing_to_disagree(only):
    curves = exact_losses(level(1), level(2), columns={only: np.full(LAST_STEP, 2.0)})
    verdict = judged(column_conflict, curves)
    assert (verdict.status, verdict.advice) == (Status.NOT_APPLICABLE, ())


def test_only_the_batches_of_the_last_part_of_the_run_speak():
    late = STEPS > 0.85 * LAST_STEP
    by_batch = np.where(late, 1.1, 3.0)
    assert judged(column_conflict, two_columns(by_batch, 1.1)).status is Status.PASS
    by_batch = np.where(late, 3.0, 1.1)
    assert judged(column_conflict, two_columns(by_batch, 1.1)).status is Status.WARN


def test_without_late_batches_the_last_one_speaks_with_a_wide_margin():
    early = np.isin(STEPS, [50, 100])
    last_far, last_near = (np.where(STEPS == 100, last, 1.1) for last in (9.0, 1.25))
    far = judged(column_conflict, two_columns(last_far, 1.1, batches=early))
    assert far.status is Status.WARN
    near = judged(column_conflict, two_columns(last_near, 1.1, batches=early))
    assert near.status is Status.INSUFFICIENT_DATA


def test_batches_that_scatter_leave_open_what_their_mean_is_near():
    scattered = np.full(LAST_STEP, 1.1)
    last_six = [GOLDILOCKS.ratio_mild + off for off in (-0.5, 0.5, 0.5, -0.5, -0.5, 0.5)]
    scattered[np.arange(174, LAST_STEP, 5)] = last_six
    verdict = judged(column_conflict, two_columns(scattered, 1.1))
    assert verdict.status is Status.INSUFFICIENT_DATA
    assert 0.4 < verdict.probability < 0.6


def test_two_late_batches_that_agree_leave_nothing_open():
    two = np.isin(STEPS, [180, LAST_STEP])
    verdict = judged(column_conflict, two_columns(1.3, 1.1, batches=two))
    assert (verdict.status, verdict.probability) == (Status.WARN, 1.0)


def test_batches_that_come_round_again_do_not_scatter():
    alternating = np.where(STEPS % 2, 0.5, 1.5)
    verdict = judged(column_conflict, two_columns(alternating, 1.1))
    assert (verdict.status, verdict.probability) == (Status.PASS, 0.0)
    assert numbers(verdict)["batch_ratio"] == pytest.approx(1.0, abs=0.05)


def test_a_conflict_is_named_with_both_ratios_and_the_column_that_was_used():
    verdict = judged(column_conflict, two_columns(1.8, 1.1))
    assert verdict.steps == (LAST_STEP * 85 // 100, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"batch_ratio": 1.8, "full_ratio": 1.1})
    assert "The full set was used." in verdict.statement
