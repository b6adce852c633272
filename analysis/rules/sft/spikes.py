"""Spikes: single batches with a wild loss, from which training recovers."""

import numpy as np

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Verdict

CARD = RuleCard(
    name="spikes",
    source="OLMo-core and SageMaker Debugger: points over 5 robust standard deviations",
    good="No spike from which the loss does not recover.",
    close="",
)
FAR = 5.0  # robust standard deviations
MAD_TO_SD = 1.4826
SHOWN = 5


def spikes(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Count isolated points far above the curve; information only, never a failure.

    Batch losses are skewed, so the distance is that of the residuals' logarithms from their
    median, in standard deviations by the median absolute deviation.
    """
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    level = np.maximum(train.middle(train.readings.steps), 1e-9)
    logs = np.log(np.maximum(train.readings.values, 1e-3 * level) / level)
    spread = MAD_TO_SD * float(np.median(np.abs(logs - np.median(logs))))
    far = logs - np.median(logs) > FAR * max(spread, 1e-3)
    steps = train.readings.steps[far]
    shown = ", ".join(f"{step}" for step in steps[:SHOWN]) + (", …" if len(steps) > SHOWN else "")
    n_spikes = len(steps)
    verdict = CARD.fact(
        found=False,
        bad="",
        evidence=(Evidence("n_spikes", n_spikes, "Isolated spikes", "a few"),),
        n_draws=N_DRAWS,
    )
    if not n_spikes:
        return verdict
    statement = f"{n_spikes} isolated spikes (steps {shown}); the loss recovers."
    return Verdict(**{**vars(verdict), "statement": statement})
