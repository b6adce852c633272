"""Files that begin late: rules that speak of the start say that it was not logged."""

import numpy as np
import pytest

from analysis import Status, diagnose, run_from_frame
from analysis.rules.sft.both_high import both_high
from analysis.rules.sft.divergence import divergence
from analysis.rules.sft.epoch_staircase import epoch_staircase
from analysis.rules.sft.gap_from_start import gap_from_start
from analysis.rules.sft.overfitting import overfitting
from analysis.rules.sft.plateau_early import plateau_early
from analysis.rules.sft.still_improving import still_improving
from analysis.rules.sft.underfit import underfit
from analysis.rules.sft.validation_rise import validation_rise
from tests.analysis.rules.exact import LAST_STEP, begun_late, exact_losses, judged, level, via
from tests.builders import falling, make_frame, noisy, turning

FLAT = exact_losses(level(2.5), level(2.5))
OF_THE_START = [both_high, underfit, gap_from_start, plateau_early, epoch_staircase]


@pytest.mark.parametrize("rule", OF_THE_START)
def test_a_rule_that_speaks_of_the_start_cannot_judge(rule):
    verdict = judged(rule, begun_late(FLAT))
    assert verdict.status is Status.INSUFFICIENT_DATA
    assert f"begins at step {LAST_STEP // 5} of {LAST_STEP}" in verdict.statement
    assert verdict.advice


@pytest.mark.parametrize(
    ("rule", "curves"),
    [
        (overfitting, exact_losses(via(3, 2, 1), via(3, 1.5, 2))),
        (validation_rise, exact_losses(via(3, 2, 1), via(3, 1.5, 2))),
        (divergence, exact_losses(via(2, 1, 2), via(2, 1, 2))),
        (still_improving, exact_losses(level(1), via(2, 1.4, 1))),
    ],
)
def test_a_rule_that_speaks_of_the_end_judges_what_was_logged(rule, curves):
    whole, late = judged(rule, curves), judged(rule, begun_late(curves))
    assert late.status is whole.status
    if whole.steps:
        first = LAST_STEP // 5 + 4 * whole.steps[0] // 5
        assert late.steps == (first, LAST_STEP)


def resumed(train, valid):
    frame = make_frame(train_loss=noisy(train, 0.03, 0), valid_loss=noisy(valid, 0.03, 1))
    return diagnose(run_from_frame(frame.assign(step=frame["step"] + 900)))


def test_a_resumed_run_that_is_flat_from_its_first_line_is_not_called_underfit():
    report = resumed(np.ones(300), np.full(300, 1.05))
    assert report.headline.label == "unclear"
    assert "begins at step 901 of 1,200" in report.headline.statement


def test_a_resumed_run_that_overfits_is_still_found():
    report = resumed(falling(1.0, 0.3), turning(0.8, 0.8))
    assert report.headline.label.startswith("overfit")
    assert 901 <= report.recommendation.step < 1100
