"""Still improving: both sides of the rise of reward over the last fifth."""

import pytest

from analysis.rules.rft.still_improving import still_improving
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


def rising(by: float):
    """Return a reward that rises by so much between 85 and 90 % of the run."""
    return line((0.2, 0.1), (0.3, 0.4), (0.85, 0.4), (0.9, 0.4 + by))


STILL = level(0.5)


@by_default_and_moved
@table(
    ("just over", lambda t: exact_rewards(STILL, rising(t.reward_climb + NEAR)), WARN),
    ("just short", lambda t: exact_rewards(STILL, rising(t.reward_climb - NEAR)), PASS),
    ("training alone, just over", lambda t: exact_rewards(rising(t.reward_climb + NEAR)), WARN),
    ("training alone, just short", lambda t: exact_rewards(rising(t.reward_climb - NEAR)), PASS),
    ("training beside validation", lambda _: exact_rewards(rising(0.3), STILL), PASS),
    (
        "just over for a wider range",
        lambda t: exact_rewards(STILL, rising(10 * t.reward_climb + NEAR), span=10.0),
        WARN,
    ),
    (
        "just short for a wider range",
        lambda t: exact_rewards(STILL, rising(10 * t.reward_climb - NEAR), span=10.0),
        PASS,
    ),
    ("falls", lambda _: exact_rewards(STILL, rising(-0.3)), PASS),
    ("in half of the curves", lambda _: exact_rewards(mixed(HALF, rising(0.3), STILL)), TOO_LITTLE),
    ("one validation", lambda _: exact_rewards(rising(0.3), STILL, valid_steps=(9,)), TOO_LITTLE),
    ("seven steps", lambda _: exact_rewards(rising(0.3), train_steps=range(1, 8)), TOO_LITTLE),
    ("no reward", lambda _: exact_rewards(), NEVER),
)
def test_reward_still_improves_where_it_rises_over_the_last_fifth(build, status, thresholds):
    assert judged(still_improving, build(thresholds), thresholds).status is status


def test_the_limit_is_two_hundredths_of_the_range():
    assert GOLDILOCKS.reward_climb == 0.02


@pytest.mark.parametrize(
    ("curves", "said"),
    [(exact_rewards(STILL, rising(0.3)), "Validation"), (exact_rewards(rising(0.3)), "Training")],
)
def test_the_rise_is_told_with_its_size_and_of_which_reward_it_is(curves, said):
    verdict = judged(still_improving, curves)
    assert value_of(verdict, "late_rise") == pytest.approx(0.3)
    assert verdict.statement.startswith(f"{said} reward was still rising")
    assert verdict.steps == (80, 100)


def test_in_a_file_that_begins_late_the_last_fifth_is_that_of_what_was_logged():
    assert judged(still_improving, begun_late(exact_rewards(STILL, rising(0.3)))).steps == (84, 100)
