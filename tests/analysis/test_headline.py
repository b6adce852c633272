"""The headline: which label comes first, and when there is none."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from analysis import GOLDILOCKS, Report, Status, Verdict, diagnose, run_from_frame
from analysis.curve.curve import N_DRAWS
from analysis.diagnose import SFT_RULES
from analysis.headline import (
    ALARM_SHARE,
    CLEAR_SHARE,
    STATUS,
    label_shares,
    loss_headline,
    most_probable,
    undecided,
)
from analysis.reward_headline import ORDER, reward_headline
from tests.analysis.curve.made import column_frame
from tests.analysis.curve.runs import named_run, report_on
from tests.builders import falling, make_run, turning

RULES = (
    "divergence", "crash_zero", "oscillation", "gap_from_start", "both_high", "underfit",
    "plateau_early",
)  # fmt: skip


def verdicts_of(report: Report) -> dict[str, Verdict]:
    return {verdict.rule: verdict for verdict in report.verdicts}


def holding(rule: str, share: float = 1.0) -> Verdict:
    """Return a verdict that holds in the first draws."""
    holds = np.arange(N_DRAWS) < share * N_DRAWS
    return Verdict(rule, Status.WARN, f"{rule} it is.", probability=share, holds=holds)


def shares_with(name: str, *held: Verdict) -> dict[str, float]:
    """Return the shares of labels for a run, were these the only rules to hold in it."""
    report = report_on(name)
    verdicts = verdicts_of(report) | {rule: holding(rule, 0.0) for rule in RULES}
    verdicts |= {verdict.rule: verdict for verdict in held}
    return label_shares(report.curves, verdicts, GOLDILOCKS)


def shared(**shares: float) -> dict[str, float]:
    return dict.fromkeys(STATUS, 0.0) | shares


VERDICTS = MappingProxyType({rule: holding(rule) for rule in (*RULES, "overfitting")})


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("healthy", "healthy"),
        ("overfit", "overfit_severe"),
        ("divergent", "divergence"),
        ("underfit", "underfit"),
        ("both high", "both_high"),
        ("crashed", "crash_zero"),
        ("gap", "gap_from_start"),
        ("not validated", "no_validation"),
        ("short", "unclear"),
        ("rewarded", "healthy"),
        ("hacked", "reward_hacking"),
        ("no reward", "flat_zero"),
        ("collapsed", "collapse"),
        ("reward not validated", "unclear"),
    ],
)
def test_runs_without_doubt_get_their_label_and_confidence(name, label):
    headline = report_on(name).headline
    assert headline.label == label
    assert headline.confidence > 0.75


def test_the_shares_of_all_labels_add_up_to_one():
    half = [holding(rule, share) for rule, share in zip(RULES, np.linspace(0, 1, 7), strict=True)]
    for name in ("healthy", "overfit", "underfit"):
        assert sum(shares_with(name, *half).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["healthy", "overfit"])
@pytest.mark.parametrize("position", range(4))
def test_of_rules_that_hold_the_first_takes_the_label_even_before_overfitting(name, position):
    found = shares_with(name, *[holding(rule) for rule in RULES[position:]])
    assert found[RULES[position]] == 1.0


def test_overfitting_comes_before_underfitting_and_an_early_plateau():
    later = [holding(rule) for rule in RULES[4:]]
    assert shares_with("overfit", *later)["overfit_severe"] > 0.95
    assert shares_with("healthy", *later)["both_high"] > 0.95
    assert shares_with("healthy", *later[1:])["underfit"] > 0.95
    assert shares_with("healthy", *later[2:])["plateau_early"] > 0.95


def test_a_draw_belongs_to_the_next_label_where_the_first_does_not_hold():
    found = shares_with("healthy", holding("divergence", 0.25), holding("crash_zero", 0.75))
    assert found["divergence"] == 0.25
    assert found["crash_zero"] == 0.5
    assert found["healthy"] == pytest.approx(0.25, abs=0.02)


def test_the_leading_family_wins_and_then_its_leading_member():
    shares = shared(overfit_mild=0.3, overfit_moderate=0.28, healthy=0.42)
    headline = most_probable(shares, VERDICTS)
    assert headline.label == "overfit_mild"
    assert headline.confidence == 0.3


@pytest.mark.parametrize(
    ("share", "label"), [(ALARM_SHARE - 0.01, "unclear"), (ALARM_SHARE + 0.01, "crash_zero")]
)
def test_an_alarm_must_be_likelier_than_not(share, label):
    rest = 1 - share
    shares = shared(crash_zero=share, underfit=rest / 3, healthy=rest / 3, oscillation=rest / 3)
    assert most_probable(shares, VERDICTS).label == label


@pytest.mark.parametrize(
    ("share", "label"), [(CLEAR_SHARE - 0.01, "unclear"), (CLEAR_SHARE + 0.01, "healthy")]
)
def test_healthy_needs_less_than_an_alarm_but_not_nothing(share, label):
    rest = (1 - share) / 3
    shares = shared(healthy=share, crash_zero=rest, underfit=rest, oscillation=rest)
    assert most_probable(shares, VERDICTS).label == label


def test_unclear_names_the_two_likeliest_and_the_chance_that_the_first_is_wrong():
    headline = undecided(shared(crash_zero=0.45, plateau_early=0.35, healthy=0.2))
    assert headline.label == "unclear"
    assert headline.status is Status.INSUFFICIENT_DATA
    assert headline.confidence == pytest.approx(0.55)
    assert "crash zero (45%) and plateau early (35%)" in headline.statement


def test_a_run_too_short_to_judge_is_unclear_and_says_what_is_missing():
    headline = report_on("short").headline
    assert (headline.label, headline.confidence) == ("unclear", 1.0)
    assert headline.status is Status.INSUFFICIENT_DATA
    assert "10 of the 12 steps needed" in headline.statement
    assert "2 of the 4 steps needed" in headline.statement


def test_a_short_run_that_is_lost_has_diverged_all_the_same():
    losses = np.array([2.0, 1.9, 1.8, np.inf, np.inf])
    run = run_from_frame(column_frame(train_loss=losses, valid_loss=losses))
    assert diagnose(run).headline.label == "divergence"


@pytest.mark.parametrize(
    ("train", "said"),
    [
        (falling(2.0, 0.01), "falls to about zero"),
        (falling(1.2, 1.15), "barely moves"),
    ],
)
def test_without_validation_nothing_is_called_healthy_but_what_shows_is_said(train, said):
    headline = diagnose(make_run(train)).headline
    assert headline.label == "no_validation"
    assert headline.status is Status.WARN
    assert said in headline.statement


def test_divergence_shows_without_validation():
    headline = diagnose(make_run(falling() + 3.0 * (np.arange(300) > 200))).headline
    assert headline.label == "divergence"
    assert headline.status is Status.FAIL


def test_every_label_of_losses_has_a_status_and_comes_from_a_rule():
    rules = {rule.__name__ for rule in SFT_RULES}
    for label in STATUS:
        assert label == "healthy" or label in rules or label.startswith("overfit_")
    assert [label for label, status in STATUS.items() if status is Status.PASS] == ["healthy"]


def test_memorising_without_harm_is_said_as_such():
    report = diagnose(make_run(falling(2.0, 0.3), falling(2.0, 0.8)))
    assert report.headline.label == "overfit_moderate"
    assert "little or nothing" in report.headline.statement
    assert "got clearly worse" in report_on("overfit").headline.statement


def passing(rule: str, probability: float = 0.0, status: Status = Status.PASS) -> Verdict:
    return Verdict(rule, status, f"{rule}: too noisy.", probability=probability)


def rewarded(*verdicts: Verdict, name: str = "rewarded"):
    given = {rule: passing(rule) for rule in ORDER} | {v.rule: v for v in verdicts}
    return reward_headline(report_on(name).curves, given, GOLDILOCKS)


@pytest.mark.parametrize("position", range(len(ORDER)))
def test_of_reward_rules_that_hold_the_first_in_order_is_the_headline(position):
    found = rewarded(*[holding(rule, 0.8) for rule in ORDER[position:]])
    assert found.label == ORDER[position]
    assert found.confidence == 0.8


def test_an_undecided_reward_rule_that_is_the_likeliest_makes_the_headline_unclear():
    close = passing("collapse", 0.45, Status.INSUFFICIENT_DATA)
    found = rewarded(close, passing("plateau", 0.3))
    assert (found.label, found.statement) == ("unclear", "collapse: too noisy.")
    assert found.status is Status.INSUFFICIENT_DATA


def test_healthy_is_as_sure_as_the_likeliest_rule_is_unlikely():
    low = replace(holding("collapse", 0.25), status=Status.PASS)
    found = rewarded(low, passing("plateau", 0.1))
    assert (found.label, found.confidence) == ("healthy", pytest.approx(0.75, abs=0.01))
    assert found.status is Status.PASS


def test_without_validation_reward_nothing_is_called_healthy():
    found = rewarded(name="reward not validated")
    assert found.label == "unclear"
    assert "without validation" in found.statement
    assert rewarded(holding("collapse"), name="reward not validated").label == "collapse"


def test_without_training_reward_nothing_is_judged():
    frame = named_run("rewarded").frame.drop(columns="train_mean_reward")
    found = diagnose(run_from_frame(frame, method="rft")).headline
    assert (found.label, found.status) == ("unclear", Status.INSUFFICIENT_DATA)
    assert found.statement == "Training reward was never logged."


def test_preference_pairs_that_are_told_apart_at_once_are_saturated():
    n = 100
    loss = np.log(2.0) * np.exp(-np.arange(n) / 5.0) + 1e-5
    frame = column_frame(train_loss=loss, valid_loss=loss)
    frame["rewards/margins"], frame["rewards/accuracies"] = np.linspace(0, 20, n), 1.0
    assert diagnose(run_from_frame(frame, method="dpo")).headline.label == "saturated"
    assert diagnose(run_from_frame(frame, method="sft")).headline.label == "crash_zero"


def preferred(margin_loss: np.ndarray, **columns: np.ndarray) -> Report:
    return diagnose(run_from_frame(column_frame(train_loss=margin_loss, **columns), method="dpo"))


TEACHING = np.log(2.0) * np.exp(-np.linspace(0, 1, 100))


def test_preference_tuning_is_healthy_where_pairs_teach_and_no_loss_climbs():
    headline = preferred(TEACHING, valid_loss=TEACHING + 0.02).headline
    assert (headline.label, headline.status) == ("healthy", Status.PASS)
    assert headline.confidence > 0.9


@pytest.mark.parametrize(
    ("valid", "said"),
    [
        ({}, "without validation"),
        ({"valid_loss": TEACHING + np.linspace(0, 1, 100) ** 2}, "is best near step"),
        ({"valid_loss": np.where(np.arange(100) == 50, 0.5, np.nan)}, "logged at 1 of the 4"),
    ],
    ids=["no validation", "a rise", "too short"],
)
def test_preference_tuning_is_not_called_healthy_beside_a_finding(valid, said):
    headline = preferred(TEACHING, **valid).headline
    assert headline.label == "unclear"
    assert said in headline.statement


@pytest.mark.parametrize(
    ("valid", "said"), [(falling(), "is unknown"), (turning(0.8, 0.6), "is best near step")]
)
def test_without_training_loss_nothing_is_called_healthy_but_what_shows_is_said(valid, said):
    report = diagnose(make_run(valid=valid))
    assert (report.headline.label, report.headline.confidence) == ("unclear", 1.0)
    assert report.headline.statement.startswith("Training loss was never logged")
    assert said in report.headline.statement
    assert not {v.rule: v for v in report.verdicts}["too_short"].found


def test_the_headline_is_that_of_the_curves_and_verdicts_alone():
    report = report_on("overfit")
    again = loss_headline(report.curves, verdicts_of(report), GOLDILOCKS)
    assert again == report.headline
