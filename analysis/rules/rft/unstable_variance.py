"""Unstable variance: rewards scatter more and more."""

import numpy as np

from analysis.curve.reward_quantities import early_size, readings_in_thirds, spread_growth
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import MORE, train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="unstable_variance",
    source="AWS Nova RFT guide: growing variance is concerning",
    good="The scatter of rewards does not grow.",
    close="The scatter of rewards may be growing: too few steps to say.",
    advice=(
        "Lower the learning rate",
        "More generations a prompt, or a larger batch",
    ),
)
MIN_READINGS = 3  # in a third of the run, to speak of a scatter; our choice
TOO_FEW = Lacking(
    Status.INSUFFICIENT_DATA,
    f"The first or the last third of the run has under {MIN_READINGS} training rewards.",
    MORE,
)

NOTHING = 0.01  # of the range: rewards of less scatter too little to compare with; our choice
NO_SCATTER = Lacking(
    Status.INSUFFICIENT_DATA,
    "Rewards were next to nothing in the first third, where their scatter has no measure.",
    "Look at the rewards themselves: they are bound to scatter more as they rise",
)


def unstable_variance(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the scatter in the last third exceeds that in the first.

    Net of what the level explains: rewards scatter more around one half than near 0 or 1, and near
    0 so little that a first third there says nothing. The
    thirds are those of the logged part where the file begins late.
    """
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    if min(readings_in_thirds(train)) < MIN_READINGS:
        return CARD.lacking(TOO_FEW)
    if early_size(train) < NOTHING * curves.range:
        return CARD.lacking(NO_SCATTER)
    times = spread_growth(train, curves.range)
    return CARD.judge(
        times >= thresholds.variance_growth,
        thresholds,
        bad=f"Rewards scatter {float(np.median(times)):.2g} times as much as in the first third.",
        evidence=(
            measured(
                "spread_growth",
                times,
                "Scatter, last third over first",
                f"under {thresholds.variance_growth:g} times",
            ),
        ),
        steps=(train.step_at(2 / 3), curves.run.last_step),
        flips=f"the growth of the scatter crosses {thresholds.variance_growth:g} times",
    )
