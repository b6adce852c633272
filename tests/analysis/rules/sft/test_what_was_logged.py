"""No validation and too short: what was logged, counted on both sides of what is needed."""

import pytest

from analysis import GOLDILOCKS, Status, Thresholds
from analysis.rules.sft.no_validation import no_validation
from analysis.rules.sft.too_short import too_short
from tests.analysis.rules.exact import (
    exact_losses,
    for_all_limits,
    judged,
    level,
    numbers,
    thinned_to,
)

LOGGED = exact_losses(level(1), level(1))


def test_the_least_numbers_of_readings_are_those_of_the_record():
    limits = Thresholds()
    assert (limits.min_train_readings, limits.min_valid_readings) == (12, 4)
    assert limits.min_full_readings == 2


def test_a_run_without_any_validation_is_warned_of():
    verdict = judged(no_validation, exact_losses(level(1)))
    assert (verdict.status, verdict.probability) == (Status.WARN, 1.0)
    assert "validation file" in verdict.advice[0]
    assert numbers(verdict) == {"n_valid_readings": 0}


@pytest.mark.parametrize("n_readings", [1, 50])
def test_a_single_validation_reading_is_some(n_readings):
    verdict = judged(no_validation, thinned_to(LOGGED, "valid", n_readings))
    assert (verdict.status, verdict.probability) == (Status.PASS, 0.0)
    assert numbers(verdict) == {"n_valid_readings": n_readings}


def test_validation_alone_is_validation():
    assert judged(no_validation, exact_losses(valid=level(1))).status is Status.PASS


@for_all_limits
@pytest.mark.parametrize(("fewer", "status"), [(0, Status.PASS), (1, Status.WARN)])
@pytest.mark.parametrize(
    ("column", "least", "full"),
    [
        ("train", "min_train_readings", False),
        ("valid", "min_valid_readings", False),
        ("valid", "min_full_readings", True),
    ],
)
def test_a_run_is_too_short_with_one_reading_less_than_needed(
    column, least, full, fewer, status, limits
):
    needed = getattr(limits, least)
    curves = thinned_to(LOGGED, column, needed - fewer, full=full)
    verdict = judged(too_short, curves, limits)
    assert (verdict.status, verdict.probability) == (status, float(fewer))
    assert numbers(verdict)[f"n_{column}_readings"] == needed - fewer
    if fewer:
        assert f"{needed - fewer} of the {needed} steps" in verdict.statement


def test_both_reasons_are_named_where_both_losses_are_too_short():
    curves = thinned_to(thinned_to(LOGGED, "train", 3), "valid", 2)
    verdict = judged(too_short, curves)
    assert "Training loss was logged at 3 " in verdict.statement
    assert "Validation loss was logged at 2 " in verdict.statement


def test_a_run_without_validation_is_not_too_short_for_that():
    curves = thinned_to(exact_losses(level(1)), "train", GOLDILOCKS.min_train_readings)
    verdict = judged(too_short, curves)
    assert verdict.status is Status.PASS
    assert numbers(verdict) == {"n_train_readings": GOLDILOCKS.min_train_readings}


@pytest.mark.parametrize(("fewer", "status"), [(0, Status.PASS), (1, Status.WARN)])
def test_a_run_without_training_loss_is_short_by_its_validation_alone(fewer, status):
    n_readings = GOLDILOCKS.min_valid_readings - fewer
    curves = thinned_to(exact_losses(valid=level(1)), "valid", n_readings)
    verdict = judged(too_short, curves)
    assert verdict.status is status
    assert numbers(verdict) == {"n_valid_readings": n_readings}
    assert "Training loss" not in verdict.statement


def test_a_run_without_any_loss_is_not_called_short():
    verdict = judged(too_short, exact_losses())
    assert verdict.status is Status.NOT_APPLICABLE
    assert "No loss" in verdict.statement
