"""Flat at zero: no answer ever earns a reward."""

import numpy as np

from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import span_of, train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="flat_zero",
    source="Microsoft fine-tuning skill: reward flat at about 0; AWS Nova RFT guide",
    good="Answers earn rewards.",
    close="Rewards are close to nothing: too noisy to say.",
    advice=(
        "Test the grader by hand: it may be broken, or its threshold too strict",
        "Do supervised fine-tuning first, so that some answers succeed",
    ),
)
PARTS = ((0.0, 0.5), (0.5, 0.9), (0.9, 1.0))


def flat_zero(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training reward stays within ``reward_zero`` of nothing in every part."""
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    limit = thresholds.reward_zero * curves.range
    parts = np.array([np.abs(train.mean(low, high)) for low, high in PARTS])
    holds = np.asarray((parts < limit).all(axis=0))
    negative = np.asarray(np.median(train.draws, axis=1) < -limit)
    return CARD.judge(
        holds,
        thresholds,
        bad="Reward stays at nothing throughout: no answer is ever graded as good.",
        evidence=(
            measured(
                "highest_part",
                parts.max(axis=0),
                "Reward in the best part of the run",
                f"over {limit:g}",
            ),
        ),
        steps=span_of(curves),
        flips=f"the reward of any part of the run leaves ±{limit:g}",
        grave=Status.FAIL,
        excluded=[(negative & ~holds, "Reward is not stuck at nothing: it is mostly negative.")],
    )
