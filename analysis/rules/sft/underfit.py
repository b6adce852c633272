"""Underfit: training loss barely moves."""

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import train_drop
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="underfit",
    source="Microsoft fine-tuning skill: training loss barely decreases; Protean AI",
    good="Training loss falls clearly.",
    close="Training loss falls little, perhaps too little: too noisy to say.",
    advice=(
        "Raise the learning rate multiplier, or train for more epochs",
        "Check that the examples teach one consistent thing: noisy labels keep the loss up",
        "With LoRA: a higher rank and alpha",
    ),
)


def underfit(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss fell by less than ``barely_moves`` of its start."""
    train = train_from_start(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    drop = train_drop(curves, train)
    normal = f"over {thresholds.barely_moves:.1%}"
    return CARD.judge(
        drop < thresholds.barely_moves,
        thresholds,
        bad="Training loss barely moves: the model has hardly learned the examples.",
        evidence=(
            measured("train_drop", drop, "Fall of the training loss", normal, as_share=True),
        ),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"the fall crosses {thresholds.barely_moves:.1%} of the starting loss",
    )
