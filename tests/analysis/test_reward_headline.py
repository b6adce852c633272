"""The headline of RFT runs: the first rule that holds, healthy, or unclear."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.curve.curve import N_DRAWS
from analysis.reward_headline import FAILURES
from analysis.reward_headline import reward_headline as judged_headline
from analysis.rules.rft.reward_hacking import reward_hacking
from analysis.thresholds import GOLDILOCKS
from analysis.verdict import Status, Verdict
from tests.analysis.rules.exact_rewards import (
    FAIL,
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    begun_late,
    exact_rewards,
    level,
    ramp,
)

# As rules.md orders them; contract.md names these labels and no others.
ORDER = [
    "flat_zero",
    "always_negative",
    "collapse",
    "reward_hacking",
    "valid_degrades",
    "too_lenient",
    "token_explosion",
    "unstable_variance",
    "logic_errors",
    "unresponsive",
    "plateau",
]
NO_LABELS = [
    "token_growth",
    "parse_errors",
    "low_positive_share",
    "below_base",
    "entropy_collapse",
    "kl_drift",
]


def reward_headline(curves, given):
    return judged_headline(curves, given, GOLDILOCKS)


CLIMBING = exact_rewards(ramp(0.2, 0.8), ramp(0.2, 0.7))


def verdict(rule: str, status: Status, probability: float | None) -> Verdict:
    """Return a verdict as its rule would give it."""
    holds = None
    if probability is not None:
        holds = np.arange(N_DRAWS) < round(probability * N_DRAWS)
    statement = f"What {rule} says when it gives {status}."
    return Verdict(rule, status, statement, probability=probability, holds=holds)


def verdicts(status: Status = PASS, probability: float | None = 0.0, **given: Verdict):
    """Return the same outcome for every rule, but for those given."""
    rules = [*ORDER, *NO_LABELS]
    return {rule: verdict(rule, status, probability) for rule in rules} | given


@pytest.mark.parametrize("place", range(len(ORDER)), ids=ORDER)
def test_the_first_rule_that_holds_is_the_headline(place):
    later = {rule: verdict(rule, FAIL, 1.0) for rule in ORDER[place + 1 :]}
    given = verdicts(**later, **{ORDER[place]: verdict(ORDER[place], WARN, 0.75)})
    headline = reward_headline(CLIMBING, given)
    assert headline.label == ORDER[place]
    assert headline.statement == given[ORDER[place]].statement
    assert headline.confidence == 0.75
    assert headline.status is WARN


def test_every_label_but_the_last_is_a_failure_beside_which_a_plateau_is_none():
    assert list(FAILURES) == ORDER[:-1]


@pytest.mark.parametrize("status", [WARN, FAIL])
def test_the_headline_is_as_grave_as_its_verdict(status):
    headline = reward_headline(CLIMBING, verdicts(collapse=verdict("collapse", status, 0.9)))
    assert headline.status is status


def test_a_rule_that_holds_comes_before_an_earlier_one_that_is_undecided():
    given = verdicts(
        collapse=verdict("collapse", TOO_LITTLE, 0.55), plateau=verdict("plateau", WARN, 0.7)
    )
    assert reward_headline(CLIMBING, given).label == "plateau"


@pytest.mark.parametrize("rule", NO_LABELS)
def test_notes_are_no_headline(rule):
    given = verdicts(**{rule: verdict(rule, FAIL, 1.0)})
    assert reward_headline(CLIMBING, given).label not in NO_LABELS


@pytest.mark.parametrize("rule", ORDER)
def test_one_undecided_rule_is_enough_for_unclear(rule):
    given = verdicts(probability=0.3, **{rule: verdict(rule, TOO_LITTLE, 0.45)})
    headline = reward_headline(CLIMBING, given)
    assert headline.label == "unclear"
    assert headline.statement == given[rule].statement
    assert headline.confidence == 0.45
    assert headline.status is TOO_LITTLE


def test_of_several_undecided_rules_the_likeliest_speaks():
    given = verdicts(
        collapse=verdict("collapse", TOO_LITTLE, 0.45),
        plateau=verdict("plateau", TOO_LITTLE, 0.58),
        logic_errors=verdict("logic_errors", TOO_LITTLE, 0.52),
    )
    assert reward_headline(CLIMBING, given).statement == given["plateau"].statement


def test_a_climbing_run_of_which_no_rule_holds_is_healthy():
    headline = reward_headline(CLIMBING, verdicts())
    assert (headline.label, headline.status) == ("healthy", PASS)
    assert headline.confidence == 1.0
    assert headline.statement


def test_healthy_is_the_less_sure_the_closer_a_rule_comes():
    given = verdicts(probability=0.05, token_explosion=verdict("token_explosion", PASS, 0.35))
    headline = reward_headline(CLIMBING, given)
    assert headline.label == "healthy"
    assert headline.confidence <= 0.65


def test_a_rule_that_could_not_judge_stands_in_nobodys_way():
    given = verdicts(
        token_explosion=verdict("token_explosion", NEVER, None),
        logic_errors=verdict("logic_errors", NEVER, None),
        unresponsive=verdict("unresponsive", NEVER, None),
    )
    assert reward_headline(CLIMBING, given).label == "healthy"


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        (exact_rewards(ramp(0.2, 0.8)), "validation"),
        (exact_rewards(ramp(0.2, 0.8), level(0.5), valid_steps=(50,)), "validation"),
        (exact_rewards(valid=ramp(0.2, 0.8)), "never logged"),
        (exact_rewards(ramp(0.2, 0.8), ramp(0.2, 0.7), train_steps=range(1, 8)), "7 of 8"),
    ],
    ids=["no validation", "one validation", "no training reward", "seven steps"],
)
def test_a_run_that_could_not_be_judged_is_unclear_and_says_why(curves, said):
    headline = reward_headline(curves, verdicts())
    assert (headline.label, headline.status) == ("unclear", TOO_LITTLE)
    assert headline.confidence == 1.0
    assert said in headline.statement


def test_without_validation_a_rule_that_holds_is_still_the_headline():
    given = verdicts(flat_zero=verdict("flat_zero", FAIL, 1.0))
    assert reward_headline(exact_rewards(level(0.0)), given).label == "flat_zero"


def test_the_headline_does_not_depend_on_the_order_of_the_verdicts():
    given = verdicts(
        collapse=verdict("collapse", FAIL, 0.8), unresponsive=verdict("unresponsive", WARN, 1.0)
    )
    turned = {rule: replace(given[rule]) for rule in reversed(given)}
    assert reward_headline(CLIMBING, turned) == reward_headline(CLIMBING, given)


@pytest.mark.parametrize(("train", "valid"), [(level(0.84), level(0.84)), (ramp(0.7, 0.6),) * 2])
def test_a_reward_that_never_climbed_is_not_called_healthy(train, valid):
    curves = exact_rewards(train, valid)
    passing = {name: Verdict(name, Status.PASS, "Fine.", probability=0.0) for name in ORDER}
    headline = reward_headline(curves, passing)
    assert headline.label == "unclear"
    assert headline.status is Status.INSUFFICIENT_DATA
    assert "has climbed" in headline.statement


def held(rule: str, draws: slice) -> Verdict:
    """Return a verdict that passes, of a rule that holds in these draws."""
    holds = np.zeros(N_DRAWS, dtype=bool)
    holds[draws] = True
    return replace(verdict(rule, PASS, float(holds.mean())), holds=holds)


@pytest.mark.parametrize(("second", "sure"), [(slice(0, 64), 0.75), (slice(64, 128), 0.5)])
def test_healthy_is_as_sure_as_the_share_of_curves_in_which_nothing_holds(second, sure):
    given = verdicts(collapse=held("collapse", slice(0, 64)), plateau=held("plateau", second))
    headline = reward_headline(CLIMBING, given)
    assert (headline.label, headline.confidence) == ("healthy", sure)


def test_faults_that_are_likely_together_leave_a_run_unclear():
    given = verdicts(
        **{rule: held(rule, slice(60 * i, 60 * i + 60)) for i, rule in enumerate(ORDER[:3])}
    )
    headline = reward_headline(CLIMBING, given)
    assert (headline.label, headline.status) == ("unclear", TOO_LITTLE)
    assert headline.confidence == pytest.approx(180 / 256)


def test_a_gap_worth_watching_changes_neither_label_nor_confidence():
    curves = exact_rewards(ramp(0.2, 0.8), ramp(0.2, 0.72))
    found = reward_hacking(curves, GOLDILOCKS)
    assert (found.status, found.label) == (WARN, "watch")
    watched = reward_headline(curves, verdicts(reward_hacking=found))
    assert watched == reward_headline(curves, verdicts())
    assert watched.label == "healthy"


def test_a_run_whose_file_begins_late_is_not_called_healthy():
    headline = reward_headline(begun_late(CLIMBING), verdicts())
    assert headline.label == "unclear"
    assert "begins at step 20 of 100" in headline.statement
