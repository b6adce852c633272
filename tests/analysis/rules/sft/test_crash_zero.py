"""Crash to zero: both sides of its level and its rise, visible tokens, and easy tasks."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.crash_zero import ADVICE_EASY, CARD, crash_zero
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
    via,
)

CRASHING = via(2, 0.01, 0.01)
TOKENS_SHARE = {1: 3.0, 2: 2.0, 10: 1.2}


def crashes_beside_validation(limits, hair):
    return exact_losses(via(2, 1, limits.crash_level - hair), level(1))


def crashes_alone(limits, hair):
    return exact_losses(via(2, 1, limits.crash_level - hair))


def validation_does_not_turn_up(limits, hair):
    return exact_losses(CRASHING, via(2, 1, 1 + limits.crash_rise - hair))


def test_the_limits_are_those_of_the_specification():
    assert (Thresholds().crash_level, Thresholds().crash_rise) == (0.05, 0.1)


@for_all_limits
@both_sides()
@each(
    {
        "training beside validation": crashes_beside_validation,
        "training alone": crashes_alone,
        "a rise that is severe overfitting instead": validation_does_not_turn_up,
    }
)
def test_each_limit_decides_whether_training_crashed(build, hair, status, limits):
    assert judged(crash_zero, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_crash_decides(n_holding, status):
    curves = mixed(crashes_alone(GOLDILOCKS, HAIR), crashes_alone(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(crash_zero, curves), n_holding, status)


@by_readings("train")
def test_a_crash_needs_training_loss(thinned, status):
    assert judged(crash_zero, thinned(exact_losses(CRASHING), GOLDILOCKS)).status is status


@both_sides()
@pytest.mark.parametrize("tokens", list(TOKENS_SHARE))
def test_openai_losses_are_judged_by_visible_token(tokens, hair, status):
    end = (GOLDILOCKS.crash_level - hair) / TOKENS_SHARE[tokens]
    curves = exact_losses(via(2, 1, end), answer_tokens=tokens, file_format="openai-results")
    verdict = judged(crash_zero, curves)
    assert verdict.status is status
    assert numbers(verdict)["train_end"] == pytest.approx(GOLDILOCKS.crash_level - hair)


@pytest.mark.parametrize(
    ("tokens", "file_format"), [(1, "trainer-state"), (None, "openai-results")]
)
def test_other_losses_are_taken_as_logged(tokens, file_format):
    end = GOLDILOCKS.crash_level - HAIR
    curves = exact_losses(via(2, 1, end), answer_tokens=tokens, file_format=file_format)
    assert judged(crash_zero, curves).status is Status.WARN


@for_all_limits
@pytest.mark.parametrize(
    ("above", "label", "advice"), [(-HAIR, "easy_task", ADVICE_EASY), (HAIR, None, CARD.advice)]
)
def test_validation_that_follows_down_to_twice_the_level_means_an_easy_task(
    above, label, advice, limits
):
    low = 2 * limits.crash_level + above
    verdict = judged(crash_zero, exact_losses(CRASHING, via(2, low, low)), limits)
    assert verdict.status is Status.WARN
    assert (verdict.label, verdict.advice) == (label, advice)
    assert ("easy task" in verdict.statement) == (label == "easy_task")
    assert numbers(verdict)["valid_end"] == pytest.approx(low)


@pytest.mark.parametrize(("n_easy", "label"), [(127, None), (129, "easy_task")])
def test_a_task_is_easy_where_it_is_in_most_draws(n_easy, label):
    easy, hard = (exact_losses(CRASHING, via(2, low, low)) for low in (0.05, 1.0))
    assert judged(crash_zero, mixed(easy, hard, n_easy)).label == label


@for_all_limits
def test_a_crash_is_named_from_the_step_where_training_is_under_the_level(limits):
    over, under = limits.crash_level + HAIR, limits.crash_level - HAIR
    sudden = course((0, 2), (0.4, 2), (0.425, over), (0.5, over), (0.5125, under), (1, under))
    first_reading_after = LAST_STEP // 2 + LAST_STEP // 40
    verdict = judged(crash_zero, exact_losses(sudden), limits)
    assert verdict.steps == (first_reading_after, LAST_STEP)


def test_the_step_of_a_crash_is_that_of_visible_tokens_where_these_are_known():
    falling = course((0, 2), (0.25, 0.03), (0.75, 0.03), (0.8, 0.01), (1, 0.01))
    raw = exact_losses(falling, file_format="openai-results")
    visible = exact_losses(falling, answer_tokens=1, file_format="openai-results")
    assert judged(crash_zero, raw).steps[0] < LAST_STEP // 2
    assert judged(crash_zero, visible).steps[0] > 3 * LAST_STEP // 4


def test_a_crash_with_a_rise_is_said_to_be_overfitting():
    verdict = judged(crash_zero, exact_losses(CRASHING, via(2, 1, 1.3)))
    assert verdict.status is Status.PASS
    assert "30% above its best" in verdict.statement
    assert "overfitting" in verdict.statement
