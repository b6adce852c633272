"""What must have been logged before a rule on rewards can judge."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking
from analysis.verdict import Status

MIN_STEPS = 8  # steps of training reward from which its course can be judged; our choice
MIN_VALIDATIONS = 2
MORE = "Let the run go on, or evaluate more often"


def train_of(curves: RewardCurves) -> Curve | Lacking:
    """Return the curve of training reward, or what is lacking for one that can be judged."""
    train = curves.train
    if train is None:
        statement = "Training reward was never logged."
        return Lacking(Status.NOT_APPLICABLE, statement, "Log train_mean_reward")
    if len(train.readings) < MIN_STEPS:
        statement = f"Training reward was logged at {len(train.readings)} of {MIN_STEPS} steps."
        return Lacking(Status.INSUFFICIENT_DATA, statement, MORE)
    return train


def valid_of(curves: RewardCurves) -> Curve | Lacking:
    """Return the curve of validation reward, or what is lacking for one that can be judged."""
    valid = curves.valid
    if valid is None:
        statement = "Validation reward was never logged."
        return Lacking(Status.NOT_APPLICABLE, statement, "Add a validation file to the job")
    if len(valid.readings) < MIN_VALIDATIONS:
        statement = "Validation reward was logged only once."
        return Lacking(Status.INSUFFICIENT_DATA, statement, MORE)
    return valid


def both_of(curves: RewardCurves) -> tuple[Curve, Curve] | Lacking:
    """Return the curves of training and validation reward, or what is lacking of either."""
    train, valid = train_of(curves), valid_of(curves)
    if isinstance(train, Lacking):
        return train
    if isinstance(valid, Lacking):
        return valid
    return train, valid


def train_from_start(curves: RewardCurves) -> Curve | Lacking:
    """Return the training curve where it reaches back to the start, or what is lacking."""
    train = train_of(curves)
    return train if isinstance(train, Lacking) else beginning_lacks(train) or train


def logged(curves: RewardCurves, column: str) -> NDArray[np.float64] | None:
    """Return the finite values of a column; None when it was never logged."""
    if column not in curves.run.frame:
        return None
    values = curves.run.frame[column].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    return values if len(values) else None


def span_of(curves: RewardCurves) -> tuple[int, int]:
    """Return the first and the last step of the run."""
    return int(curves.run.frame["step"].iloc[0]), curves.run.last_step
