"""Still improving: reward was rising when training stopped."""

import numpy as np

from analysis.curve.reward_quantities import late_rise
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="still_improving",
    source="Protean AI, balancing model performance: more training helps while it improves",
    good="Reward had levelled off by the end.",
    close="Reward may still have been rising: too noisy to say.",
    advice=("Train for more steps: reward has not levelled off",),
)


def still_improving(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether reward rose by ``reward_climb`` over the last fifth, validation's where known.

    Training reward rises while validation does not where prompts are memorised; so it counts only
    where nothing was validated.
    """
    reward = valid_of(curves) if curves.valid is not None else train_of(curves)
    if isinstance(reward, Lacking):
        return CARD.lacking(reward)
    rise = late_rise(reward)
    limit = thresholds.reward_climb * curves.range
    name = "Validation reward" if curves.valid is not None else "Training reward"
    return CARD.judge(
        np.asarray(rise > limit),
        thresholds,
        bad=f"{name} was still rising when training stopped.",
        evidence=(measured("late_rise", rise, "Rise over the last fifth", f"under {limit:g}"),),
        steps=(reward.step_at(0.8), curves.run.last_step),
        flips=f"the rise over the last fifth crosses {limit:g}",
    )
