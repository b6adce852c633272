"""Saturated: the pairs are told apart without effort, and margins only grow."""

import numpy as np

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import train_end
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.schema import STEP
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Verdict, measured

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


def saturated(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether loss fell to nothing while margins grew and accuracy is 1."""
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = train_end(train)
    margins, accuracies = _late(curves, MARGINS), _late(curves, ACCURACIES)
    certain = np.full(N_DRAWS, accuracies is None or accuracies[1] >= CERTAIN)
    growing = np.full(N_DRAWS, margins is None or margins[1] > margins[0])
    evidence = [
        measured("train_end", end, "Loss at the end", f"over {thresholds.saturated_loss:g}")
    ]
    if accuracies is not None:
        evidence.append(Evidence("accuracy_end", accuracies[1], "Preference accuracy", "under 1"))
    if margins is not None:
        evidence.append(Evidence("margin_end", margins[1], "Margin at the end"))
    return CARD.judge(
        (end < thresholds.saturated_loss) & certain & growing,
        thresholds,
        bad="The pairs are trivially told apart: loss is nothing and margins only grow.",
        evidence=tuple(evidence),
        steps=(int(train.readings.steps[0]), curves.run.last_step),
        flips=f"the loss ends above {thresholds.saturated_loss:g}",
    )


def _late(curves: LossCurves, column: str) -> tuple[float, float] | None:
    """Return a column's mean over the middle and over the last fifth; None if never logged."""
    if column not in curves.run.frame:
        return None
    progress = curves.run.frame[STEP] / max(curves.run.last_step, 1)
    values = curves.run.frame[column]
    middle, late = values[progress.between(0.4, 0.6)].mean(), values[progress > 0.8].mean()
    return float(middle), float(late)
