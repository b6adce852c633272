"""Too lenient: reward starts near the top and stays there."""

import pytest

from analysis.rules.rft.too_lenient import too_lenient
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    HALF,
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    begun_late,
    by_default_and_moved,
    exact_rewards,
    judged,
    level,
    line,
    mixed,
    table,
    value_of,
)

HIGH = 0.89


def moving(by: float):
    """Return a reward that is high over the first half and so much off it over the second."""
    return line((0.45, HIGH), (0.5, HIGH + by))


@by_default_and_moved
@table(
    ("just over the limit", lambda t: exact_rewards(level(t.reward_lenient + NEAR)), WARN),
    ("just under the limit", lambda t: exact_rewards(level(t.reward_lenient - NEAR)), PASS),
    (
        "climbs by just under the range",
        lambda t: exact_rewards(moving(t.reward_lenient_range - NEAR)),
        WARN,
    ),
    (
        "climbs by just over the range",
        lambda t: exact_rewards(moving(t.reward_lenient_range + NEAR)),
        PASS,
    ),
    (
        "falls by just over the range",
        lambda t: exact_rewards(moving(-t.reward_lenient_range - NEAR)),
        PASS,
    ),
    ("high only later", lambda _: exact_rewards(line((0.04, 0.6), (0.1, 0.95))), PASS),
    (
        "a dip of a hundredth of the run",
        lambda _: exact_rewards(line((0.49, HIGH), (0.5, 0.2), (0.51, HIGH))),
        WARN,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, level(0.95), level(0.5))),
        TOO_LITTLE,
    ),
    ("seven steps", lambda _: exact_rewards(level(0.95), train_steps=range(1, 8)), TOO_LITTLE),
    ("eight steps", lambda _: exact_rewards(level(0.95), train_steps=range(1, 9)), WARN),
    ("no training reward", lambda _: exact_rewards(valid=level(0.95)), NEVER),
    ("rewards without a top", lambda _: exact_rewards(level(9.5), span=10.0), NEVER),
)
def test_a_grader_is_too_lenient_when_reward_starts_high_and_stays(build, status, thresholds):
    assert judged(too_lenient, build(thresholds), thresholds).status is status


def test_the_limits_are_a_start_of_885_and_a_change_of_60_thousandths():
    assert (GOLDILOCKS.reward_lenient, GOLDILOCKS.reward_lenient_range) == (0.885, 0.06)


def test_start_and_change_are_the_evidence():
    verdict = judged(too_lenient, exact_rewards(moving(0.04)))
    assert value_of(verdict, "reward_start") == pytest.approx(HIGH)
    assert value_of(verdict, "reward_change") == pytest.approx(0.04)
    assert verdict.steps == (1, 100)


@by_default_and_moved
@pytest.mark.parametrize(("hair", "label"), [(NEAR, "unnecessary"), (-NEAR, None)])
def test_a_base_model_that_earns_nearly_all_needs_no_training(hair, label, thresholds):
    verdict = judged(
        too_lenient, exact_rewards(level(thresholds.reward_mastered + hair)), thresholds
    )
    assert (verdict.status, verdict.label) == (WARN, label)
    assert ("unnecessary" in verdict.statement) == bool(label)
    assert ("Keep the base model" in verdict.advice[0]) == bool(label)


def test_nearly_all_is_over_95_per_cent():
    assert GOLDILOCKS.reward_mastered == 0.95


def test_a_high_start_that_moves_is_said_to():
    assert (
        "starts high, at 0.89, but it moves"
        in judged(too_lenient, exact_rewards(moving(0.1))).statement
    )
    assert "room to improve" in judged(too_lenient, exact_rewards(level(0.5))).statement


def test_a_file_that_begins_late_does_not_show_the_start():
    verdict = judged(too_lenient, begun_late(exact_rewards(level(0.95))))
    assert verdict.status is TOO_LITTLE
    assert "begins at step 20 of 100" in verdict.statement
