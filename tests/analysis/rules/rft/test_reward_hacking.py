"""Reward hacking: the gap of training over validation reward ends high and opened on the way."""

import numpy as np
import pytest

from analysis.rules.rft.reward_hacking import reward_hacking
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
    logging,
    mixed,
    table,
    value_of,
)


def gap(late: float, early: float = 0.0, **more):
    """Return curves whose gap is the one over the first 20 %, the other over the last 15 %."""
    opening = line((0.2, 0.4 + early), (0.8, 0.4 + late))
    return exact_rewards(opening, level(0.4), **more)


def tool_run(**columns):
    """Return curves with a wide gap, of a run that logged these columns."""
    return gap(0.4, run=logging(**columns))


SOME_CALLS = np.where(np.arange(100) == 50, 1.0, 0.0)


@by_default_and_moved
@table(
    ("just over the limit", lambda t: gap(t.reward_gap + NEAR), FAIL),
    ("just under the limit", lambda t: gap(t.reward_gap - NEAR), PASS),
    ("opened just enough", lambda t: gap(0.4, 0.4 - t.reward_gap_growth - NEAR), FAIL),
    ("opened just too little", lambda t: gap(0.4, 0.4 - t.reward_gap_growth + NEAR), PASS),
    ("an offset from the start", lambda _: gap(0.4, 0.4), PASS),
    ("validation above training", lambda _: gap(-0.3), PASS),
    (
        "opened before the first validation",
        lambda _: exact_rewards(
            line((0.1, 0.4), (0.35, 0.8)), level(0.4), valid_steps=(40, 60, 100)
        ),
        PASS,
    ),
    (
        "just over the limit of a wider range",
        lambda t: gap(10 * t.reward_gap + NEAR, span=10.0),
        FAIL,
    ),
    (
        "just under the limit of a wider range",
        lambda t: gap(10 * t.reward_gap - NEAR, span=10.0),
        PASS,
    ),
    (
        "opened just too little for a wider range",
        lambda t: gap(4.0, 4.0 - 10 * t.reward_gap_growth + NEAR, span=10.0),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, line((0.2, 0.4), (0.8, 0.8)), level(0.4)), level(0.4)),
        TOO_LITTLE,
    ),
    ("seven training steps", lambda _: gap(0.4, train_steps=range(1, 8)), TOO_LITTLE),
    ("eight training steps", lambda _: gap(0.4, train_steps=range(1, 9)), FAIL),
    ("one validation", lambda _: gap(0.4, valid_steps=(1,)), TOO_LITTLE),
    ("two validations", lambda _: gap(0.4, valid_steps=(1, 100)), FAIL),
    ("no validation", lambda _: exact_rewards(level(0.4)), NEVER),
    ("no training reward", lambda _: exact_rewards(valid=level(0.4)), NEVER),
    ("validation calls no tool: never logged", lambda _: tool_run(tools__find__calls=3.0), NEVER),
    (
        "validation calls no tool: logged as none",
        lambda _: tool_run(tools__find__calls=3.0, valid_tools__find__calls=0.0),
        NEVER,
    ),
    (
        "validation calls one of two tools",
        lambda _: tool_run(
            tools__find__calls=3.0, tools__send__calls=1.0, valid_tools__send__calls=SOME_CALLS
        ),
        FAIL,
    ),
    ("only the tools' latency is known", lambda _: tool_run(tools__find__latency=0.2), FAIL),
)
def test_hacking_is_a_gap_over_its_limit_that_opened_during_the_run(build, status, thresholds):
    assert judged(reward_hacking, build(thresholds), thresholds).status is status


def test_the_limits_are_ten_points_of_gap_and_six_of_growth():
    assert (GOLDILOCKS.reward_gap, GOLDILOCKS.reward_gap_growth) == (0.10, 0.06)


def test_the_evidence_is_the_late_gap_and_its_growth():
    verdict = judged(reward_hacking, gap(0.4, 0.1))
    assert value_of(verdict, "reward_gap") == pytest.approx(0.4)
    assert value_of(verdict, "gap_growth") == pytest.approx(0.3)
    assert verdict.steps == (85, 100)


def test_memorised_prompts_are_named_as_the_other_cause():
    assert "memorised" in judged(reward_hacking, gap(0.4)).statement
