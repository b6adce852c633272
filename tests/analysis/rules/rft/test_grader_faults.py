"""Grader faults: its own errors, rollouts without a grade, answers it cannot parse."""

import numpy as np
import pytest

from analysis.rules.rft.grader_faults import CLIMBS, logic_errors, parse_errors, unresponsive
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    FAIL,
    NEAR,
    NEVER,
    PASS,
    WARN,
    by_default_and_moved,
    exact_rewards,
    judged,
    level,
    logging,
    mixed,
    ramp,
    table,
    value_of,
)

STILL = level(0.5)
ONE_STEP = np.where(np.arange(100) == 41, 1.0, 0.0)


def logged(train=STILL, *, span: float = 1.0, **columns):
    """Return a run with these columns, and its training reward."""
    return exact_rewards(train, run=logging(**columns), span=span)


def uneven(mean: float):
    """Return a column with this mean, all of it in the second half."""
    return np.where(np.arange(100) < 50, 0.0, 2 * mean)


@by_default_and_moved
@table(
    ("never logged", lambda _: logged(), NEVER),
    ("no error", lambda _: logged(grader_error_rate=0.0), PASS),
    ("the least error at one step", lambda _: logged(grader_error_rate=NEAR * ONE_STEP), FAIL),
    ("no error by count", lambda _: logged(grader_error_count=0.0), PASS),
    ("one error by count", lambda _: logged(grader_error_count=ONE_STEP), FAIL),
    (
        "by rate where the count is none",
        lambda _: logged(grader_error_rate=NEAR * ONE_STEP, grader_error_count=0.0),
        FAIL,
    ),
)
def test_any_error_of_the_grader_is_a_failure(build, status, thresholds):
    assert judged(logic_errors, build(thresholds), thresholds).status is status


def test_the_steps_with_errors_and_the_highest_rate_are_the_evidence():
    rate = np.where(np.arange(100) % 10 == 0, 0.2, 0.0)
    rate[50] = 0.3
    verdict = judged(logic_errors, logged(grader_error_rate=rate))
    assert value_of(verdict, "steps_with_errors") == 10
    assert value_of(verdict, "highest_error") == 0.3
    assert "10 of 100" in verdict.statement


def test_steps_without_a_value_are_not_counted_as_logged():
    rate = np.where(np.arange(100) % 2, np.nan, 0.2)
    assert "50 of 50" in judged(logic_errors, logged(grader_error_rate=rate)).statement


@by_default_and_moved
@table(
    ("never logged", lambda _: logged(), NEVER),
    (
        "just over the limit by completion",
        lambda t: logged(rollout_completion_rate=1 - t.unresponsive - NEAR),
        WARN,
    ),
    (
        "just under the limit by completion",
        lambda t: logged(rollout_completion_rate=1 - t.unresponsive + NEAR),
        PASS,
    ),
    (
        "just over the limit by completion on average",
        lambda t: logged(rollout_completion_rate=1 - uneven(t.unresponsive + NEAR)),
        WARN,
    ),
    ("just over it as reported", lambda t: reported(t.unresponsive + NEAR), WARN),
    ("just under it as reported", lambda t: reported(t.unresponsive - NEAR), PASS),
    ("just over it on average", lambda t: reported(uneven(t.unresponsive + NEAR)), WARN),
    ("just under it on average", lambda t: reported(uneven(t.unresponsive - NEAR)), PASS),
    (
        "reported as none, but not all were graded",
        lambda _: logged(rollout_completion_rate=0.7, mean_unresponsive_rewards=0.0),
        WARN,
    ),
    (
        "all were graded, but it is reported",
        lambda _: logged(rollout_completion_rate=1.0, mean_unresponsive_rewards=0.3),
        WARN,
    ),
)
def test_rollouts_are_unresponsive_when_too_many_have_no_grade(build, status, thresholds):
    assert judged(unresponsive, build(thresholds), thresholds).status is status


def reported(share):
    """Return a run whose platform reports this share of unresponsive rewards."""
    return logged(mean_unresponsive_rewards=share)


def test_the_greater_of_both_shares_is_the_evidence():
    curves = logged(rollout_completion_rate=0.8, mean_unresponsive_rewards=0.05)
    verdict = judged(unresponsive, curves)
    assert value_of(verdict, "ungraded_share") == pytest.approx(0.2)
    assert "20%" in verdict.statement


@by_default_and_moved
@table(
    ("never logged", lambda _: logged(), NEVER),
    ("just over the limit", lambda t: logged(parse_error_rate=t.parse_errors + NEAR), WARN),
    ("just under the limit", lambda t: logged(parse_error_rate=t.parse_errors - NEAR), PASS),
    (
        "just over it on average",
        lambda t: logged(parse_error_rate=uneven(t.parse_errors + NEAR)),
        WARN,
    ),
    (
        "just under it on average",
        lambda t: logged(parse_error_rate=uneven(t.parse_errors - NEAR)),
        PASS,
    ),
    ("reward climbs just enough", lambda _: climbing(CLIMBS + NEAR), PASS),
    ("reward climbs just too little", lambda _: climbing(CLIMBS - NEAR), WARN),
    (
        "reward climbs just enough for a wider range",
        lambda _: climbing(10 * CLIMBS + NEAR, 10.0),
        PASS,
    ),
    (
        "reward climbs just too little for a wider range",
        lambda _: climbing(10 * CLIMBS - NEAR, 10.0),
        WARN,
    ),
    (
        "reward climbs in a third of the curves",
        lambda _: logged(mixed(85, ramp(0.1, 0.9), STILL), parse_error_rate=0.9),
        WARN,
    ),
    (
        "reward climbs in two thirds of the curves",
        lambda _: logged(mixed(171, ramp(0.1, 0.9), STILL), parse_error_rate=0.9),
        PASS,
    ),
    ("reward falls", lambda _: climbing(-0.3), WARN),
    ("training reward never logged", lambda _: logged(None, parse_error_rate=0.9), WARN),
)
def test_parse_errors_matter_unless_reward_climbs(build, status, thresholds):
    assert judged(parse_errors, build(thresholds), thresholds).status is status


def climbing(by: float, span: float = 1.0):
    """Return a run that parses hardly an answer while its reward climbs by so much."""
    return logged(ramp(0.4, 0.4 + by), span=span, parse_error_rate=0.9)


def test_the_mean_rate_is_the_evidence():
    verdict = judged(parse_errors, logged(parse_error_rate=uneven(0.4)))
    assert value_of(verdict, "parse_error_rate") == pytest.approx(0.4)
    assert "40%" in verdict.statement


def test_the_limits_are_ten_and_fifteen_per_cent():
    assert (GOLDILOCKS.unresponsive, GOLDILOCKS.parse_errors) == (0.10, 0.15)


@pytest.mark.parametrize(
    ("rate", "train", "said"),
    [(0.3, ramp(0.2, 0.8), "in spite of it"), (0.01, STILL, "Nearly all answers can be parsed")],
)
def test_why_parse_errors_are_no_finding_is_said(rate, train, said):
    verdict = judged(parse_errors, logged(train, parse_error_rate=rate))
    assert verdict.status is PASS
    assert said in verdict.statement
