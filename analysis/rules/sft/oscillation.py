"""Oscillation: the underlying validation curve swings up and down."""

import numpy as np

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import reversals
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="oscillation",
    source="Microsoft fine-tuning skill, training curves: validation loss oscillates",
    good="Validation loss does not swing beyond its noise.",
    close="Validation loss may be swinging: too few readings to say.",
    advice=(
        "Use a larger batch",
        "Audit the data: groups of very different examples in a row make the loss swing",
        "Lower the learning rate",
    ),
)
MANY, SOME, WITH_TRAIN = 5, 2, 4  # reversals: of validation alone, and of both together


def oscillation(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the curve itself swings; a cycle of validation batches is folded beforehand.

    It holds with five reversals of validation larger than ``swing_valid``, or two with four of
    training larger than ``swing_train``.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return CARD.lacking(valid)
    swings = reversals(valid, thresholds.swing_valid)
    holds = swings >= MANY
    evidence = [measured("valid_reversals", swings, "Reversals of validation loss", "under 2")]
    if isinstance(train, Curve):
        beside = reversals(train, thresholds.swing_train)
        holds = holds | ((swings >= SOME) & (beside >= WITH_TRAIN))
        label = "Reversals of training loss"
        evidence.append(measured("train_reversals", beside, label, "under 4"))
    turned = f"Validation loss turned {float(np.median(swings)):.0f} times"
    return CARD.judge(
        holds,
        thresholds,
        bad="Validation loss swings up and down beyond its noise.",
        evidence=tuple(evidence),
        steps=(int(valid.readings.steps[0]), curves.run.last_step),
        flips=f"the swings cross {thresholds.swing_valid:.1%} of the level",
        excluded=[((swings >= SOME) & ~holds, f"{turned}: too few, with training calm, to swing.")],
    )
