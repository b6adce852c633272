"""Both high: neither loss leaves the level of a model that learned nothing."""

import numpy as np

from analysis.curve.curves import Curves
from analysis.curve.quantities import late_share, train_drop, train_end, valid_end
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "both_high"
SOURCE = "Microsoft fine-tuning skill, training curves: both losses stay high; Protean AI"
ADVICE = (
    "The task is too hard as it stands: try a larger base model",
    "Split or simplify the task, or shorten the answers",
)


def both_high(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss barely moved and validation flattened at a high level."""
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    level = np.minimum(valid_end(valid), train_end(train))
    drop = train_drop(curves, train)
    holds = (drop < thresholds.barely_moves) & (level > thresholds.high_level)
    holds = holds & (late_share(curves, valid) < thresholds.flattened)
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "Both losses stay high: the model has hardly learned anything of the task.",
        Status.PASS: "The losses do not both stay high.",
        Status.INSUFFICIENT_DATA: "Both losses may be staying high: too noisy to say.",
    }
    normal = f"under {thresholds.high_level:g} nats per token"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=(
            measured("level_end", level, "Lower of the two losses at the end", normal),
            measured("train_drop", drop, "Fall of the training loss",
                     f"over {thresholds.barely_moves:.1%}", as_share=True),
        ),
        steps=(int(train.readings.steps[0]), curves.run.last_step)
        if status is Status.WARN
        else (),
        advice=ADVICE if status is Status.WARN else (),
        flips=f"the losses end on the other side of {thresholds.high_level:g} nats per token",
        source=SOURCE,
        holds=holds,
    )
