"""Both high: neither loss leaves the level of a model that learned nothing."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import late_share, train_drop, train_end, valid_end, visible
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import both_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="both_high",
    source="Microsoft fine-tuning skill, training curves: both losses stay high; Protean AI",
    good="The losses do not both stay high.",
    close="Both losses may be staying high: too noisy to say.",
    advice=(
        "The task is too hard as it stands: try a larger base model",
        "Split or simplify the task, or shorten the answers",
    ),
)


def both_high(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss barely moved and validation flattened at a high level."""
    both = both_from_start(curves, thresholds)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    train, valid = both
    level = visible(np.minimum(valid_end(valid), train_end(train)), curves.run)
    drop = train_drop(curves, train)
    holds = (drop < thresholds.barely_moves) & (level > thresholds.high_level)
    holds = holds & (late_share(curves, valid) < thresholds.flattened)
    normal = f"under {thresholds.high_level:g} nats per token"
    least_drop = f"over {thresholds.barely_moves:.1%}"
    return CARD.judge(
        holds,
        thresholds,
        bad="Both losses stay high: the model has hardly learned anything of the task.",
        evidence=(
            measured("level_end", level, "Lower of the two losses at the end", normal),
            measured("train_drop", drop, "Fall of the training loss", least_drop, as_share=True),
        ),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"the losses end on the other side of {thresholds.high_level:g} nats per token",
    )
