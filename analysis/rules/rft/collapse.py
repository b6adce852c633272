"""Collapse: reward was reached and lost again."""

import numpy as np

from analysis.curve.reward_quantities import fall_from_peak
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="collapse",
    source="AWS Nova RFT guide: stop when the reward collapses",
    good="Reward has not collapsed.",
    close="Reward may be collapsing: too noisy to say.",
    advice=(
        "Stop the job and deploy the checkpoint at the peak",
        "Lower the learning rate; look whether answers hit the length cap",
    ),
)


def collapse(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training reward ends far below its peak."""
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    fall = fall_from_peak(train)
    height = train.greatest() - np.minimum(train.least(), 0.0)
    limit = np.maximum(
        thresholds.reward_collapse * curves.range, thresholds.reward_collapse_share * height
    )
    peak = train.step_of_greatest()
    some = fall > thresholds.reward_valid_fall * curves.range
    said = f"Reward ends {float(np.median(fall)):.2g} below its peak, which is short of a collapse."
    return CARD.judge(
        fall > limit,
        thresholds,
        bad=f"Reward collapsed after its peak near step {peak:,}.",
        evidence=(
            measured(
                "fall_from_peak",
                fall,
                "Reward below its peak",
                f"under {float(np.median(limit)):.2g}",
            ),
        ),
        steps=(peak, curves.run.last_step),
        flips=f"the fall from the peak crosses {float(np.median(limit)):.2g}",
        grave=Status.FAIL,
        excluded=[(some & (fall <= limit), said)],
    )
