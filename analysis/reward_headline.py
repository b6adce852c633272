"""The headline of an RFT run: the first of its rules that holds."""

from collections.abc import Mapping

import numpy as np

from analysis.curve.reward_quantities import end_level, start_level
from analysis.curve.rewards import RewardCurves
from analysis.headline import HEALTHY, UNCLEAR, Headline
from analysis.rules.card import Lacking
from analysis.rules.rft.preconditions import train_of, valid_of
from analysis.verdict import Status, Verdict

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
CLIMB = 0.02  # of the reward's range: less is a plateau, not a climb


def reward_headline(curves: RewardCurves, verdicts: Mapping[str, Verdict]) -> Headline:
    """Return the first label that holds, ``healthy``, or ``unclear`` where that is the truth.

    Several rules may hold at once; the verdicts list them all. Healthy needs a reward that climbed
    and no rule near holding: its confidence is the lesser of the two chances.
    """
    lacking = train_of(curves)
    if isinstance(lacking, Lacking):
        return Headline(UNCLEAR, lacking.statement, 1.0, Status.INSUFFICIENT_DATA)
    for rule in ORDER:
        verdict = verdicts[rule]
        if verdict.found:
            return Headline(rule, verdict.statement, verdict.probability or 0.0, verdict.status)
    likeliest = max(ORDER, key=lambda rule: verdicts[rule].probability or 0.0)
    probability = verdicts[likeliest].probability or 0.0
    if verdicts[likeliest].status is Status.INSUFFICIENT_DATA:
        statement = verdicts[likeliest].statement
        return Headline(UNCLEAR, statement, probability, Status.INSUFFICIENT_DATA)
    if isinstance(valid_of(curves), Lacking):
        statement = "Training reward behaves, but without validation nothing can be called healthy."
        return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)
    climbed = _share_climbed(curves)
    if climbed < 0.5:
        statement = "No rule found a fault, but neither training nor validation reward has climbed."
        return Headline(UNCLEAR, statement, 1.0 - climbed, Status.INSUFFICIENT_DATA)
    statement = "Healthy: reward climbs and validation follows."
    return Headline(HEALTHY, statement, min(1.0 - probability, climbed), Status.PASS)


def _share_climbed(curves: RewardCurves) -> float:
    """Return the share of the compatible curves in which either reward ends above its start."""
    climbs = [
        end_level(curve) - start_level(curve) > CLIMB * curves.range
        for curve in (curves.train, curves.valid)
        if curve is not None
    ]
    return float(np.logical_or.reduce(climbs).mean())
