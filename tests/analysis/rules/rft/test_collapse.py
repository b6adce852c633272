"""Collapse: reward ends far below its peak, by reward_collapse or by a share of the peak."""

import pytest

from analysis.rules.rft.collapse import collapse
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    FAIL,
    HALF,
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
    by_default_and_moved,
    exact_rewards,
    judged,
    level,
    line,
    mixed,
    table,
    value_of,
)


def peaked(height: float, fall: float, start: float = 0.0):
    """Return a reward that holds its height from 40 to 60 % of the run, then falls so far."""
    return line((0.1, start), (0.4, height), (0.6, height), (0.9, height - fall))


@by_default_and_moved
@table(
    (
        "just over the least fall",
        lambda t: exact_rewards(peaked(0.3, t.reward_collapse + NEAR)),
        FAIL,
    ),
    (
        "just under the least fall",
        lambda t: exact_rewards(peaked(0.3, t.reward_collapse - NEAR)),
        PASS,
    ),
    (
        "just over the share of a high peak",
        lambda t: exact_rewards(peaked(0.8, 0.8 * t.reward_collapse_share + NEAR)),
        FAIL,
    ),
    (
        "just under the share of a high peak",
        lambda t: exact_rewards(peaked(0.8, 0.8 * t.reward_collapse_share - NEAR)),
        PASS,
    ),
    (
        "just over the share of a climb out of the negative",
        lambda t: exact_rewards(peaked(0.3, 0.8 * t.reward_collapse_share + NEAR, start=-0.5)),
        FAIL,
    ),
    (
        "just under the share of a climb out of the negative",
        lambda t: exact_rewards(peaked(0.3, 0.8 * t.reward_collapse_share - NEAR, start=-0.5)),
        PASS,
    ),
    (
        "just over the share of a peak, though it began at half of it",
        lambda t: exact_rewards(peaked(0.8, 0.8 * t.reward_collapse_share + NEAR, start=0.4)),
        FAIL,
    ),
    (
        "just under the share of a peak, though it began at half of it",
        lambda t: exact_rewards(peaked(0.8, 0.8 * t.reward_collapse_share - NEAR, start=0.4)),
        PASS,
    ),
    (
        "just over the least fall of a wider range",
        lambda t: exact_rewards(peaked(3.0, 10 * t.reward_collapse + NEAR), span=10.0),
        FAIL,
    ),
    (
        "just under the least fall of a wider range",
        lambda t: exact_rewards(peaked(3.0, 10 * t.reward_collapse - NEAR), span=10.0),
        PASS,
    ),
    ("still at its peak", lambda _: exact_rewards(line((0.1, 0.0), (1.0, 0.9))), PASS),
    (
        "a spike of a fortieth of the run is no peak",
        lambda _: exact_rewards(line((0.475, 0.2), (0.5, 0.7), (0.525, 0.2))),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, peaked(0.8, 0.7), level(0.8))),
        TOO_LITTLE,
    ),
    ("seven steps", lambda _: exact_rewards(peaked(0.8, 0.7), train_steps=range(1, 8)), TOO_LITTLE),
    ("eight steps", lambda _: exact_rewards(peaked(0.8, 0.7), train_steps=range(1, 9)), FAIL),
    ("validation alone", lambda _: exact_rewards(valid=peaked(0.8, 0.7)), NEVER),
)
def test_reward_collapses_when_its_fall_exceeds_both_limits(build, status, thresholds):
    assert judged(collapse, build(thresholds), thresholds).status is status


def test_the_limits_are_twelve_points_and_thirty_five_per_cent():
    assert (GOLDILOCKS.reward_collapse, GOLDILOCKS.reward_collapse_share) == (0.12, 0.35)


def test_the_fall_is_measured_and_the_verdict_speaks_of_what_follows_the_peak():
    verdict = judged(collapse, exact_rewards(peaked(0.8, 0.7)))
    assert value_of(verdict, "fall_from_peak") == pytest.approx(0.7)
    assert verdict.steps == (40, 100)
    assert "step 40" in verdict.statement


@pytest.mark.parametrize(("fall", "said"), [(0.1, "short of a collapse"), (0.03, "not collapsed")])
def test_a_fall_that_is_no_collapse_is_told_with_its_size(fall, said):
    verdict = judged(collapse, exact_rewards(line((0.1, 0.2), (0.5, 0.8), (0.9, 0.8 - fall))))
    assert verdict.status is PASS
    assert said in verdict.statement
