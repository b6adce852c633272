from dataclasses import replace

import pytest

from analysis import Status, Verdict
from analysis.watching.stopping import REASONS, stopping
from tests.analysis.watching.made import healthy, overfit


def test_validation_that_has_risen_for_long_is_a_reason_to_stop():
    advice = stopping(overfit())
    assert advice is not None
    assert advice.rule == "validation_rise"
    assert 40 < advice.step < 140
    assert "evaluations, since about step" in advice.statement


def test_a_run_that_improves_is_left_to_run():
    assert stopping(healthy()) is None


def test_a_rise_too_young_for_patience_is_left_alone():
    report = overfit()
    valid = report.curves.valid
    young = replace(valid.readings, steps=valid.readings.steps[:3])
    curves = replace(report.curves, valid=replace(valid, readings=young))
    assert stopping(replace(report, curves=curves)) is None


@pytest.mark.parametrize("rule", sorted(REASONS))
@pytest.mark.parametrize(("probability", "advised"), [(0.9, True), (0.89, False)])
def test_a_rule_that_is_sure_is_a_reason_to_stop(rule, probability, advised):
    verdict = Verdict(rule, Status.WARN, "Found.", probability=probability)
    assert (stopping(replace(healthy(), verdicts=(verdict,))) is not None) is advised
