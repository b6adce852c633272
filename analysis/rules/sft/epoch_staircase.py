"""Epoch staircase: training loss drops when examples come round again."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import stair_drops
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="epoch_staircase",
    source="Goldilocks, after real result files; fast.ai on single-example memorising",
    good="Training loss does not drop at the ends of epochs.",
    close="Training loss may drop at the ends of epochs: too noisy to say.",
    advice=(
        "The model recalls examples it has seen: fewer epochs, or more examples",
        "Add a validation file, which shows whether recalling harms",
    ),
)

PER_EPOCH = 2  # readings an epoch, from which its end can be told from its middle
TOO_FEW = Lacking(
    Status.INSUFFICIENT_DATA,
    f"Training loss was logged less than {PER_EPOCH} times an epoch.",
    "Log the training loss more often",
)
STEADY = "Training loss drops at the ends of epochs, but falls as fast within them."


def epoch_staircase(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss drops at epoch seams and is flatter between.

    A sign of memorising that needs no validation. The mean drop at the seams must exceed
    ``staircase_drop`` and the mean fall within the epochs after the first.
    """
    train = train_from_start(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    if curves.n_epochs is None:
        statement = "The number of epochs is not known, so their ends cannot be looked at."
        advice = "Load the job with its hyperparameters"
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, advice))
    if curves.n_epochs < 2:
        statement = "With one epoch no example comes round again."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    if len(train.readings) < PER_EPOCH * curves.n_epochs:
        return CARD.lacking(TOO_FEW)
    at_seams, within = stair_drops(train, curves.n_epochs)
    drops = at_seams > thresholds.staircase_drop
    return CARD.judge(
        drops & (at_seams > within),
        thresholds,
        bad=(
            f"Training loss drops by {float(np.median(at_seams)):.0%} whenever the examples come "
            "round again: memorising."
        ),
        evidence=(
            measured(
                "seam_drop",
                at_seams,
                "Mean drop at the ends of epochs",
                f"under {thresholds.staircase_drop:.0%}",
                as_share=True,
            ),
            measured("epoch_drop", within, "Mean fall within an epoch", as_share=True),
        ),
        steps=(int(curves.run.last_step / curves.n_epochs), curves.run.last_step),
        flips=f"the drop at the ends of epochs crosses {thresholds.staircase_drop:.0%}",
        excluded=[(drops & (at_seams <= within), STEADY)],
    )
