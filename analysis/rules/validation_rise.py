"""Validation rise: the harm done, told apart from the gap to training loss."""

import numpy as np

from analysis.curve.curves import Curve, Curves
from analysis.curve.quantities import rise, train_rise
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "validation_rise"
SOURCE = "Prechelt (1998), 'Early Stopping - But When?', criterion GL; Microsoft fine-tuning skill"
ADVICE = ("Deploy an earlier checkpoint: the recommendation names it",)


def validation_rise(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether the last checkpoint is worse than the best one.

    It holds when validation ends above its best by ``rise_harmful`` or more and training did not
    rise with it. The label is the band of the rise: mild, moderate or severe.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    above = rise(valid)
    holds = above >= thresholds.rise_harmful
    if isinstance(train, Curve):
        holds = holds & (train_rise(train) <= thresholds.divergence_train)
    probability = float(holds.mean())
    middle = float(np.median(above))
    label = _band(middle, thresholds)
    bad = Status.WARN if label == "mild" else Status.FAIL
    status = status_of(probability, bad, thresholds)
    turn = int(np.median(valid.step_of_least()))
    statements = {
        bad: f"Validation loss is best near step {turn} and ends {middle:.1%} above that.",
        Status.PASS: "Validation loss ends at or near its best.",
        Status.INSUFFICIENT_DATA: "Validation loss may have turned up: too noisy to say.",
    }
    risen = status is bad
    normal = f"under {thresholds.rise_harmful:.0%}"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        label=label if risen else None,
        probability=probability,
        evidence=(
            measured("valid_rise", above, "Validation loss above its best", normal, as_share=True),
        ),
        steps=(turn, curves.run.last_step) if risen else (),
        advice=ADVICE if risen else (),
        flips=f"validation loss crosses {thresholds.rise_harmful:.0%} above its best",
        source=SOURCE,
        holds=holds,
    )


def _band(above: float, thresholds: Thresholds) -> str:
    if above > thresholds.rise_severe:
        return "severe"
    return "moderate" if above > thresholds.rise_moderate else "mild"
