"""Low training loss: both sides of its level, as logged and by visible token."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.low_train_loss import low_train_loss
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
    via,
)

OPENAI = "openai-results"


def ending_low(limits, hair, share=1.0, **how):
    end = (limits.low_train_loss - hair) / share
    return exact_losses(via(2, 1, end), **how)


def test_the_limit_is_that_of_the_specification():
    assert Thresholds().low_train_loss == 0.2


@for_all_limits
@both_sides()
def test_the_level_at_the_end_decides(hair, status, limits):
    assert judged(low_train_loss, ending_low(limits, hair), limits).status is status


@both_sides()
@pytest.mark.parametrize(("tokens", "share"), [(1, 3.0), (2, 2.0), (10, 1.2)])
def test_openai_losses_are_judged_by_visible_token(tokens, share, hair, status):
    curves = ending_low(GOLDILOCKS, hair, share, answer_tokens=tokens, file_format=OPENAI)
    assert judged(low_train_loss, curves).status is status


def test_a_fifth_reported_on_one_token_answers_is_three_fifths_by_visible_token():
    curves = exact_losses(via(2, 1, 0.2), answer_tokens=1, file_format=OPENAI)
    verdict = judged(low_train_loss, curves)
    assert verdict.status is Status.PASS
    assert numbers(verdict) == pytest.approx({"train_end": 0.6})
    assert verdict.evidence[0].label.endswith("per visible token")


@both_sides()
@pytest.mark.parametrize(("tokens", "file_format"), [(1, "trainer-state"), (None, OPENAI)])
def test_other_losses_are_taken_as_logged(tokens, file_format, hair, status):
    curves = ending_low(GOLDILOCKS, hair, answer_tokens=tokens, file_format=file_format)
    assert judged(low_train_loss, curves).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_end_low_decides(n_holding, status):
    curves = mixed(ending_low(GOLDILOCKS, HAIR), ending_low(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(low_train_loss, curves), n_holding, status)


@by_readings("train")
def test_a_low_training_loss_needs_training_loss(thinned, status):
    curves = thinned(ending_low(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(low_train_loss, curves).status is status


def test_a_low_loss_is_named_from_first_reading_to_last():
    verdict = judged(low_train_loss, ending_low(GOLDILOCKS, 0.1))
    assert verdict.steps == (LAST_STEP // 40, LAST_STEP)
    assert numbers(verdict) == pytest.approx({"train_end": GOLDILOCKS.low_train_loss - 0.1})
    assert "0.2 nats" in verdict.statement
