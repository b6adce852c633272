"""Series the RFT view draws beside the logged ones: what follows from several of them."""

import numpy as np
import pandas as pd

from analysis.curve.curve import Curve
from analysis.curve.readings import Readings
from analysis.curve.rewards import RewardCurves
from analysis.schema import STEP

GAP, UNGRADED = "reward_gap", "ungraded_share"
WATCH, STOP = 0.05, 0.10  # gaps of reward: Microsoft fine-tuning skill, its page on reward hacking


def with_reward_series(frame: pd.DataFrame, gap: Curve | None) -> pd.DataFrame:
    """Return a copy of the frame with the gap and the share of ungraded rollouts, where known."""
    added = {}
    if "rollout_completion_rate" in frame:
        added[UNGRADED] = 1.0 - frame["rollout_completion_rate"]
    if gap is not None:
        values = pd.Series(gap.readings.values, index=gap.readings.steps)
        added[GAP] = frame[STEP].map(values)
    return frame.assign(**added)


def gap_curve(curves: RewardCurves) -> Curve | None:
    """Return training minus validation reward; None where one of them was never logged.

    Its readings are differences of what was logged at the same step; of training the reward over
    graded rollouts, where that can be had.
    """
    train, valid = curves.train, curves.valid
    if train is None or valid is None:
        return None
    steps, at_train, at_valid = np.intersect1d(
        train.readings.steps, valid.readings.steps, assume_unique=True, return_indices=True
    )
    if not len(steps):
        return None
    values = train.readings.values[at_train] - valid.readings.values[at_valid]
    return Curve(Readings(GAP, steps, values), train.draws - valid.draws, valid.last_step)


def growth_at(curve: Curve, step: int) -> float:
    """Return how many times its value at the start a curve has reached at a step; NaN from 0."""
    first = float(np.median(curve.mean(0.0, 0.03)))
    return float(curve.middle([step])[0]) / first if first > 0.0 else float("nan")
