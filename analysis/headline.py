"""The headline: one label for a run, the most probable over the compatible curves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.curve.bands import BANDS, overfit_bands
from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking
from analysis.rules.sft.preconditions import both_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Mask, Status, Verdict, rounded
from analysis.wording import words

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


# What each label says, and how it is to be taken. From the first to the last: a compatible curve
# gets the first label that holds in it.
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
FAMILIES: tuple[tuple[str, ...], ...] = (
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
MEMORISING = "The model memorises its examples; that has cost validation little or nothing."


def loss_headline(
    curves: LossCurves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Headline:
    """Return the most probable label, or ``unclear`` where the truth is that none is likely.

    Divergence shows on training loss alone. Nothing else may be said of a run without validation
    but ``no_validation``: its statement carries what the training curve shows. A run without
    training loss is ``unclear`` for the same reason, and so is one that looks healthy in a file
    that begins late.
    """
    diverged = verdicts["divergence"]
    judged = not isinstance(valid_of(curves, thresholds), Lacking)
    if diverged.status is Status.FAIL and not judged:
        sure = diverged.probability or 0.0
        return Headline("divergence", diverged.statement, sure, Status.FAIL)
    if curves.valid is None:
        return _unvalidated(verdicts)
    if verdicts["too_short"].found and diverged.status is not Status.FAIL:
        statement = verdicts["too_short"].statement
        return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)
    if curves.train is None and diverged.status is not Status.FAIL:
        return _untrained(verdicts)
    headline = most_probable(label_shares(curves, verdicts, thresholds), verdicts)
    unseen = beginning_lacks(curves.valid)
    if headline.label != HEALTHY or unseen is None:
        return headline
    statement = f"{unseen.statement} In the part that was, nothing is wrong."
    return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)


def label_shares(
    curves: LossCurves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> dict[str, float]:
    """Return the share of the compatible curves in which each label is the first that holds."""
    holds = {
        "divergence": _holds(verdicts["divergence"]),
        "crash_zero": _holds(verdicts["crash_zero"]),
        "oscillation": _holds(verdicts["oscillation"]),
        "gap_from_start": _holds(verdicts["gap_from_start"]),
        "both_high": _holds(verdicts["both_high"]),
        "underfit": _holds(verdicts["underfit"]),
        "plateau_early": _holds(verdicts["plateau_early"]),
        HEALTHY: np.ones(N_DRAWS, dtype=np.bool_),
        **_overfit(curves, thresholds),
    }
    shares, left = {}, np.ones(N_DRAWS, dtype=np.bool_)
    for label in STATUS:
        shares[label] = float((left & holds[label]).mean())
        left &= ~holds[label]
    return shares


def most_probable(shares: Mapping[str, float], verdicts: Mapping[str, Verdict]) -> Headline:
    """Return the leading family's leading label: first what kind of run it is, then how much."""
    families = {family: sum(shares[label] for label in family) for family in FAMILIES}
    leader = max(families, key=lambda family: families[family])
    label = max(leader, key=lambda name: shares[name])
    if families[leader] < (CLEAR_SHARE if HEALTHY in leader else ALARM_SHARE):
        return undecided(shares)
    return Headline(label, _statement(label, verdicts), shares[label], STATUS[label])


def undecided(shares: Mapping[str, float]) -> Headline:
    """Return the headline of a run for which no label is likely enough."""
    first, second = sorted(shares, key=lambda name: -shares[name])[:2]
    statement = (
        f"Between {words(first)} ({shares[first]:.0%}) and "
        f"{words(second)} ({shares[second]:.0%}): too noisy to decide."
    )
    return Headline(UNCLEAR, statement, 1.0 - shares[first], Status.INSUFFICIENT_DATA)


def _overfit(curves: LossCurves, thresholds: Thresholds) -> dict[str, Mask]:
    both = both_of(curves, thresholds)
    if isinstance(both, Lacking):
        bands = np.zeros(N_DRAWS, dtype=np.int64)
    else:
        bands = overfit_bands(*both, curves.run, thresholds)
    return {f"overfit_{name}": bands == band for band, name in enumerate(BANDS) if band}


def _holds(verdict: Verdict) -> Mask:
    return np.zeros(N_DRAWS, dtype=np.bool_) if verdict.holds is None else verdict.holds


def _unvalidated(verdicts: Mapping[str, Verdict]) -> Headline:
    telling: Sequence[str] = ("crash_zero", "underfit", "epoch_staircase", "too_short")
    seen = " ".join(verdicts[rule].statement for rule in telling if verdicts[rule].found)
    statement = f"No validation data: whether the model generalises is unknown. {seen}".strip()
    return Headline("no_validation", statement, 1.0, Status.WARN)


def _untrained(verdicts: Mapping[str, Verdict]) -> Headline:
    telling: Sequence[str] = ("validation_rise", "oscillation", "still_improving")
    seen = " ".join(verdicts[rule].statement for rule in telling if verdicts[rule].found)
    statement = f"Training loss was never logged: what the model learned is unknown. {seen}".strip()
    return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)


def _statement(label: str, verdicts: Mapping[str, Verdict]) -> str:
    """Return the label in one plain sentence; the numbers are the verdicts' business."""
    if label.startswith("overfit_"):
        return MEMORISING if verdicts["overfitting"].label == "memorising" else PLAIN[label]
    return PLAIN.get(label) or verdicts[label].statement
