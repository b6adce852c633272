"""What must have been logged before a rule can judge."""

from dataclasses import dataclass

from analysis.curve.curves import Curve, Curves
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict

ADD_VALIDATION = "Add a validation file to the job: without one nothing can be called healthy"
MORE_READINGS = "Train longer, or log and evaluate more often"


@dataclass(frozen=True)
class Lacking:
    """Why a rule cannot judge.

    Attributes
    ----------
    status : Status
        NOT_APPLICABLE when never logged, INSUFFICIENT_DATA when logged too rarely.
    statement : str
        The reason in one sentence.
    advice : str
        What would let the rule judge.
    """

    status: Status
    statement: str
    advice: str

    def verdict(self, rule: str, source: str) -> Verdict:
        """Return the verdict of a rule that lacks this."""
        return Verdict(rule, self.status, self.statement, advice=(self.advice,), source=source)


def train_of(curves: Curves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the training curve, or what is lacking for one that can be judged."""
    train = curves.train
    if train is None:
        statement, advice = "Training loss was never logged.", "Log the training loss"
        return Lacking(Status.NOT_APPLICABLE, statement, advice)
    return _judged(train, "Training loss", thresholds.min_train_readings)


def valid_of(curves: Curves, thresholds: Thresholds) -> Curve | Lacking:
    """Return the validation curve, or what is lacking for one that can be judged."""
    valid = curves.valid
    if valid is None:
        statement = "Validation loss was never logged."
        return Lacking(Status.NOT_APPLICABLE, statement, ADD_VALIDATION)
    return _judged(valid, "Validation loss", needed_valid(valid, thresholds))


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
