"""Low positive share: hardly an example earns a positive reward."""

import numpy as np
import pytest

from analysis.rules.rft.low_positive_share import low_positive_share
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    NEAR,
    NEVER,
    PASS,
    WARN,
    by_default_and_moved,
    exact_rewards,
    judged,
    logging,
    table,
    value_of,
)


def sharing(share):
    """Return a run that logged this share of positive rewards."""
    return exact_rewards(run=logging(positive_reward_share=share))


def uneven(mean: float):
    """Return shares with this mean: none in the first half, some in the second."""
    return np.where(np.arange(100) < 50, 0.0, 2 * mean)


@by_default_and_moved
@table(
    ("just under the limit", lambda t: sharing(t.low_positive_share - NEAR), WARN),
    ("just over the limit", lambda t: sharing(t.low_positive_share + NEAR), PASS),
    ("just under it on average", lambda t: sharing(uneven(t.low_positive_share - NEAR)), WARN),
    ("just over it on average", lambda t: sharing(uneven(t.low_positive_share + NEAR)), PASS),
    ("none at all", lambda _: sharing(0.0), WARN),
    ("never logged", lambda _: exact_rewards(), NEVER),
)
def test_the_share_of_positive_rewards_is_low_below_its_limit(build, status, thresholds):
    assert judged(low_positive_share, build(thresholds), thresholds).status is status


def test_the_limit_is_five_per_cent():
    assert GOLDILOCKS.low_positive_share == 0.05


def test_the_mean_share_is_the_evidence_and_the_whole_run_is_meant():
    verdict = judged(low_positive_share, sharing(uneven(0.03)))
    assert value_of(verdict, "positive_share") == pytest.approx(0.03)
    assert "3.0%" in verdict.statement
    assert verdict.steps == (1, 100)
