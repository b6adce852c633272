"""Saturated: the pairs are told apart without effort, and margins only grow."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import train_end
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.schema import STEP
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Mask, Verdict, measured

CARD = RuleCard(
    name="saturated",
    source="Microsoft DPO demos: the loss starts at ln 2 and may reach 1e-6 on separable pairs",
    good="The pairs still teach something.",
    close="The loss is close to nothing: too noisy to say.",
    advice=(
        "Use harder pairs: chosen and rejected answers that differ in what matters",
        "Stop earlier, or raise beta: growing margins alone do not make a better model",
    ),
)
CERTAIN = 0.99  # preference accuracy that counts as 1
MARGINS, ACCURACIES = "rewards/margins", "rewards/accuracies"
MIDDLE, LATE = (0.4, 0.6), (0.8, 1.0)  # parts of the run that are compared
NOTHING = "The loss is close to nothing"


def saturated(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether loss fell to nothing while margins grew and accuracy is 1.

    Margins or accuracies that were not logged in the parts of the run they are compared in say
    nothing either way: the loss then decides alone.
    """
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = train_end(train)
    nothing = end < thresholds.saturated_loss
    progress = train.progress(curves.run.frame[STEP].to_numpy())
    middle, late = ((progress > low) & (progress <= high) for low, high in (MIDDLE, LATE))
    accuracy, margin = _mean(curves, ACCURACIES, late), _mean(curves, MARGINS, late)
    before = _mean(curves, MARGINS, middle)
    unsure = accuracy is not None and accuracy < CERTAIN
    settled = margin is not None and before is not None and margin <= before
    evidence = [
        measured("train_end", end, "Loss at the end", f"over {thresholds.saturated_loss:g}")
    ]
    if accuracy is not None:
        evidence.append(Evidence("accuracy_end", accuracy, "Preference accuracy", "under 1"))
    if margin is not None:
        evidence.append(Evidence("margin_end", margin, "Margin at the end"))
    return CARD.judge(
        nothing & ~np.array(unsure or settled),
        thresholds,
        bad=(
            "The pairs are trivially told apart: loss is nothing"
            f"{' and margins only grow' if margin is not None and before is not None else ''}."
        ),
        evidence=tuple(evidence),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"the loss ends above {thresholds.saturated_loss:g}",
        excluded=[
            (nothing & np.array(unsure), f"{NOTHING}, but not all pairs are told apart."),
            (nothing & np.array(settled), f"{NOTHING}, but margins no longer grow."),
        ],
    )


def _mean(curves: LossCurves, column: str, part: Mask) -> float | None:
    """Return a column's mean over a part of the rows; None where it was not logged there."""
    frame = curves.run.frame
    if column not in frame:
        return None
    values = frame.loc[part, column].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None
