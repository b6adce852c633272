"""Always negative: every answer loses points."""

import numpy as np

from analysis.curve.curve import GRID
from analysis.curve.reward_quantities import end_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import span_of, train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="always_negative",
    source="Microsoft fine-tuning skill, training curves: reward always negative",
    good="Reward is not negative throughout.",
    close="Reward is about zero or below: too noisy to say.",
    advice=(
        "Lower the grader's pass threshold",
        "Check for ungraded rollouts: Azure and OpenAI count each as -1",
    ),
)
NEARLY_ALL = 0.97  # share of the curve that must be negative


def always_negative(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training reward lies below zero throughout and ends there."""
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    limit = -thresholds.reward_zero * curves.range
    below = (train.draws[:, GRID >= 0.02] < 0.0).mean(axis=1)
    end = end_level(train)
    throughout = below >= NEARLY_ALL
    deep = (end < limit) & (np.median(train.draws, axis=1) < limit)
    return CARD.judge(
        throughout & deep,
        thresholds,
        bad="Reward is negative from start to end: the pass threshold is too high.",
        evidence=(measured("reward_end", end, "Reward at the end", "over 0"),),
        steps=span_of(curves),
        flips="the reward rises above zero",
        grave=Status.FAIL,
        excluded=[(throughout & ~deep, "Reward is below zero throughout, but by next to nothing.")],
    )
