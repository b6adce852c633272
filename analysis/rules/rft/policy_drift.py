"""Policy drift: the policy loses its variety, or leaves its starting point far behind."""

import numpy as np

from analysis.curve.curve import N_DRAWS
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import logged, span_of
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


def entropy_collapse(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether entropy ends below ``entropy_collapse`` of its start, by medians."""
    values = logged(curves, "entropy")
    if values is None or len(values) < 10:
        return ENTROPY.lacking(_lacking("Entropy", values))
    start, end = np.median(values[: _tenth(values)]), np.median(values[-_tenth(values) :])
    share = float(end / start) if start > 0 else 1.0
    return ENTROPY.fact(
        found=share < thresholds.entropy_collapse,
        bad=f"Entropy fell to {share:.0%} of its start.",
        evidence=(
            Evidence(
                "entropy_share",
                share,
                "Entropy, end over start",
                f"over {thresholds.entropy_collapse:.0%}",
                as_share=True,
            ),
        ),
        steps=span_of(curves),
        flips=f"entropy crosses {thresholds.entropy_collapse:.0%} of its start",
        n_draws=N_DRAWS,
    )


def kl_drift(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether KL ends above ``kl_growth`` times its early median."""
    values = logged(curves, "kl")
    if values is None or len(values) < 10:
        return KL.lacking(_lacking("KL", values))
    fifth = max(len(values) // 5, 1)
    start, end = float(np.median(values[:fifth])), float(np.median(values[-_tenth(values) :]))
    times = end / start if start > 0 else 0.0
    return KL.fact(
        found=times > thresholds.kl_growth,
        bad=f"KL grew to {times:.0f} times its early value.",
        evidence=(
            Evidence(
                "kl_growth", times, "KL, end over start", f"under {thresholds.kl_growth:g} times"
            ),
        ),
        steps=span_of(curves),
        flips=f"the growth of KL crosses {thresholds.kl_growth:g} times",
        n_draws=N_DRAWS,
    )


def _tenth(values: np.ndarray) -> int:
    return max(len(values) // 10, 1)


def _lacking(name: str, values: np.ndarray | None) -> Lacking:
    if values is None:
        return Lacking(Status.NOT_APPLICABLE, f"{name} was never logged.", "")
    statement = f"{name} was logged at {len(values)} of 10 steps needed."
    return Lacking(Status.INSUFFICIENT_DATA, statement, "Let the run go on")
