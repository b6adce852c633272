"""Below the base: no evaluated checkpoint beats the model validated at step 1."""

import numpy as np
import pytest

from analysis.curve.curve import N_DRAWS
from analysis.rules.rft.below_base import below_base, gain_over_base
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    FAIL,
    HALF,
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
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

BASE = 0.5


def later(by: float):
    """Return a validation reward that leaves the base's level by so much, right after step 1."""
    return line((0.025, BASE), (0.1, BASE + by))


def lucky_in_turns(shares: np.ndarray) -> np.ndarray:
    """Return draws that each beat the base at one of four steps, and lie below it elsewhere."""
    peaks = np.array([0.2, 0.4, 0.6, 0.8])[np.arange(N_DRAWS) % 4][:, None]
    distance = np.abs(np.asarray(shares)[None, :] - peaks)
    bump = np.maximum(0.4 - 10 * distance, 0.0)
    return BASE - np.where(np.asarray(shares) > 0.05, 0.3, 0.0) + bump


@by_default_and_moved
@table(
    ("just below the base", lambda _: exact_rewards(valid=later(-NEAR)), FAIL),
    ("just above the base", lambda _: exact_rewards(valid=later(NEAR)), PASS),
    ("the very same", lambda _: exact_rewards(valid=level(0.0)), FAIL),
    (
        "above it once, at an evaluated step",
        lambda _: exact_rewards(valid=line((0.1, BASE), (0.2, 0.7), (0.3, 0.2))),
        PASS,
    ),
    (
        "above it only between the evaluated steps",
        lambda _: exact_rewards(
            valid=line((0.2, 0.4), (0.25, 0.9), (0.3, 0.4)), valid_steps=(1, 50, 100)
        ),
        FAIL,
    ),
    (
        "each curve above it at a place of its own, by luck",
        lambda _: exact_rewards(valid=lucky_in_turns),
        FAIL,
    ),
    ("training reward above it", lambda _: exact_rewards(later(0.4), later(-0.1)), FAIL),
    (
        "in half of the curves",
        lambda _: exact_rewards(valid=mixed(HALF, later(-0.1), later(0.1))),
        TOO_LITTLE,
    ),
    ("one validation", lambda _: exact_rewards(valid=later(-0.1), valid_steps=(50,)), TOO_LITTLE),
    ("two validations", lambda _: exact_rewards(valid=later(-0.1), valid_steps=(1, 50)), FAIL),
    ("base never validated", lambda _: exact_rewards(valid=later(-0.1), valid_steps=(9, 50)), FAIL),
    ("validation never logged", lambda _: exact_rewards(later(-0.1)), NEVER),
)
def test_a_run_is_below_its_base_when_its_best_checkpoint_is(build, status, thresholds):
    assert judged(below_base, build(thresholds), thresholds).status is status


def test_the_gain_of_the_best_step_is_the_evidence_and_the_whole_run_is_meant():
    curves = exact_rewards(valid=line((0.025, BASE), (0.2, 0.4), (0.6, 0.45), (1.0, 0.1)))
    verdict = judged(below_base, curves, GOLDILOCKS)
    assert value_of(verdict, "gain_over_base") == pytest.approx(-0.05)
    assert verdict.steps == (1, 100)


def test_the_gain_is_taken_in_every_curve_at_the_step_that_is_best_on_average():
    steady = line((0.025, BASE), (0.6, 0.6), (0.8, 0.7), (1.0, 0.6))
    lucky = line((0.025, BASE), (0.6, 0.9), (0.8, 0.6), (1.0, 0.6))
    gain = gain_over_base(exact_rewards(valid=mixed(32, lucky, steady)).valid)
    assert gain[:32] == pytest.approx(0.1)
    assert gain[32:] == pytest.approx(0.2)


def test_a_file_that_begins_late_does_not_show_the_base_model():
    verdict = judged(below_base, begun_late(exact_rewards(level(0.5), level(0.5))))
    assert verdict.status is TOO_LITTLE
    assert "begins at step 20 of 100" in verdict.statement
