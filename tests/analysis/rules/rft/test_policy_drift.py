"""Policy drift: entropy that collapses, and KL that runs away."""

import numpy as np
import pytest

from analysis.rules.rft.policy_drift import entropy_collapse, kl_drift
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    by_default_and_moved,
    exact_rewards,
    judged,
    logging,
    table,
    value_of,
)

STEPS = np.arange(100)


def of_entropy(values):
    return exact_rewards(run=logging(entropy=values))


def of_kl(values):
    return exact_rewards(run=logging(kl=values))


def ends(start: float, end: float, last: int = 10):
    """Return values at one level until the last few steps, and at another there."""
    return np.where(100 - last > STEPS, start, end)


def only(n_values: int, values):
    """Return the values with all but the first few blank."""
    return np.where(n_values > STEPS, values, np.nan)


def wild_at(values, *places: int):
    """Return the values with wild ones at some places."""
    wild = values.copy()
    wild[list(places)] = 1e6
    return wild


@by_default_and_moved
@table(
    ("just under the limit", lambda t: of_entropy(ends(2.0, 2 * t.entropy_collapse - NEAR)), WARN),
    ("just over the limit", lambda t: of_entropy(ends(2.0, 2 * t.entropy_collapse + NEAR)), PASS),
    ("little from the start", lambda _: of_entropy(ends(0.05, 0.001)), WARN),
    ("grows", lambda _: of_entropy(ends(2.0, 9.0)), PASS),
    ("none at the end", lambda _: of_entropy(ends(2.0, 0.0)), WARN),
    ("low before the last tenth only", lambda _: of_entropy(np.where(STEPS == 50, 0.0, 2.0)), PASS),
    ("low in half of the last tenth only", lambda _: of_entropy(ends(2.0, 0.0, last=4)), PASS),
    ("wild readings at the end", lambda _: of_entropy(wild_at(ends(2.0, 0.1), 95, 99)), WARN),
    ("wild readings at the start", lambda _: of_entropy(wild_at(ends(2.0, 1.9), 0, 3)), PASS),
    ("nine readings", lambda _: of_entropy(only(9, 2.0 - 0.2 * STEPS)), TOO_LITTLE),
    ("ten readings", lambda _: of_entropy(only(10, 2.0 - 0.2 * STEPS)), WARN),
    ("nothing to fall from", lambda _: of_entropy(ends(0.0, 0.0)), TOO_LITTLE),
    ("below nothing at the start", lambda _: of_entropy(ends(-1.0, -2.0)), TOO_LITTLE),
    ("never logged", lambda _: of_kl(1.0), NEVER),
)
def test_entropy_collapses_below_a_share_of_its_start(build, status, thresholds):
    assert judged(entropy_collapse, build(thresholds), thresholds).status is status


@by_default_and_moved
@table(
    ("just over the limit", lambda t: of_kl(ends(0.1, 0.1 * t.kl_growth + NEAR)), WARN),
    ("just under the limit", lambda t: of_kl(ends(0.1, 0.1 * t.kl_growth - NEAR)), PASS),
    ("shrinks", lambda _: of_kl(ends(0.1, 0.01)), PASS),
    ("high before the last tenth only", lambda _: of_kl(np.where(STEPS == 50, 9.0, 0.1)), PASS),
    ("wild readings at the end", lambda _: of_kl(wild_at(ends(0.1, 0.1), 95, 99)), PASS),
    ("wild readings at the start", lambda _: of_kl(wild_at(ends(0.1, 5.0), 0, 3)), WARN),
    (
        "low within the first fifth's first half only",
        lambda _: of_kl(np.where(STEPS < 9, 0.01, ends(1.0, 1.0))),
        PASS,
    ),
    ("nine readings", lambda _: of_kl(only(9, 10.0 ** STEPS.clip(max=9))), TOO_LITTLE),
    ("ten readings", lambda _: of_kl(only(10, 10.0 ** STEPS.clip(max=9))), WARN),
    ("none at first and some at the end", lambda _: of_kl(ends(0.0, 5.0)), TOO_LITTLE),
    ("below nothing at first", lambda _: of_kl(ends(-0.1, 5.0)), TOO_LITTLE),
    ("none at all", lambda _: of_kl(ends(0.0, 0.0)), PASS),
    ("the least at first", lambda _: of_kl(ends(1e-6, 5.0)), WARN),
    ("never logged", lambda _: of_entropy(1.0), NEVER),
)
def test_kl_drifts_beyond_a_multiple_of_its_early_median(build, status, thresholds):
    assert judged(kl_drift, build(thresholds), thresholds).status is status


def test_the_limits_are_a_fifth_of_the_entropy_and_ten_times_the_kl():
    assert (GOLDILOCKS.entropy_collapse, GOLDILOCKS.kl_growth) == (0.2, 10.0)


def test_the_ratios_are_the_evidence_and_the_whole_run_is_meant():
    entropy = judged(entropy_collapse, of_entropy(ends(2.0, 0.2)))
    assert value_of(entropy, "entropy_share") == pytest.approx(0.1)
    assert "10%" in entropy.statement
    kl = judged(kl_drift, of_kl(ends(0.1, 2.5)))
    assert value_of(kl, "kl_growth") == pytest.approx(25.0)
    assert "25 times" in kl.statement
    assert entropy.steps == kl.steps == (1, 100)


def test_a_start_that_has_no_multiples_is_told_with_its_end():
    statement = judged(kl_drift, of_kl(ends(0.0, 5.0))).statement
    assert "starts at 0 and ends at 5" in statement
