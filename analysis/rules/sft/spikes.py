"""Spikes: single batches with a wild loss, from which training recovers."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import N_DRAWS
from analysis.curve.losses import LossCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Mask, Verdict
from analysis.wording import counted

CARD = RuleCard(
    name="spikes",
    source="OLMo-core and SageMaker Debugger: points over 5 robust standard deviations",
    good="No single batch shoots far above the curve.",
    close="",
)
FAR = 5.0  # robust standard deviations
MAD_TO_SD = 1.4826
SHOWN = 5


def spikes(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Count the times the loss shot far above the curve; information only, never a failure.

    Batch losses are skewed, so the distance is that of the residuals' logarithms from their
    median, in standard deviations by the median absolute deviation. Readings in a row are one
    spike; of one that reaches the last reading nobody knows whether the loss recovers.
    """
    train = train_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    level = np.maximum(train.at_readings, 1e-9)
    logs = np.log(np.maximum(train.readings.values, 1e-3 * level) / level)
    off = logs - np.median(logs)
    spread = MAD_TO_SD * float(np.median(np.abs(off)))
    far = off > FAR * max(spread, 1e-3)
    shot = _in_a_row(far)
    return CARD.fact(
        found=False,
        bad="",
        evidence=(Evidence("n_spikes", len(shot), "Spikes", "a few"),),
        n_draws=N_DRAWS,
        good=_told(train.readings.steps, shot) if shot else None,
    )


def _in_a_row(far: Mask) -> list[tuple[int, int]]:
    """Return the first and the last place of each row of readings that are far off."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], far, [False]]).astype(np.int8)))
    return [(int(first), int(after) - 1) for first, after in edges.reshape(-1, 2)]


def _told(steps: NDArray[np.int64], shot: list[tuple[int, int]]) -> str:
    named = [f"{steps[a]:,}" if a == b else f"{steps[a]:,}-{steps[b]:,}" for a, b in shot]
    shown = ", ".join(named[:SHOWN]) + (", …" if len(named) > SHOWN else "")
    steps_word = "step" if len(shot) == 1 and shot[0][0] == shot[0][1] else "steps"
    said = f"{counted(len(shot), 'spike')} ({steps_word} {shown})"
    if shot[-1][1] < len(steps) - 1:
        return f"{said}; the loss recovers."
    before = "" if len(shot) == 1 else " of the last"
    return f"{said}; the run ends before a recovery{before} could show."
