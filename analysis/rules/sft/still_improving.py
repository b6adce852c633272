"""Still improving: validation loss was falling when training stopped."""

import numpy as np

from analysis.curve.bands import overfit_bands
from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import late_drop
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="still_improving",
    source="Protean AI, balancing model performance: more training helps while losses fall",
    good="Validation loss had levelled off by the end.",
    close="Validation loss may still have been falling: too noisy to say.",
    advice=("Train for more epochs: each one still lowers validation loss",),
)

OVERFIT = "Validation loss was still falling, but its gap to training loss says overfitting."


def still_improving(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation fell by ``still_improving`` over the last fifth, not overfitted."""
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return CARD.lacking(valid)
    drop = late_drop(valid)
    falling = drop > thresholds.still_improving
    overfit = np.zeros_like(falling)
    if isinstance(train, Curve):
        overfit = overfit_bands(train, valid, curves.run, thresholds) > 0
    normal = f"under {thresholds.still_improving:.1%}"
    return CARD.judge(
        falling & ~overfit,
        thresholds,
        bad="Validation loss was still falling when training stopped.",
        evidence=(measured("late_drop", drop, "Fall over the last fifth", normal, as_share=True),),
        steps=(valid.step_at(0.8), curves.run.last_step),
        flips=f"the fall over the last fifth crosses {thresholds.still_improving:.1%}",
        excluded=[(falling & overfit, OVERFIT)],
    )
