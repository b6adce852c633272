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
    WARN,
    begun_late,
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


def watched(limits):
    """Return how far a gap must have opened to be worth watching: in proportion to hacking."""
    return limits.reward_gap_growth * limits.reward_gap_watch / limits.reward_gap


def tool_run(**columns):
    """Return curves with a wide gap, of a run that logged these columns."""
    return gap(0.4, run=logging(**columns))


SOME_CALLS = np.where(np.arange(100) == 50, 1.0, 0.0)


@by_default_and_moved
@table(
    ("just over the limit", lambda t: gap(t.reward_gap + NEAR), FAIL),
    ("just under the limit", lambda t: gap(t.reward_gap - NEAR), WARN),
    ("opened just enough", lambda t: gap(0.4, 0.4 - t.reward_gap_growth - NEAR), FAIL),
    ("opened just too little", lambda t: gap(0.4, 0.4 - t.reward_gap_growth + NEAR), WARN),
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
        WARN,
    ),
    (
        "opened just too little for a wider range",
        lambda t: gap(4.0, 4.0 - 10 * t.reward_gap_growth + NEAR, span=10.0),
        WARN,
    ),
    ("just worth watching", lambda t: gap(t.reward_gap_watch + NEAR), WARN),
    ("just not worth watching", lambda t: gap(t.reward_gap_watch - NEAR), PASS),
    ("opened just enough to watch", lambda t: gap(0.3, 0.3 - watched(t) - NEAR), WARN),
    ("opened just too little to watch", lambda t: gap(0.3, 0.3 - watched(t) + NEAR), PASS),
    (
        "just worth watching for a wider range",
        lambda t: gap(10 * t.reward_gap_watch + NEAR, span=10.0),
        WARN,
    ),
    (
        "just not worth watching for a wider range",
        lambda t: gap(10 * t.reward_gap_watch - NEAR, span=10.0),
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
    (
        "no tool is called, neither in training nor in validation",
        lambda _: tool_run(tools__find__calls=0.0, valid_tools__find__calls=0.0),
        FAIL,
    ),
    ("no tool is called in training", lambda _: tool_run(tools__find__calls=0.0), FAIL),
    (
        "of two tools training calls one and validation none",
        lambda _: tool_run(tools__find__calls=SOME_CALLS, tools__send__calls=0.0),
        NEVER,
    ),
    ("only the tools' latency is known", lambda _: tool_run(tools__find__latency=0.2), FAIL),
)
def test_hacking_is_a_gap_over_its_limit_that_opened_during_the_run(build, status, thresholds):
    assert judged(reward_hacking, build(thresholds), thresholds).status is status


@by_default_and_moved
@pytest.mark.parametrize(
    ("limit", "hair", "label"),
    [
        ("reward_gap_watch", NEAR, "watch"),
        ("reward_gap", -NEAR, "watch"),
        ("reward_gap", NEAR, None),
        ("reward_gap_gaming", -NEAR, None),
        ("reward_gap_gaming", NEAR, "gaming"),
    ],
)
def test_the_size_of_the_gap_is_its_band(limit, hair, label, thresholds):
    verdict = judged(reward_hacking, gap(getattr(thresholds, limit) + hair), thresholds)
    assert verdict.label == label
    assert verdict.found
    assert ("worth watching" in verdict.statement) == (label == "watch")
    assert ("gamed" in verdict.statement) == (label == "gaming")


def test_where_hacking_is_undecided_a_sure_gap_is_not_only_watched():
    half = mixed(HALF, line((0.2, 0.4), (0.8, 0.6)), line((0.2, 0.4), (0.8, 0.47)))
    verdict = judged(reward_hacking, exact_rewards(half, level(0.4)))
    assert (verdict.status, verdict.label) == (TOO_LITTLE, None)


def test_what_counts_as_no_gap_scales_with_the_range_of_rewards():
    one, ten = (judged(reward_hacking, gap(0.4 * span, span=span)) for span in (1.0, 10.0))
    assert [v.evidence[0].normal for v in (one, ten)] == ["under 0.05", "under 0.5"]


def test_an_offset_from_the_start_is_said_to_be_one():
    assert "from the start" in judged(reward_hacking, gap(0.4, 0.4)).statement
    assert "from the start" not in judged(reward_hacking, gap(0.0)).statement


@pytest.mark.parametrize(("early", "status"), [(0.4, TOO_LITTLE), (0.1, FAIL)])
def test_in_a_file_that_begins_late_an_early_gap_may_be_hacking_or_not(early, status):
    curves = begun_late(gap(0.4, early))
    verdict = judged(reward_hacking, curves)
    assert verdict.status is status
    assert ("begins at step" in verdict.statement) == (status is TOO_LITTLE)


def test_the_limits_are_ten_points_of_gap_and_six_of_growth():
    assert (GOLDILOCKS.reward_gap, GOLDILOCKS.reward_gap_growth) == (0.10, 0.06)
    assert (GOLDILOCKS.reward_gap_watch, GOLDILOCKS.reward_gap_gaming) == (0.05, 0.20)


def test_the_evidence_is_the_late_gap_and_its_growth():
    verdict = judged(reward_hacking, gap(0.4, 0.1))
    assert value_of(verdict, "reward_gap") == pytest.approx(0.4)
    assert value_of(verdict, "gap_growth") == pytest.approx(0.3)
    assert verdict.steps == (85, 100)


def test_memorised_prompts_are_named_as_the_other_cause():
    assert "memorised" in judged(reward_hacking, gap(0.4)).statement
