"""Precedence: of two findings for one reason the lower one says so."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import Status, Verdict, diagnose
from analysis.curve.curve import N_DRAWS
from analysis.diagnose import DPO_RULES, RFT_RULES, SFT_RULES
from analysis.precedence import EXPLANATIONS, explained
from tests.analysis.curve.runs import report_on
from tests.builders import make_run, turning


def finding(rule: str, share: float = 1.0) -> Verdict:
    holds = np.arange(N_DRAWS) < share * N_DRAWS
    return Verdict(
        rule,
        Status.WARN,
        f"{rule} it is.",
        probability=share,
        steps=(1, 9),
        advice=("Mend it",),
        holds=holds,
    )


def passing(rule: str) -> Verdict:
    return Verdict(rule, Status.PASS, f"No {rule}.", probability=0.0, holds=np.zeros(N_DRAWS, bool))


PAIRS = [(e.rule, by, e.status) for e in EXPLANATIONS for by in e.by]


@pytest.mark.parametrize(("rule", "by", "status"), PAIRS)
def test_a_finding_that_another_explains_finds_nothing_and_names_it(rule, by, status):
    after = explained({by: finding(by), rule: finding(rule)})
    assert after[by].found
    assert (after[rule].status, after[rule].steps, after[rule].advice) == (status, (), ())
    assert after[rule].statement != f"{rule} it is."
    assert "{" not in after[rule].statement
    assert after[rule].probability in {0.0, None}


@pytest.mark.parametrize(("rule", "by", "_status"), PAIRS)
def test_without_the_other_a_finding_stands(rule, by, _status):
    lone = {by: passing(by), rule: finding(rule)}
    assert explained(lone) == lone
    assert explained({rule: finding(rule)})[rule].found


def test_what_another_finding_leaves_is_the_share_of_the_curves_without_it():
    after = explained({"both_high": finding("both_high", 0.75), "underfit": finding("underfit")})
    assert after["underfit"].probability == 0.25
    assert after["underfit"].holds.mean() == 0.25


def test_every_explanation_speaks_of_rules_there_are():
    rules = {rule.__name__ for rule in (*SFT_RULES, *RFT_RULES, *DPO_RULES)}
    for explanation in EXPLANATIONS:
        assert {explanation.rule, *explanation.by} <= rules


def verdicts_of(report) -> dict[str, Verdict]:
    return {verdict.rule: verdict for verdict in report.verdicts}


def test_a_run_that_stays_high_does_not_underfit_as_well():
    report = report_on("both high")
    assert report.headline.label == "both_high"
    assert [v.rule for v in report.findings] == ["both_high"]


def test_a_run_that_diverged_has_one_finding_for_it():
    report = report_on("divergent")
    assert report.headline.label == "divergence"
    assert {"overfitting", "validation_rise", "underfit", "both_high"}.isdisjoint(
        v.rule for v in report.findings
    )
    assert verdicts_of(report)["overfitting"].status is Status.INSUFFICIENT_DATA


@pytest.mark.parametrize(("train_rise", "valid_rise"), [(1.0, 0.15), (0.2, 0.15), (1.0, 0.6)])
def test_harm_beside_a_climbing_training_loss_is_found_by_one_rule_at_least(train_rise, valid_rise):
    run = make_run(turning(0.8, train_rise), turning(0.85, valid_rise), noise=0.01)
    found = {verdict.rule for verdict in diagnose(run).findings}
    assert found & {"divergence", "validation_rise"}


def test_a_gap_that_is_only_watched_explains_nothing():
    watched = replace(finding("reward_hacking"), label="watch")
    both = {"reward_hacking": watched, "plateau": finding("plateau")}
    assert explained(both) == both
