"""What must have been logged before a rule on losses can judge."""

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking
from analysis.thresholds import Thresholds
from analysis.verdict import Status

ADD_VALIDATION = "Add a validation file to the job: without one nothing can be called healthy"
MORE_READINGS = "Train longer, or log and evaluate more often"


def train_of(curves: LossCurves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the training curve, or what is lacking for one that can be judged."""
    train = curves.train
    if train is None:
        statement, advice = "Training loss was never logged.", "Log the training loss"
        return Lacking(Status.NOT_APPLICABLE, statement, advice)
    return _judged(train, "Training loss", thresholds.min_train_readings)


def valid_of(curves: LossCurves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the validation curve, or what is lacking for one that can be judged."""
    valid = curves.valid
    if valid is None:
        statement = "Validation loss was never logged."
        return Lacking(Status.NOT_APPLICABLE, statement, ADD_VALIDATION)
    return _judged(valid, "Validation loss", needed_valid(valid, thresholds))


def accuracy_of(curves: LossCurves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the curve of validation token accuracy, or what is lacking for one to be judged."""
    accuracy = curves.accuracy
    if accuracy is None:
        statement = "Validation token accuracy was never logged."
        return Lacking(Status.NOT_APPLICABLE, statement, "Log token accuracy")
    return _judged(accuracy, "Validation token accuracy", needed_valid(accuracy, thresholds))


def both_of(curves: LossCurves, thresholds: Thresholds) -> tuple[Curve, Curve] | Lacking:
    """Return the training and the validation curve, or what is lacking of either."""
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid
    if isinstance(train, Lacking):
        return train
    return train, valid


def train_from_start(curves: LossCurves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the training curve where it reaches back to the start, or what is lacking."""
    train = train_of(curves, thresholds)
    return train if isinstance(train, Lacking) else beginning_lacks(train) or train


def both_from_start(curves: LossCurves, thresholds: Thresholds) -> tuple[Curve, Curve] | Lacking:
    """Return both curves where they reach back to the start, or what is lacking."""
    both = both_of(curves, thresholds)
    return both if isinstance(both, Lacking) else beginning_lacks(both[0]) or both


def needed_valid(valid: Curve, thresholds: Thresholds) -> int:
    """Return how many readings this kind of validation needs: a full pass tells more."""
    is_full = valid.column.startswith("full_")
    return thresholds.min_full_readings if is_full else thresholds.min_valid_readings


def _judged(curve: Curve, name: str, needed: int) -> Curve | Lacking:
    found = len(curve.readings)
    if found >= needed:
        return curve
    statement = f"{name} was logged at {found} of the {needed} steps needed to judge it."
    return Lacking(Status.INSUFFICIENT_DATA, statement, MORE_READINGS)
