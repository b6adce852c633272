"""Too lenient: the grader passes everything from the start."""

import numpy as np

from analysis.curve.curve import GRID, SETTLED
from analysis.curve.reward_quantities import start_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import span_of, train_of
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


def too_lenient(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training reward starts near the top and stays there; for rewards up to 1."""
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    if curves.range != 1.0:
        statement = "Rewards are not bounded by 1, so there is no top to start from."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    start = start_level(train)
    settled = train.draws[:, GRID >= SETTLED]
    change = np.quantile(settled, 0.95, axis=1) - np.quantile(settled, 0.05, axis=1)
    return CARD.judge(
        (start >= thresholds.reward_lenient) & (change < thresholds.reward_lenient_range),
        thresholds,
        bad="Reward is high from the first step and hardly moves: the grader is too lenient.",
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
    )
