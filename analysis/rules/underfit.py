"""Underfit: training loss barely moves."""

from analysis.curve.curves import Curves
from analysis.curve.quantities import train_drop
from analysis.rules.preconditions import Lacking, train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "underfit"
SOURCE = "Microsoft fine-tuning skill, training curves: training loss barely decreases; Protean AI"
ADVICE = (
    "Raise the learning rate multiplier, or train for more epochs",
    "Check that the examples teach one consistent thing: noisy labels keep the loss up",
    "With LoRA: a higher rank and alpha",
)


def underfit(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss fell by less than ``barely_moves`` of its start."""
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    drop = train_drop(curves, train)
    holds = drop < thresholds.barely_moves
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "Training loss barely moves: the model has hardly learned the examples.",
        Status.PASS: "Training loss falls clearly.",
        Status.INSUFFICIENT_DATA: "Training loss falls little, perhaps too little: too noisy.",
    }
    normal = f"over {thresholds.barely_moves:.1%}"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=(
            measured("train_drop", drop, "Fall of the training loss", normal, as_share=True),
        ),
        steps=(int(train.readings.steps[0]), curves.run.last_step) if status is Status.WARN else (),
        advice=ADVICE if status is Status.WARN else (),
        flips=f"the fall crosses {thresholds.barely_moves:.1%} of the starting loss",
        source=SOURCE,
        holds=holds,
    )
