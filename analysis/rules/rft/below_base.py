"""Below the base: no checkpoint beats the model it started from."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="below_base",
    source="Goldilocks: in a fifth of runs with known truth no checkpoint beats the base model",
    good="The best checkpoint beats the base model on validation reward.",
    close="Whether any checkpoint beats the base model is too close to call.",
    advice=("Deploy none of these: keep the base model, and change the grader or the data",),
)
BASE_STEP = 1


def below_base(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation reward at the best place lies below that of the base model.

    The best place is that of the mean curve, so that no draw picks its own lucky peak. The base
    model is what was validated at step 1, or what the curves say of that step.
    """
    valid = valid_of(curves)
    if isinstance(valid, Lacking):
        return CARD.lacking(valid)
    unseen = beginning_lacks(valid)
    if unseen is not None:
        return CARD.lacking(unseen)
    gain = gain_over_base(valid)
    return CARD.judge(
        gain <= 0.0,
        thresholds,
        bad="No checkpoint beats the base model on validation reward.",
        evidence=(measured("gain_over_base", gain, "Best checkpoint over base model", "over 0"),),
        steps=(BASE_STEP, curves.run.last_step),
        flips="validation reward rises above that of step 1",
        grave=Status.FAIL,
    )


def gain_over_base(valid: Curve) -> NDArray[np.float64]:
    """Return validation reward at its best evaluated step over that of the base model."""
    steps = valid.readings.steps[valid.readings.steps > BASE_STEP]
    steps = steps if len(steps) else valid.readings.steps
    levels = valid.at(steps)
    best = int(levels.mean(axis=0).argmax())
    return np.asarray(levels[:, best] - valid.at([BASE_STEP])[:, 0])
