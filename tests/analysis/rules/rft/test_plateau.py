"""Plateau: reward stands where it was at 40 % of the run, short of the top."""

import numpy as np
import pytest

from analysis import diagnose, run_from_frame
from analysis.rules.rft.plateau import plateau
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
    mixed,
    table,
    value_of,
)
from tests.builders import make_frame


def moving(by: float, start: float = 0.5):
    """Return a reward that moves by so much between 50 and 90 % of the run."""
    return line((0.2, 0.0), (0.3, start), (0.5, start), (0.9, start + by))


def spread(by: float):
    """Return a reward that moves so much up in half of the curves and down in the others."""
    return mixed(HALF, moving(by), moving(-by))


@by_default_and_moved
@table(
    (
        "climbs by just under the limit",
        lambda t: exact_rewards(moving(t.reward_plateau - NEAR)),
        WARN,
    ),
    (
        "climbs by just over the limit",
        lambda t: exact_rewards(moving(t.reward_plateau + NEAR)),
        PASS,
    ),
    (
        "falls by just under the limit",
        lambda t: exact_rewards(moving(NEAR - t.reward_plateau)),
        WARN,
    ),
    (
        "falls by just over the limit",
        lambda t: exact_rewards(moving(-NEAR - t.reward_plateau)),
        PASS,
    ),
    ("just under the top", lambda t: exact_rewards(level(t.reward_plateau_top - NEAR)), WARN),
    ("just over the top", lambda t: exact_rewards(level(t.reward_plateau_top + NEAR)), PASS),
    (
        "climbs by just under the limit of a wider range",
        lambda t: exact_rewards(moving(10 * t.reward_plateau - NEAR), span=10.0),
        WARN,
    ),
    (
        "climbs by just over the limit of a wider range",
        lambda t: exact_rewards(moving(10 * t.reward_plateau + NEAR), span=10.0),
        PASS,
    ),
    ("high, where there is no top", lambda _: exact_rewards(level(9.0), span=10.0), WARN),
    (
        "within what the error of the estimate adds to the limit",
        lambda t: exact_rewards(spread(t.reward_plateau / 0.85 - NEAR)),
        WARN,
    ),
    (
        "beyond what the error of the estimate adds to the limit",
        lambda t: exact_rewards(spread(t.reward_plateau / 0.85 + NEAR)),
        PASS,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(mixed(HALF, level(0.5), moving(0.4))),
        TOO_LITTLE,
    ),
    ("seven steps", lambda _: exact_rewards(level(0.5), train_steps=range(1, 8)), TOO_LITTLE),
    ("eight steps", lambda _: exact_rewards(level(0.5), train_steps=range(1, 9)), WARN),
    ("training reward never logged", lambda _: exact_rewards(valid=level(0.5)), NEVER),
)
def test_reward_is_on_a_plateau_when_it_hardly_moves_below_the_top(build, status, thresholds):
    assert judged(plateau, build(thresholds), thresholds).status is status


def test_the_limits_are_two_points_of_change_and_a_top_of_eighty():
    assert (GOLDILOCKS.reward_plateau, GOLDILOCKS.reward_plateau_top) == (0.02, 0.8)


def test_the_change_and_the_end_are_the_evidence_and_the_last_sixty_per_cent_are_meant():
    verdict = judged(plateau, exact_rewards(moving(0.01)))
    assert value_of(verdict, "change_since") == pytest.approx(0.01)
    assert value_of(verdict, "reward_end") == pytest.approx(0.51)
    assert verdict.steps == (40, 100)


@pytest.mark.parametrize(("rate", "status"), [(0.0, WARN), (0.1, PASS)])
def test_beside_a_failure_a_plateau_is_none(rate, status):
    noise = 0.01 * np.random.default_rng(0).standard_normal(40)
    frame = make_frame(train_mean_reward=0.5 + noise, grader_error_rate=np.full(40, rate))
    verdicts = {v.rule: v for v in diagnose(run_from_frame(frame, method="rft")).verdicts}
    verdict = verdicts["plateau"]
    assert verdict.status is status
    assert ("logic errors" in verdict.statement) is (status is PASS)
    assert bool(verdict.advice) is bool(verdict.steps) is (status is WARN)


@by_default_and_moved
@pytest.mark.parametrize(
    ("hair", "label", "status"), [(NEAR, None, WARN), (-NEAR, "concerning", FAIL)]
)
def test_a_plateau_below_fifteen_hundredths_is_concerning(hair, label, status, thresholds):
    low = thresholds.reward_plateau_low + hair
    verdict = judged(plateau, exact_rewards(level(low)), thresholds)
    assert (verdict.label, verdict.status) == (label, status)
    assert ("concerning" in verdict.statement) == bool(label)
    assert len(verdict.advice) == (3 if label else 2)


def test_low_means_nothing_where_rewards_have_no_top():
    assert judged(plateau, exact_rewards(level(0.1), span=10.0)).label is None
    assert GOLDILOCKS.reward_plateau_low == 0.15


def test_a_reward_that_stands_near_the_top_is_said_to_be_done():
    assert "near the top" in judged(plateau, exact_rewards(level(0.9))).statement
    assert "still rising" in judged(plateau, exact_rewards(moving(0.4))).statement


def test_in_a_file_that_begins_late_the_plateau_is_one_of_what_was_logged():
    verdict = judged(plateau, begun_late(exact_rewards(level(0.5))))
    assert verdict.steps == (52, 100)
    assert "since step 52" in verdict.statement
