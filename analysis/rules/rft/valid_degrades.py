"""Validation degrades: its reward falls while training holds."""

import numpy as np

from analysis.curve.reward_quantities import fall_from_peak, train_fall_since_valid_peak
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import both_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="valid_degrades",
    source="AWS Nova RFT guide: stop when validation degrades",
    good="Validation reward holds.",
    close="Validation reward may be falling: too noisy to say.",
    advice=(
        "Deploy the checkpoint at the peak of validation reward",
        "Add prompts: the model is overfitting to these",
    ),
)


def valid_degrades(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation reward fell from its peak while training reward did not."""
    both = both_of(curves)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    train, valid = both
    fall, beside = fall_from_peak(valid), train_fall_since_valid_peak(train, valid)
    limit = thresholds.reward_valid_fall * curves.range
    peak = valid.step_of_greatest()
    fell, held = fall > limit, beside < thresholds.reward_train_fall * curves.range
    lost = f"Validation reward ends {float(np.median(fall)):.2g} below its peak"
    return CARD.judge(
        fell & held,
        thresholds,
        bad=f"Validation reward fell after its peak near step {peak:,} while training reward held.",
        evidence=(
            measured("valid_fall", fall, "Validation reward below its peak", f"under {limit:g}"),
            measured("train_fall", beside, "Training reward below its level then"),
        ),
        steps=(peak, curves.run.last_step),
        flips=f"the fall crosses {limit:g}",
        excluded=[(fell & ~held, f"{lost}, but training reward fell with it: no overfitting.")],
    )
