"""Both high and underfit: both sides of the fall, of the level and of what came late."""

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.both_high import ADVICE_GUESSING, both_high
from analysis.rules.sft.underfit import underfit
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

HIGH = 2.5


def barely_falling(limits, hair=0.1):
    """Return a course that falls by a little less of its start than ``barely_moves``."""
    return via(HIGH, HIGH, HIGH * (1 - limits.barely_moves + hair))


def late_gain(share, gain, end=HIGH):
    """Return a course that gains this much, a share of it in the last third of the run."""
    before = end + share * gain
    knots = {0: end + gain, 0.05: end + gain, 0.5: before, 0.75: before, 0.9: end, 1: end}
    return course(*knots.items())


def training_barely_falls(limits, hair):
    return exact_losses(barely_falling(limits, hair), level(HIGH))


def training_ends_high(limits, hair):
    return exact_losses(level(limits.high_level + hair), level(HIGH))


def validation_ends_high(limits, hair):
    return exact_losses(level(HIGH), level(limits.high_level + hair))


def validation_has_flattened(limits, hair):
    return exact_losses(level(HIGH), late_gain(limits.flattened - hair, gain=1.0))


def small_gains_count_as_a_twenty_fifth_of_the_start(limits, hair):
    gain, start = 0.06, HIGH + 0.06
    share = (limits.flattened - hair) * 0.04 * start / gain
    return exact_losses(level(HIGH), late_gain(share, gain))


def validation_has_flattened_above_its_best(limits, hair):
    before = HIGH + (limits.flattened - hair) * 1.2
    knots = {0: HIGH + 1, 0.05: HIGH + 1, 0.5: before, 0.75: before, 0.8: HIGH - 0.2, 0.9: HIGH}
    valid = course(*knots.items(), (1, HIGH))
    return exact_losses(level(HIGH), valid)


def test_the_limits_are_those_of_the_specification():
    limits = Thresholds()
    assert limits.barely_moves == 0.145
    assert 1.75 <= limits.high_level <= 2
    assert (limits.high_level, limits.flattened) == (1.875, 0.35)


@for_all_limits
@both_sides()
@each(
    {
        "training barely falls": training_barely_falls,
        "training ends high": training_ends_high,
        "validation ends high": validation_ends_high,
        "validation has flattened": validation_has_flattened,
        "validation has flattened above its best": validation_has_flattened_above_its_best,
        "small gains": small_gains_count_as_a_twenty_fifth_of_the_start,
    }
)
def test_each_limit_decides_whether_both_losses_stay_high(build, hair, status, limits):
    assert judged(both_high, build(limits, hair), limits).status is status


@for_all_limits
@both_sides()
def test_the_fall_of_training_loss_decides_whether_a_run_underfits(hair, status, limits):
    curves = training_barely_falls(limits, hair)
    assert judged(underfit, curves, limits).status is status


@pytest.mark.parametrize(
    ("passes", "hair", "status"),
    [(30, HAIR, Status.WARN), (30, -HAIR, Status.PASS), (1, HAIR, Status.PASS)],
)
def test_the_start_is_less_than_a_third_of_the_first_epoch(passes, hair, status):
    end = HIGH * (1 - GOLDILOCKS.barely_moves + hair)
    bump = course((0, HIGH), (0.0125, HIGH), (0.025, 9), (0.05, HIGH), (0.5, end), (1, end))
    assert judged(underfit, exact_losses(bump, passes=passes)).status is status


@both_sides()
def test_openai_losses_are_high_or_not_by_visible_token(hair, status):
    high = level((GOLDILOCKS.high_level + hair) / 2)
    curves = exact_losses(high, high, answer_tokens=2, file_format="openai-results")
    verdict = judged(both_high, curves)
    assert verdict.status is status
    assert numbers(verdict)["level_end"] == pytest.approx(GOLDILOCKS.high_level + hair)


@by_share_of_draws()
@pytest.mark.parametrize("rule", [both_high, underfit])
def test_the_share_of_draws_that_hardly_learn_decides(rule, n_holding, status):
    curves = mixed(
        training_barely_falls(GOLDILOCKS, HAIR), training_barely_falls(GOLDILOCKS, -HAIR), n_holding
    )
    assert_held_in_first(judged(rule, curves), n_holding, status)


@by_readings("train", "valid")
def test_both_high_needs_both_losses(thinned, status):
    curves = thinned(training_barely_falls(GOLDILOCKS, HAIR), GOLDILOCKS)
    assert judged(both_high, curves).status is status


@by_readings("train")
def test_underfit_needs_training_loss_alone(thinned, status):
    curves = thinned(exact_losses(barely_falling(GOLDILOCKS)), GOLDILOCKS)
    assert judged(underfit, curves).status is status


@pytest.mark.parametrize("rule", [both_high, underfit])
def test_a_run_that_hardly_learned_is_named_from_first_reading_to_last(rule):
    curves = exact_losses(via(HIGH, 2.4, 2.25), level(HIGH))
    verdict = judged(rule, curves)
    assert verdict.steps == (LAST_STEP // 40, LAST_STEP)
    assert numbers(verdict)["train_drop"] == pytest.approx(0.1)


def test_training_loss_that_climbs_has_not_fallen():
    verdict = judged(underfit, exact_losses(via(1, 1, 1.2)))
    assert (verdict.status, numbers(verdict)["train_drop"]) == (Status.WARN, pytest.approx(-0.2))


@pytest.mark.parametrize(("passes", "start"), [(1, 3.2), (7.5, 3.2), (30, 3.8)])
def test_the_fall_is_from_the_mean_of_the_start_to_that_of_the_last_twentieth(passes, start):
    sloping = course((0, 4), (0.05, 2), (0.9, 2), (1, 1))
    verdict = judged(underfit, exact_losses(sloping, passes=passes))
    assert numbers(verdict)["train_drop"] == pytest.approx(1 - 1.25 / start)


def labelled(n_labels, *, off=0.0, tokens=1, file_format="openai-results", valid_off=None):
    """Return OpenAI losses of guessing among labels; hidden tokens are learned at first."""
    train, valid = (
        np.log(n_labels) * (1 + by) / 3 for by in (off, off if valid_off is None else valid_off)
    )
    hidden = course((0, 2), (0.05, 1), (0.1, 0), (1, 0))
    return exact_losses(
        train + hidden, valid + hidden, answer_tokens=tokens, file_format=file_format
    )


@pytest.mark.parametrize("n_labels", range(2, 7))
def test_losses_as_high_as_guessing_among_labels_are_high(n_labels):
    verdict = judged(both_high, labelled(n_labels))
    assert (verdict.status, verdict.label) == (Status.WARN, "guessing")
    assert f"guessing among {n_labels} labels" in verdict.statement
    assert numbers(verdict)["labels_guessed"] == n_labels
    assert verdict.advice == ADVICE_GUESSING


@for_all_limits
@pytest.mark.parametrize("side", [1, -1])
@both_sides()
def test_near_the_loss_of_guessing_is_within_a_twentieth(hair, status, side, limits):
    curves = labelled(2, off=side * (limits.guessing - hair))
    assert judged(both_high, curves, limits).status is status


@pytest.mark.parametrize(
    "curves",
    [
        labelled(2, tokens=None),
        labelled(2, tokens=2),
        labelled(2, file_format="frame"),
        labelled(1.3),
        labelled(2, off=-0.2, valid_off=0.0),
        labelled(2, off=0.0, valid_off=0.2),
    ],
    ids=[
        "length unknown",
        "two tokens",
        "not OpenAI",
        "between one label and two",
        "training has left",
        "validation is worse",
    ],
)
def test_what_is_not_known_to_be_guessing_is_not_called_so(curves):
    verdict = judged(both_high, curves)
    assert (verdict.status, verdict.label) == (Status.PASS, None)
    assert "labels_guessed" not in numbers(verdict)


@both_sides()
def test_a_loss_that_came_down_to_that_of_guessing_after_the_first_tenth_is_not_stuck(hair, status):
    end = np.log(2) / 3
    start = end / (1 - GOLDILOCKS.barely_moves + hair)
    train = course((0, start), (0.25, start), (0.9, end), (1, end))
    curves = exact_losses(train, level(end), answer_tokens=1, file_format="openai-results")
    assert judged(both_high, curves).status is status


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (validation_has_flattened(GOLDILOCKS, -0.2), "still falling late"),
        (training_ends_high(GOLDILOCKS, -0.2), "judged as underfitting"),
        (training_barely_falls(GOLDILOCKS, -0.02), "training loss fell clearly"),
        (exact_losses(via(2, 1, 1), via(2, 1, 1)), "do not both stay high"),
    ],
    ids=["still falling", "not high", "fell", "neither"],
)
def test_what_keeps_losses_from_both_being_high_is_said(curves, said):
    verdict = judged(both_high, curves)
    assert verdict.status is Status.PASS
    assert said in verdict.statement
