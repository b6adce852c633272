"""Policy drift: the policy loses its variety, or leaves its starting point far behind."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.logged_shares import judge_share, share
from analysis.rules.rft.preconditions import logged
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

ENTROPY = RuleCard(
    name="entropy_collapse",
    source="Field practice; Cui et al. (2025), arXiv 2505.22617: reward ends with entropy",
    good="The policy keeps its entropy.",
    close="",
    advice=("Raise the temperature or the entropy bonus: a plateau from here on is final",),
)
KL = RuleCard(
    name="kl_drift",
    source="Field practice: the distance from the starting policy",
    good="The policy stays near its starting point.",
    close="",
    advice=("Raise the KL penalty, or lower the learning rate",),
)
MIN_VALUES = 10  # our choice: a tenth of them is then one at least


def entropy_collapse(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether entropy ends below ``entropy_collapse`` of its start, by medians.

    An entropy of 0 or less at the start has no shares.
    """
    values = logged(curves, "entropy")
    if values is None or len(values) < MIN_VALUES:
        return ENTROPY.lacking(_lacking("Entropy", values))
    start, end = _median(values[: _tenth(values)]), _median(values[-_tenth(values) :])
    if start <= 0:
        return ENTROPY.lacking(_no_start("Entropy", start, end))
    left, limit = end / start, f"{thresholds.entropy_collapse:.0%}"
    return judge_share(
        ENTROPY,
        curves,
        share("entropy_share", left, "Entropy, end over start", f"over {limit}"),
        found=left < thresholds.entropy_collapse,
        bad=f"Entropy fell to {left:.0%} of its start.",
        flips=f"entropy crosses {limit} of its start",
    )


def kl_drift(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether KL ends above ``kl_growth`` times its early median.

    A KL of 0 or less early on has no multiples, unless it is 0 at the end as well.
    """
    values = logged(curves, "kl")
    if values is None or len(values) < MIN_VALUES:
        return KL.lacking(_lacking("KL", values))
    fifth = max(len(values) // 5, 1)
    start, end = _median(values[:fifth]), _median(values[-_tenth(values) :])
    if start <= 0 and end > 0:
        return KL.lacking(_no_start("KL", start, end))
    times, limit = end / start if start > 0 else 0.0, f"{thresholds.kl_growth:g} times"
    return judge_share(
        KL,
        curves,
        Evidence("kl_growth", times, "KL, end over start", f"under {limit}"),
        found=times > thresholds.kl_growth,
        bad=f"KL grew to {times:.0f} times its early value.",
        flips=f"the growth of KL crosses {limit}",
    )


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values))


def _tenth(values: NDArray[np.float64]) -> int:
    return max(len(values) // 10, 1)


def _lacking(name: str, values: NDArray[np.float64] | None) -> Lacking:
    if values is None:
        return Lacking(Status.NOT_APPLICABLE, f"{name} was never logged.", "")
    statement = f"{name} was logged at {len(values)} of {MIN_VALUES} steps needed."
    return Lacking(Status.INSUFFICIENT_DATA, statement, "Let the run go on")


def _no_start(name: str, start: float, end: float) -> Lacking:
    statement = f"{name} starts at {start:.2g} and ends at {end:.2g}, which is no multiple of it."
    return Lacking(Status.INSUFFICIENT_DATA, statement, f"Look at the curve of {name} itself")
