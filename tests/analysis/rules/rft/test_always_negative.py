"""Always negative: R below minus reward_zero throughout."""

import numpy as np
import pytest

from analysis.curve.curve import GRID, SETTLED
from analysis.rules.rft.always_negative import NEARLY_ALL, always_negative
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

PLACES = GRID[GRID >= SETTLED]
MOST_POSITIVE = int((1.0 - NEARLY_ALL) * len(PLACES))  # places that may be positive


def positive_at(n_places: int):
    """Return a negative curve that is just positive at so many places, the first to be seen."""
    until = PLACES[n_places] - 1e-9
    return lambda shares: np.where(shares < until, NEAR, -0.5)


@by_default_and_moved
@table(
    ("far below zero", lambda _: exact_rewards(level(-0.5)), FAIL),
    ("just below the limit", lambda t: exact_rewards(level(-t.reward_zero - NEAR)), FAIL),
    ("just above the limit", lambda t: exact_rewards(level(-t.reward_zero + NEAR)), PASS),
    ("positive", lambda _: exact_rewards(level(0.5)), PASS),
    (
        "ends just below the limit",
        lambda t: exact_rewards(line((0.5, -0.5), (0.9, -t.reward_zero - NEAR))),
        FAIL,
    ),
    (
        "ends just above the limit",
        lambda t: exact_rewards(line((0.5, -0.5), (0.9, -t.reward_zero + NEAR))),
        PASS,
    ),
    (
        "mostly just below the limit",
        lambda t: exact_rewards(line((0.8, -t.reward_zero - NEAR), (0.9, -0.5))),
        FAIL,
    ),
    (
        "mostly just above the limit",
        lambda t: exact_rewards(line((0.8, -t.reward_zero + NEAR), (0.9, -0.5))),
        PASS,
    ),
    ("positive before the run has settled", lambda _: exact_rewards(positive_at(0)), FAIL),
    ("positive at three per cent", lambda _: exact_rewards(positive_at(MOST_POSITIVE)), FAIL),
    ("positive at more", lambda _: exact_rewards(positive_at(MOST_POSITIVE + 1)), PASS),
    (
        "just below the limit of a wider range",
        lambda t: exact_rewards(level(-10 * t.reward_zero - NEAR), span=10.0),
        FAIL,
    ),
    (
        "just above the limit of a wider range",
        lambda t: exact_rewards(level(-10 * t.reward_zero + NEAR), span=10.0),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, level(-0.5), level(0.5))),
        TOO_LITTLE,
    ),
    ("seven steps", lambda _: exact_rewards(level(-0.5), train_steps=range(1, 8)), TOO_LITTLE),
    ("eight steps", lambda _: exact_rewards(level(-0.5), train_steps=range(1, 9)), FAIL),
    ("validation alone", lambda _: exact_rewards(valid=level(-0.5)), NEVER),
)
def test_reward_is_always_negative_when_it_is_below_the_limit_throughout(build, status, thresholds):
    assert judged(always_negative, build(thresholds), thresholds).status is status


def test_the_limit_is_two_per_cent_of_the_range_below_zero():
    assert GOLDILOCKS.reward_zero == 0.02


def test_the_evidence_is_the_reward_at_the_end():
    verdict = judged(always_negative, exact_rewards(line((0.5, -0.8), (0.9, -0.3))))
    assert value_of(verdict, "reward_end") == pytest.approx(-0.3)


def test_the_advice_names_ungraded_rollouts_which_count_as_minus_one():
    verdict = judged(always_negative, exact_rewards(level(-0.5)))
    assert any("ungraded" in advice and "-1" in advice for advice in verdict.advice)


@pytest.mark.parametrize(("reward", "said"), [(-0.01, "next to nothing"), (0.3, "not negative")])
def test_a_reward_hardly_below_zero_is_said_to_be_that(reward, said):
    verdict = judged(always_negative, exact_rewards(level(reward)))
    assert verdict.status is PASS
    assert said in verdict.statement
