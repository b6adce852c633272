"""Unstable variance: rewards scatter more in the last third than in the first, net of the level."""

import numpy as np
import pytest

from analysis.curve.rewards import RewardCurves
from analysis.rules.rft.unstable_variance import unstable_variance
from analysis.run import run_from_frame
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    by_default_and_moved,
    exact_curve,
    exact_rewards,
    judged,
    level,
    line,
    table,
    value_of,
)
from tests.builders import make_frame

MANY, FEW = 30_000, 90  # steps: with many of them the growth is known to about a per cent


def scattered(early: float, late: float, shape=None, *, n_steps: int = MANY, span: float = 1.0):
    """Return readings that jump to and fro about a curve, by one size early and another late."""
    steps = np.arange(1, n_steps + 1)
    size = np.where(steps <= n_steps // 2, early, late)
    shape = level(0.5 * span) if shape is None else shape
    values = shape(steps / n_steps) + size * np.where(steps % 2, 1.0, -1.0)
    return _of(values, shape, span)


def _of(values: np.ndarray, shape, span: float = 1.0) -> RewardCurves:
    frame = make_frame(train_mean_reward=values)
    train = exact_curve(shape, "train_mean_reward", frame["step"], values, last_step=len(values))
    run = run_from_frame(frame, method="rft")
    return RewardCurves(run=run, train=train, valid=None, tokens=None, range=span)


RISING = line((1 / 3, 0.1), (2 / 3, 0.5))  # sqrt(R (1 - R)) grows from 0.3 to 0.5


@by_default_and_moved
@table(
    ("a little over the limit", lambda t: scattered(0.01, 0.0102 * t.variance_growth), WARN),
    ("just the limit", lambda t: scattered(0.01, 0.01 * t.variance_growth), TOO_LITTLE),
    ("a little under the limit", lambda t: scattered(0.01, 0.0098 * t.variance_growth), PASS),
    ("shrinks", lambda _: scattered(0.05, 0.01), PASS),
    (
        "a little over what the level explains",
        lambda t: scattered(0.003, 0.0051 * t.variance_growth, RISING),
        WARN,
    ),
    (
        "a little under what the level explains",
        lambda t: scattered(0.003, 0.0049 * t.variance_growth, RISING),
        PASS,
    ),
    (
        "a little over what the level of a wider range explains",
        lambda t: scattered(0.03, 0.051 * t.variance_growth, lambda p: 10 * RISING(p), span=10.0),
        WARN,
    ),
    (
        "a little under what the level of a wider range explains",
        lambda t: scattered(0.03, 0.049 * t.variance_growth, lambda p: 10 * RISING(p), span=10.0),
        PASS,
    ),
    (
        "over the limit, but with few steps",
        lambda t: scattered(0.01, 0.0102 * t.variance_growth, n_steps=FEW),
        TOO_LITTLE,
    ),
    ("far over the limit with few steps", lambda _: scattered(0.01, 0.1, n_steps=FEW), WARN),
    ("seven steps", lambda _: scattered(0.01, 0.1, n_steps=7), TOO_LITTLE),
    ("training reward never logged", lambda _: exact_rewards(valid=level(0.5)), NEVER),
)
def test_variance_is_unstable_when_the_scatter_grows_beyond_the_limit(build, status, thresholds):
    assert judged(unstable_variance, build(thresholds), thresholds).status is status


def test_the_limit_is_185_hundredths():
    assert GOLDILOCKS.variance_growth == 1.85


def test_a_single_wild_reading_is_no_growth_of_the_scatter():
    values = 0.5 + 0.01 * np.where(np.arange(FEW) % 2, 1.0, -1.0)
    values[80] = 1.0
    assert judged(unstable_variance, _of(values, level(0.5))).status is PASS


def test_the_middle_third_does_not_count():
    values = 0.5 + 0.01 * np.where(np.arange(FEW) % 2, 1.0, -1.0)
    values[30:60] = 0.5 + 0.3 * np.where(np.arange(30) % 2, 1.0, -1.0)
    verdict = judged(unstable_variance, _of(values, level(0.5)))
    assert verdict.status is PASS
    assert value_of(verdict, "spread_growth") == pytest.approx(1.0, rel=0.1)


def test_the_growth_is_the_evidence_and_the_last_third_is_meant():
    verdict = judged(unstable_variance, scattered(0.01, 0.04))
    assert value_of(verdict, "spread_growth") == pytest.approx(4.0, rel=0.01)
    assert verdict.steps == (2 * MANY // 3, MANY)


def test_too_few_rewards_in_a_third_are_said_to_be_too_few():
    verdict = judged(unstable_variance, scattered(0.1, 0.1, n_steps=8))
    assert verdict.status is TOO_LITTLE
    assert verdict.probability is None
    assert judged(unstable_variance, scattered(0.1, 0.1, n_steps=9)).probability is not None


def graded(shape, n_steps: int = 600, n_answers: int = 64) -> RewardCurves:
    """Return mean rewards of answers that are right or wrong: their scatter is all the level's."""
    shares = np.arange(1, n_steps + 1) / n_steps
    right = np.random.default_rng(0).binomial(n_answers, shape(shares))
    return _of(right / n_answers, shape)


@pytest.mark.parametrize("start", [0.02, 0.05, 0.2])
def test_rewards_that_take_off_from_near_nothing_are_not_unstable(start):
    verdict = judged(unstable_variance, graded(line((1 / 3, start), (2 / 3, 0.5))))
    assert verdict.status is PASS
    assert value_of(verdict, "spread_growth") == pytest.approx(1.0, abs=0.35)


@pytest.mark.parametrize(("start", "status"), [(0.009, TOO_LITTLE), (0.011, PASS)])
@pytest.mark.parametrize("sign", [1, -1])
def test_from_next_to_nothing_the_scatter_has_no_measure(start, status, sign):
    shape = line((1 / 3, sign * start), (2 / 3, sign * 0.5))
    assert judged(unstable_variance, scattered(0.001, 0.001, shape)).status is status


def test_rewards_near_nothing_that_do_scatter_more_are_found():
    shape = level(0.02)
    assert judged(unstable_variance, scattered(0.002, 0.01, shape)).status is WARN
