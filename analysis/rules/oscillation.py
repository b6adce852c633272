"""Oscillation: the underlying validation curve swings up and down."""

import numpy as np

from analysis.curve.curves import Curve, Curves
from analysis.curve.quantities import reversals
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "oscillation"
SOURCE = "Microsoft fine-tuning skill, training curves: validation loss oscillates"
ADVICE = (
    "Use a larger batch",
    "Audit the data: groups of very different examples in a row make the loss swing",
    "Lower the learning rate",
)
MANY, SOME, WITH_TRAIN = 5, 2, 4  # reversals: of validation alone, and of both together


def oscillation(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether the curve itself swings; a cycle of validation batches is folded beforehand.

    It holds with five reversals of validation larger than ``swing_valid``, or two with four of
    training larger than ``swing_train``.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    swings = reversals(valid, thresholds.swing_valid)
    holds = swings >= MANY
    evidence = [measured("valid_reversals", swings, "Reversals of validation loss", "under 2")]
    if isinstance(train, Curve):
        beside = reversals(train, thresholds.swing_train)
        holds = holds | ((swings >= SOME) & (beside >= WITH_TRAIN))
        evidence.append(
            measured("train_reversals", beside, "Reversals of training loss", "under 4")
        )
    probability = float(np.mean(holds))
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "Validation loss swings up and down beyond its noise.",
        Status.PASS: "Validation loss does not swing beyond its noise.",
        Status.INSUFFICIENT_DATA: "Validation loss may be swinging: too few readings to say.",
    }
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=tuple(evidence),
        steps=(int(valid.readings.steps[0]), curves.run.last_step)
        if status is Status.WARN
        else (),
        advice=ADVICE if status is Status.WARN else (),
        flips=f"the swings cross {thresholds.swing_valid:.1%} of the level",
        source=SOURCE,
        holds=holds,
    )
