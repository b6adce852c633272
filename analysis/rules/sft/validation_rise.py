"""Validation rise: the harm done, told apart from the gap to training loss."""

import numpy as np

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import rise, train_rise
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="validation_rise",
    source="Prechelt (1998), 'Early Stopping - But When?', criterion GL; Microsoft's skill",
    good="Validation loss ends at or near its best.",
    close="Validation loss may have turned up: too noisy to say.",
    advice=("Deploy an earlier checkpoint: the recommendation names it",),
)
UNSEEN = 0.005  # a rise below this is not put into words; our choice


def validation_rise(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the last checkpoint is worse than the best one.

    It holds when validation ends above its best by ``rise_harmful`` or more. Where training rose
    with it far enough to have diverged, that says it all (``analysis.precedence``). The label is
    the band of the rise: mild, moderate or severe.
    """
    valid = valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return CARD.lacking(valid)
    above = rise(valid, curves.run)
    middle, turn = float(np.median(above)), valid.step_of_least()
    label, beside = _band(middle, thresholds), _beside(train_of(curves, thresholds), thresholds)
    normal = f"under {thresholds.rise_harmful:.0%}"
    return CARD.judge(
        above >= thresholds.rise_harmful,
        thresholds,
        bad=f"Validation loss is best near step {turn:,} and ends {middle:.1%} above that{beside}.",
        evidence=(
            measured("valid_rise", above, "Validation loss above its best", normal, as_share=True),
        ),
        steps=(turn, curves.run.last_step),
        flips=f"validation loss crosses {thresholds.rise_harmful:.0%} above its best",
        grave=Status.WARN if label == "mild" else Status.FAIL,
        label=label,
        excluded=[(above >= UNSEEN, _little(middle, thresholds))],
    )


def _beside(train: Curve | Lacking, thresholds: Thresholds) -> str:
    """Return what to add where training loss rose as well."""
    if isinstance(train, Lacking):
        return ""
    above = float(np.median(train_rise(train)))
    return f", and training loss {above:.0%}" if above > thresholds.divergence_train else ""


def _little(above: float, thresholds: Thresholds) -> str:
    return (
        f"Validation loss ends {above:.1%} above its best: under the {thresholds.rise_harmful:.0%} "
        "worth going back for."
    )


def _band(above: float, thresholds: Thresholds) -> str:
    if above > thresholds.rise_severe:
        return "severe"
    return "moderate" if above > thresholds.rise_moderate else "mild"
