"""Flat at zero: |R| under reward_zero in every part of the run."""

import pytest

from analysis.rules.rft.flat_zero import flat_zero
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


@by_default_and_moved
@table(
    ("nothing at all", lambda _: exact_rewards(level(0.0)), FAIL),
    ("just under the limit", lambda t: exact_rewards(level(t.reward_zero - NEAR)), FAIL),
    ("just over the limit", lambda t: exact_rewards(level(t.reward_zero + NEAR)), PASS),
    ("just above minus the limit", lambda t: exact_rewards(level(-t.reward_zero + NEAR)), FAIL),
    ("just below minus the limit", lambda t: exact_rewards(level(-t.reward_zero - NEAR)), PASS),
    ("only the first half earns", lambda _: exact_rewards(line((0.5, 0.1), (0.51, 0))), PASS),
    (
        "only the middle earns",
        lambda _: exact_rewards(line((0.5, 0), (0.6, 0.2), (0.8, 0.2), (0.9, 0))),
        PASS,
    ),
    ("only the last tenth earns", lambda _: exact_rewards(line((0.9, 0), (0.92, 0.1))), PASS),
    (
        "just under the limit of a wider range",
        lambda t: exact_rewards(level(10 * t.reward_zero - NEAR), span=10.0),
        FAIL,
    ),
    (
        "just over the limit of a wider range",
        lambda t: exact_rewards(level(10 * t.reward_zero + NEAR), span=10.0),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, level(0.0), level(0.5))),
        TOO_LITTLE,
    ),
    ("seven steps", lambda _: exact_rewards(level(0.0), train_steps=range(1, 8)), TOO_LITTLE),
    ("eight steps", lambda _: exact_rewards(level(0.0), train_steps=range(1, 9)), FAIL),
    ("validation alone", lambda _: exact_rewards(valid=level(0.0)), NEVER),
)
def test_reward_is_flat_at_zero_while_every_part_is_within_the_limit(build, status, thresholds):
    assert judged(flat_zero, build(thresholds), thresholds).status is status


def test_the_limit_is_two_per_cent_of_the_range():
    assert GOLDILOCKS.reward_zero == 0.02


def test_the_evidence_is_the_reward_of_the_best_part_whatever_its_sign():
    verdict = judged(flat_zero, exact_rewards(line((0.8, 0.01), (0.9, -0.015))))
    assert value_of(verdict, "highest_part") == pytest.approx(0.015)


def test_the_whole_run_is_meant():
    assert judged(flat_zero, exact_rewards(level(0.0))).steps == (1, 100)


@pytest.mark.parametrize(("reward", "said"), [(-0.5, "mostly negative"), (0.5, "earn rewards")])
def test_a_negative_reward_is_not_said_to_be_earned(reward, said):
    verdict = judged(flat_zero, exact_rewards(level(reward)))
    assert verdict.status is PASS
    assert said in verdict.statement
