"""Validation degrades: V fell from its peak while R held."""

import pytest

from analysis.rules.rft.valid_degrades import valid_degrades
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    HALF,
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    by_default_and_moved,
    exact_rewards,
    judged,
    level,
    line,
    mixed,
    table,
    value_of,
)


def falling(by: float, train_by: float = 0.0, top: float = 0.6):
    """Return training and validation reward that fall so far after a peak at 40 to 60 %."""
    valid = line((0.1, 0.0), (0.4, top), (0.6, top), (0.9, top - by))
    return line((0.6, top), (0.9, top - train_by)), valid


@by_default_and_moved
@table(
    ("just over the limit", lambda t: exact_rewards(*falling(t.reward_valid_fall + NEAR)), WARN),
    ("just under the limit", lambda t: exact_rewards(*falling(t.reward_valid_fall - NEAR)), PASS),
    (
        "training fell by just under its limit",
        lambda t: exact_rewards(*falling(0.3, t.reward_train_fall - NEAR)),
        WARN,
    ),
    (
        "training fell by just over its limit",
        lambda t: exact_rewards(*falling(0.3, t.reward_train_fall + NEAR)),
        PASS,
    ),
    ("training climbs on", lambda _: exact_rewards(*falling(0.3, -0.2)), WARN),
    (
        "training had fallen before validation peaked",
        lambda _: exact_rewards(line((0.1, 0.9), (0.3, 0.5)), falling(0.3)[1]),
        WARN,
    ),
    (
        "just over the limit of a wider range",
        lambda t: exact_rewards(*falling(10 * t.reward_valid_fall + NEAR, top=6.0), span=10.0),
        WARN,
    ),
    (
        "just under the limit of a wider range",
        lambda t: exact_rewards(*falling(10 * t.reward_valid_fall - NEAR, top=6.0), span=10.0),
        PASS,
    ),
    (
        "training fell by just under its limit of a wider range",
        lambda t: exact_rewards(*falling(3.0, 10 * t.reward_train_fall - NEAR, 6.0), span=10.0),
        WARN,
    ),
    (
        "training fell by just over its limit of a wider range",
        lambda t: exact_rewards(*falling(3.0, 10 * t.reward_train_fall + NEAR, 6.0), span=10.0),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(level(0.6), mixed(HALF, falling(0.3)[1], level(0.6))),
        TOO_LITTLE,
    ),
    (
        "seven training steps",
        lambda _: exact_rewards(*falling(0.3), train_steps=range(1, 8)),
        TOO_LITTLE,
    ),
    ("eight training steps", lambda _: exact_rewards(*falling(0.3), train_steps=range(1, 9)), WARN),
    ("one validation", lambda _: exact_rewards(*falling(0.3), valid_steps=(40,)), TOO_LITTLE),
    ("two validations", lambda _: exact_rewards(*falling(0.3), valid_steps=(40, 100)), WARN),
    ("no validation", lambda _: exact_rewards(level(0.6)), NEVER),
    ("no training reward", lambda _: exact_rewards(valid=falling(0.3)[1]), NEVER),
)
def test_validation_degrades_when_it_falls_and_training_does_not(build, status, thresholds):
    assert judged(valid_degrades, build(thresholds), thresholds).status is status


def test_the_limits_are_six_points_of_validation_and_five_of_training():
    assert (GOLDILOCKS.reward_valid_fall, GOLDILOCKS.reward_train_fall) == (0.06, 0.05)


def test_both_falls_are_evidence_and_the_steps_begin_at_the_peak():
    verdict = judged(valid_degrades, exact_rewards(*falling(0.3, 0.04)))
    assert value_of(verdict, "valid_fall") == pytest.approx(0.3)
    assert value_of(verdict, "train_fall") == pytest.approx(0.04)
    assert verdict.steps == (40, 100)


def test_a_fall_beside_one_of_training_is_said():
    both = line((0.1, 0.2), (0.5, 0.6), (0.9, 0.5))
    verdict = judged(valid_degrades, exact_rewards(both, both))
    assert verdict.status is PASS
    assert "training reward fell with it" in verdict.statement
    assert "holds" in judged(valid_degrades, exact_rewards(level(0.5), level(0.5))).statement
