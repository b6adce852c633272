"""The headline of an RFT run: the first of its rules that holds."""

from collections.abc import Mapping

import numpy as np

from analysis.curve.curve import N_DRAWS, Curve
from analysis.curve.gap_bands import HACKING, gap_bands
from analysis.curve.reward_quantities import end_level, start_level
from analysis.curve.rewards import RewardCurves
from analysis.headline import CLEAR_SHARE, HEALTHY, UNCLEAR, Headline
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking
from analysis.rules.rft.preconditions import both_of, train_of, valid_of
from analysis.rules.rft.reward_hacking import WATCH
from analysis.thresholds import Thresholds
from analysis.verdict import Mask, Status, Verdict

# From the first to the last, as in the rules.
ORDER = (
    "flat_zero",
    "always_negative",
    "collapse",
    "reward_hacking",
    "valid_degrades",
    "too_lenient",
    "token_explosion",
    "unstable_variance",
    "logic_errors",
    "unresponsive",
    "plateau",
)
FAILURES = ORDER[:-1]
NOT_VALIDATED = "Training reward behaves, but without validation nothing can be called healthy."
NO_CLIMB = "No rule found a fault, but neither training nor validation reward has climbed."
TOGETHER = "No fault is likely by itself, but together they are: too noisy to decide."


def reward_headline(
    curves: RewardCurves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Headline:
    """Return the first label that holds, ``healthy``, or ``unclear`` where that is the truth.

    Several rules may hold at once; the verdicts list them all. A gap that is only worth watching
    is no label. Healthy needs a reward that climbed and no rule near holding: its confidence is
    the share of the compatible curves in which it climbed and no rule holds.
    """
    train = train_of(curves)
    if isinstance(train, Lacking):
        return _unclear(train.statement)
    for rule in ORDER:
        verdict = verdicts[rule]
        if verdict.found and verdict.label != WATCH:
            return Headline(rule, verdict.statement, verdict.probability or 0.0, verdict.status)
    return _without_fault(curves, train, verdicts, thresholds)


def _without_fault(
    curves: RewardCurves, train: Curve, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Headline:
    """Return ``healthy``, or ``unclear`` with the first reason there is."""
    close = [v for v in verdicts.values() if v.rule in ORDER and v.probability is not None]
    close = [v for v in close if v.status is Status.INSUFFICIENT_DATA]
    if close:
        likeliest = max(close, key=lambda verdict: verdict.probability or 0.0)
        return _unclear(likeliest.statement, likeliest.probability or 0.0)
    climbed, unseen = _climbed(curves, thresholds), beginning_lacks(train)
    share = float((climbed & ~_some_fault(curves, verdicts, thresholds)).mean())
    if isinstance(valid_of(curves), Lacking):
        return _unclear(NOT_VALIDATED)
    if climbed.mean() < 0.5:
        return _unclear(NO_CLIMB, 1.0 - float(climbed.mean()))
    if unseen is not None:
        return _unclear(f"{unseen.statement} In the part that was, nothing is wrong.")
    if share < CLEAR_SHARE:
        return _unclear(TOGETHER, 1.0 - share)
    return Headline(HEALTHY, "Healthy: reward climbs and validation follows.", share, Status.PASS)


def _unclear(statement: str, confidence: float = 1.0) -> Headline:
    return Headline(UNCLEAR, statement, confidence, Status.INSUFFICIENT_DATA)


def _some_fault(
    curves: RewardCurves, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Mask:
    """Return in which of the compatible curves any label holds, shape (n_draws,)."""
    some = np.zeros(N_DRAWS, dtype=np.bool_)
    for rule in ORDER:
        holds = verdicts[rule].holds
        if holds is not None and verdicts[rule].label != WATCH:
            some |= holds
    both = both_of(curves)
    if verdicts["reward_hacking"].label == WATCH and not isinstance(both, Lacking):
        some |= gap_bands(*both, curves.range, thresholds) >= HACKING
    return some


def _climbed(curves: RewardCurves, thresholds: Thresholds) -> Mask:
    """Return in which of the compatible curves either reward ends above its start."""
    climbs = [
        end_level(curve) - start_level(curve) > thresholds.reward_climb * curves.range
        for curve in (curves.train, curves.valid)
        if curve is not None
    ]
    return np.asarray(np.logical_or.reduce(climbs))
