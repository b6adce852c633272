"""Saturated: both sides of the loss, of certain preferences and of margins that grow."""

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.dpo.saturated import ACCURACIES, MARGINS, saturated
from tests.analysis.rules.exact import (
    HAIR,
    LAST_STEP,
    assert_held_in_first,
    both_sides,
    by_readings,
    by_share_of_draws,
    each,
    exact_losses,
    for_all_limits,
    judged,
    mixed,
    numbers,
    via,
)

LN_2 = float(np.log(2))
STEPS = np.arange(1, LAST_STEP + 1)
GROWING = STEPS / 20


def preferring(end=0.0, *, accuracy=None, margins=None):
    logged = {ACCURACIES: accuracy, MARGINS: margins}
    columns = {name: values for name, values in logged.items() if values is not None}
    return exact_losses(via(LN_2, end, end), columns=columns)


def loss_alone(limits, hair):
    return preferring(limits.saturated_loss - hair)


def loss_with_the_rest(limits, hair):
    end = limits.saturated_loss - hair
    return preferring(end, accuracy=np.ones(LAST_STEP), margins=GROWING)


def certain_preferences(_, hair):
    return preferring(accuracy=np.full(LAST_STEP, 0.99 + hair), margins=GROWING)


def margins_that_grow(_, hair):
    return preferring(accuracy=np.ones(LAST_STEP), margins=np.where(STEPS > 160, 5 + hair, 5))


def test_the_limit_is_that_of_the_record_and_far_from_the_start():
    assert Thresholds().saturated_loss == 0.01
    assert judged(saturated, preferring(LN_2)).status is Status.PASS


@for_all_limits
@both_sides()
@each(
    {
        "loss alone": loss_alone,
        "loss with certain preferences and growing margins": loss_with_the_rest,
        "certain preferences": certain_preferences,
        "margins that grow": margins_that_grow,
    }
)
def test_each_limit_decides_whether_the_pairs_teach_nothing_more(build, hair, status, limits):
    assert judged(saturated, build(limits, hair), limits).status is status


@by_share_of_draws()
def test_the_share_of_draws_that_end_at_nothing_decides(n_holding, status):
    curves = mixed(loss_alone(GOLDILOCKS, HAIR), loss_alone(GOLDILOCKS, -HAIR), n_holding)
    assert_held_in_first(judged(saturated, curves), n_holding, status)


@by_readings("train")
def test_saturation_needs_training_loss(thinned, status):
    assert judged(saturated, thinned(preferring(), GOLDILOCKS)).status is status


def test_only_late_preferences_speak():
    learned_late = np.where(STEPS > 0.8 * LAST_STEP, 1.0, 0.5)
    assert judged(saturated, preferring(accuracy=learned_late)).status is Status.WARN
    assert judged(saturated, preferring(accuracy=1.5 - learned_late)).status is Status.PASS


@pytest.mark.parametrize(("late", "status"), [(2.1, Status.WARN), (1.9, Status.PASS)])
def test_margins_are_compared_with_those_amid_the_run(late, status):
    share = STEPS / LAST_STEP
    around_half = [(share >= 0.4) & (share <= 0.5), (share > 0.5) & (share <= 0.6), share > 0.8]
    margins = np.select(around_half, [1.0, 3.0, late], default=9.0)
    assert judged(saturated, preferring(margins=margins)).status is status


def test_saturation_is_named_from_first_reading_to_last_with_what_was_logged():
    verdict = judged(saturated, preferring(0.001, accuracy=np.ones(LAST_STEP), margins=GROWING))
    assert verdict.steps == (LAST_STEP // 40, LAST_STEP)
    late = float(GROWING[STEPS > 0.8 * LAST_STEP].mean())
    told = {"train_end": 0.001, "accuracy_end": 1.0, "margin_end": late}
    assert numbers(verdict) == pytest.approx(told)
    assert set(numbers(judged(saturated, preferring()))) == {"train_end"}


@pytest.mark.parametrize("logged", ["early", "late", "nowhere"])
def test_margins_logged_in_a_part_of_the_run_only_leave_the_loss_to_decide(logged):
    kept = {"early": STEPS < 60, "late": STEPS > 190, "nowhere": STEPS < 0}[logged]
    margins = np.where(kept, -GROWING, np.nan)
    verdict = judged(saturated, preferring(accuracy=np.ones(LAST_STEP), margins=margins))
    assert verdict.status is Status.WARN
    assert "margins" not in verdict.statement
    assert ("margin_end" in numbers(verdict)) == (logged == "late")


def test_accuracies_logged_early_only_leave_the_loss_to_decide():
    accuracy = np.where(STEPS < 60, 0.5, np.nan)
    verdict = judged(saturated, preferring(accuracy=accuracy, margins=GROWING))
    assert verdict.status is Status.WARN
    assert "accuracy_end" not in numbers(verdict)


@pytest.mark.parametrize(
    ("accuracy", "margins", "said"),
    [(0.9, GROWING, "not all pairs"), (1.0, -GROWING, "no longer grow")],
)
def test_what_keeps_a_loss_of_nothing_from_being_saturated_is_said(accuracy, margins, said):
    curves = preferring(accuracy=np.full(LAST_STEP, accuracy), margins=margins)
    verdict = judged(saturated, curves)
    assert verdict.status is Status.PASS
    assert said in verdict.statement
