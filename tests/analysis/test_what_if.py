"""What if: verdicts turn where they are said to, and only rules run again."""

from dataclasses import replace

import pytest

from analysis import GOLDILOCKS, Status, diagnose
from analysis.diagnose import judge
from analysis.limits import bounds_of, with_limits
from analysis.thresholds import PRESETS
from analysis.what_if import HALVINGS, NO_LIMITS, RULES, flips, limits_of
from tests.analysis.curve.runs import named_run

NAMES = ("healthy", "overfit", "hacked", "gap")


def status_of(report, rule: str, thresholds) -> Status:
    verdicts = {v.rule: v for v in judge(report.curves, thresholds).verdicts}
    return verdicts[rule].status


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", ["overfit", "hacked"])
def test_judging_known_curves_is_diagnosing_the_run(name, preset):
    report = diagnose(named_run(name))
    again = judge(report.curves, PRESETS[preset])
    assert again.to_dict() == diagnose(named_run(name), PRESETS[preset]).to_dict()
    assert again.curves is report.curves
    assert again.thresholds == PRESETS[preset]


@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_turns_at_the_place_that_is_named(name):
    report = diagnose(named_run(name))
    found = flips(report)
    assert found
    rules = {rule(report.curves, GOLDILOCKS).rule: rule for rule in RULES[report.run.method]}
    for flip in found:
        now = rules[flip.rule](report.curves, GOLDILOCKS).status
        low, high = bounds_of(flip.limit, GOLDILOCKS)
        step = min((high - low) / 2**HALVINGS, abs(flip.value - flip.at))
        inside = flip.at + (step if flip.value > flip.at else -step)
        there = rules[flip.rule](report.curves, with_limits(GOLDILOCKS, {flip.limit: flip.at}))
        before = rules[flip.rule](report.curves, with_limits(GOLDILOCKS, {flip.limit: inside}))
        assert there.status is flip.becomes is not now
        assert before.status is now


def test_the_ratio_that_turns_a_healthy_run_is_its_own():
    report = diagnose(named_run("healthy"))
    verdict = next(v for v in report.verdicts if v.rule == "overfitting")
    flip = next(f for f in flips(report) if (f.rule, f.limit) == ("overfitting", "ratio_mild"))
    ratio = next(e for e in verdict.evidence if e.name == "ratio")
    assert ratio.low * 0.98 <= flip.at <= ratio.high * 1.02
    turned = replace(GOLDILOCKS, ratio_mild=flip.at)
    assert status_of(report, "overfitting", turned) is not Status.PASS


def test_a_verdict_that_gave_way_is_left_out():
    report = diagnose(named_run("gap"))
    verdict = next(v for v in report.verdicts if v.rule == "overfitting")
    assert "there from the start" in verdict.statement
    found = {flip.rule for flip in flips(report)}
    assert "gap_from_start" in found
    assert "overfitting" not in found


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_that_a_rule_did_not_look_at_changes_nothing(name):
    report = diagnose(named_run(name))
    for rule in RULES[report.run.method]:
        seen = set(limits_of(report, rule)) | NO_LIMITS
        others = {n: 0.0 for n in GOLDILOCKS.__dataclass_fields__ if n not in seen}
        moved = rule(report.curves, with_limits(GOLDILOCKS, others))
        assert moved.to_dict() == rule(report.curves, GOLDILOCKS).to_dict()
