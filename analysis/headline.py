"""The headline: one label for a run, the most probable over the compatible curves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.curve.bands import BANDS, overfit_bands
from analysis.curve.curves import N_DRAWS, Curves
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Mask, Status, Verdict, rounded

UNCLEAR, HEALTHY = "unclear", "healthy"
CLEAR_SHARE, ALARM_SHARE = 0.4, 0.5  # our choice: an alarm must be likelier than not


@dataclass(frozen=True)
class Headline:
    """One label for the run.

    Attributes
    ----------
    label : str
        One of the labels of the JSON contract.
    statement : str
        The label in one sentence.
    confidence : float
        Probability that the label is right; for ``unclear``, that no single label is.
    status : Status
        How it is to be taken.
    """

    label: str
    statement: str
    confidence: float
    status: Status

    def to_dict(self) -> dict[str, Any]:
        """Return the headline as in the JSON document."""
        return {
            "label": self.label,
            "statement": self.statement,
            "confidence": rounded(self.confidence),
        }


# From the first to the last: a compatible curve gets the first label that holds in it.
STATUS = {
    "divergence": Status.FAIL,
    "crash_zero": Status.WARN,
    "oscillation": Status.WARN,
    "gap_from_start": Status.WARN,
    "overfit_severe": Status.FAIL,
    "overfit_moderate": Status.FAIL,
    "overfit_mild": Status.WARN,
    "both_high": Status.WARN,
    "underfit": Status.WARN,
    "plateau_early": Status.WARN,
    HEALTHY: Status.PASS,
}
LABELS = tuple(STATUS)
FAMILIES = (
    ("divergence",),
    ("crash_zero",),
    ("oscillation",),
    ("gap_from_start",),
    ("overfit_severe", "overfit_moderate", "overfit_mild"),
    ("both_high", "underfit"),
    (HEALTHY, "plateau_early"),
)
PLAIN = {
    "overfit_severe": "Trained far too long: validation got clearly worse while training improved.",
    "overfit_moderate": "Trained too long: validation got worse while training still improved.",
    "overfit_mild": "Slightly overfit: validation lags behind training.",
    HEALTHY: "Healthy: training and validation loss fall together.",
}
MEMORISING = "The model memorises its examples; validation has not suffered so far."
OVERFIT = tuple(label for label in LABELS if label.startswith("overfit_"))


def headline_of(
    curves: Curves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Headline:
    """Return the most probable label, or ``unclear`` where the truth is that none is likely.

    Divergence shows on training loss alone. Nothing else may be said of a run without validation
    but ``no_validation``: its statement carries what the training curve shows.

    Parameters
    ----------
    curves : Curves
        The compatible curves.
    verdicts : mapping of str to Verdict
        The verdicts by rule.
    thresholds : Thresholds
        The thresholds the verdicts were given with.
    """
    diverged = verdicts["divergence"]
    if diverged.status is not Status.FAIL:
        if curves.valid is None:
            return _unvalidated(verdicts)
        if verdicts["too_short"].status is Status.WARN:
            statement = verdicts["too_short"].statement
            return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)
    elif curves.valid is None or isinstance(valid_of(curves, thresholds), Lacking):
        return Headline("divergence", diverged.statement, diverged.probability or 0.0, Status.FAIL)
    shares = label_shares(curves, verdicts, thresholds)
    return _most_probable(shares, verdicts)


def label_shares(
    curves: Curves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> dict[str, float]:
    """Return the share of the compatible curves in which each label is the first that holds."""
    labels = np.full(N_DRAWS, HEALTHY, dtype=object)
    found: list[tuple[str, Mask]] = [
        ("plateau_early", _holds(verdicts["plateau_early"])),
        ("underfit", _holds(verdicts["underfit"])),
        ("both_high", _holds(verdicts["both_high"])),
        *_overfit(curves, thresholds),
        ("gap_from_start", _holds(verdicts["gap_from_start"])),
        ("oscillation", _holds(verdicts["oscillation"])),
        ("crash_zero", _holds(verdicts["crash_zero"])),
        ("divergence", _holds(verdicts["divergence"])),
    ]
    for label, holds in found:
        labels[holds] = label
    return {label: float((labels == label).mean()) for label in LABELS}


def _overfit(curves: Curves, thresholds: Thresholds) -> list[tuple[str, Mask]]:
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(train, Lacking) or isinstance(valid, Lacking):
        return []
    bands = overfit_bands(train, valid, thresholds)
    return [(f"overfit_{BANDS[band]}", bands == band) for band in (1, 2, 3)]


def _holds(verdict: Verdict) -> Mask:
    return np.zeros(N_DRAWS, dtype=np.bool_) if verdict.holds is None else verdict.holds


def _unvalidated(verdicts: Mapping[str, Verdict]) -> Headline:
    telling = [verdicts[rule] for rule in ("crash_zero", "underfit", "too_short")]
    seen = " ".join(verdict.statement for verdict in telling if verdict.status is Status.WARN)
    statement = f"No validation data: whether the model generalises is unknown. {seen}".strip()
    return Headline("no_validation", statement, 1.0, Status.WARN)


def _most_probable(shares: Mapping[str, float], verdicts: Mapping[str, Verdict]) -> Headline:
    """Return the leading family's leading label: first what kind of run it is, then how much."""
    families = {family: sum(shares[label] for label in family) for family in FAMILIES}
    leader = max(families, key=lambda family: families[family])
    label = max(leader, key=lambda name: shares[name])
    if families[leader] < (CLEAR_SHARE if HEALTHY in leader else ALARM_SHARE):
        first, second = sorted(shares, key=lambda name: -shares[name])[:2]
        statement = (
            f"Between {words(first)} ({shares[first]:.0%}) and "
            f"{words(second)} ({shares[second]:.0%}): too noisy to decide."
        )
        return Headline(UNCLEAR, statement, 1.0 - shares[first], Status.INSUFFICIENT_DATA)
    return Headline(label, _statement(label, verdicts), shares[label], STATUS[label])


def _statement(label: str, verdicts: Mapping[str, Verdict]) -> str:
    """Return the label in one plain sentence; the numbers are the verdicts' business."""
    if label in OVERFIT:
        return MEMORISING if verdicts["overfitting"].label == "memorising" else PLAIN[label]
    return PLAIN.get(label) or verdicts[label].statement


def words(label: str) -> str:
    """Return a label in words."""
    return label.replace("_", " ")
