"""Too lenient: the grader passes everything from the start."""

import numpy as np

from analysis.curve.curve import GRID, SETTLED
from analysis.curve.reward_quantities import start_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import span_of, train_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="too_lenient",
    source="Microsoft fine-tuning skill: immediately high and flat; AWS Nova RFT guide",
    good="Reward leaves room to improve.",
    close="Reward may be too high from the start: too noisy to say.",
    advice=(
        "Raise the grader's threshold until 25-50 % of the base model's answers fail",
        "Use harder prompts; where the base model already succeeds, RFT is not needed",
    ),
)

ADVICE_MASTERED = (
    "Keep the base model where the grader is right: there is next to nothing left to gain",
    "Else raise the grader's threshold, or use harder prompts",
)


def too_lenient(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training reward starts near the top and stays there; for rewards up to 1.

    A start above ``reward_mastered`` has the label ``unnecessary``: the base model needs no RFT.
    """
    train = train_from_start(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    if curves.range != 1.0:
        statement = "Rewards are not bounded by 1, so there is no top to start from."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    start = start_level(train)
    settled = train.draws[:, GRID >= SETTLED]
    change = np.quantile(settled, 0.95, axis=1) - np.quantile(settled, 0.05, axis=1)
    high, still = start >= thresholds.reward_lenient, change < thresholds.reward_lenient_range
    mastered = bool(((start > thresholds.reward_mastered) & high & still).mean() > 0.5)
    begin = float(np.median(start))
    return CARD.judge(
        high & still,
        thresholds,
        bad=(
            f"The base model already earns {begin:.0%} of the reward: RFT is unnecessary here, or "
            "the grader too lenient."
            if mastered
            else "Reward is high from the first step and hardly moves: the grader is too lenient."
        ),
        evidence=(
            measured(
                "reward_start", start, "Reward at the start", f"under {thresholds.reward_lenient:g}"
            ),
            measured(
                "reward_change",
                change,
                "Change over the run",
                f"over {thresholds.reward_lenient_range:g}",
            ),
        ),
        steps=span_of(curves),
        flips=f"the reward starts below {thresholds.reward_lenient:g}",
        label="unnecessary" if mastered else None,
        advice=ADVICE_MASTERED if mastered else None,
        excluded=[
            (high & ~still, f"Reward starts high, at {begin:.2g}, but it moves during the run.")
        ],
    )
