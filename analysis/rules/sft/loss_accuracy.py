"""Loss against accuracy: loss rises while the right tokens stay right."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import accuracy_fall, rise
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import accuracy_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="loss_accuracy",
    source="Balance of loss and token accuracy: the weight of each depends on the task",
    good="Validation loss and token accuracy tell the same story.",
    close="Validation loss and token accuracy may disagree: too noisy to say.",
    advice=(
        "For precise single tokens (labels, extraction) a later checkpoint is as good",
        "For fluent or calibrated text take the checkpoint of lowest validation loss",
    ),
)


def loss_accuracy(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation loss rose while its token accuracy held: over-confidence.

    The model is surer of its wrong tokens but gets no more of them wrong, so which checkpoint is
    best depends on the use.
    """
    valid = valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return CARD.lacking(valid)
    accuracy = accuracy_of(curves, thresholds)
    if isinstance(accuracy, Lacking):
        return CARD.lacking(accuracy)
    above, fell = rise(valid, curves.run), accuracy_fall(accuracy)
    risen, held = above >= thresholds.rise_harmful, fell < thresholds.accuracy_holds
    lost = f"token accuracy ends {float(np.median(fell)):.1%} below its best"
    return CARD.judge(
        risen & held,
        thresholds,
        bad=(
            f"Validation loss ends {float(np.median(above)):.0%} above its best while token "
            "accuracy has not fallen: over-confidence, not forgetting."
        ),
        evidence=(
            measured(
                "valid_rise",
                above,
                "Validation loss above its best",
                f"under {thresholds.rise_harmful:.0%}",
                as_share=True,
            ),
            measured(
                "accuracy_fall",
                fell,
                "Token accuracy below its best",
                f"under {thresholds.accuracy_holds:.1%}",
                as_share=True,
            ),
        ),
        steps=(valid.step_of_least(), curves.run.last_step),
        flips=f"token accuracy falls by {thresholds.accuracy_holds:.1%}",
        excluded=[
            (risen & ~held, f"Validation loss rose, and {lost}: both got worse."),
            (~risen & ~held, f"Validation loss has hardly risen, but {lost}."),
        ],
    )
