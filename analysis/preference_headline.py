"""The headline of a run of preference tuning (DPO and its relatives)."""

from collections.abc import Mapping

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.headline import HEALTHY, UNCLEAR, Headline
from analysis.verdict import Status, Verdict

AGAINST = ("divergence", "too_short", "validation_rise")  # none of them may be called healthy


def preference_headline(curves: LossCurves, verdicts: Mapping[str, Verdict]) -> Headline:
    """Return ``saturated``, ``healthy``, or ``unclear`` where neither can be said.

    Healthy needs validation, pairs that are not saturated, and a loss that does not climb: its
    confidence is the share of the compatible curves in which all that holds.
    """
    found = verdicts["saturated"]
    if found.found:
        return Headline("saturated", found.statement, found.probability or 0.0, found.status)
    against = next((verdicts[rule] for rule in AGAINST if verdicts[rule].found), None)
    if against is None and found.status is not Status.PASS:
        against = found
    if against is not None:
        return Headline(UNCLEAR, against.statement, 1.0, Status.INSUFFICIENT_DATA)
    if curves.valid is None:
        statement = "The pairs teach something, but without validation nothing is called healthy."
        return Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)
    masks = [verdicts[rule].holds for rule in ("saturated", *AGAINST)]
    some = np.logical_or.reduce([mask for mask in masks if mask is not None])
    statement = "Healthy: the pairs teach something, and no loss climbs."
    return Headline(HEALTHY, statement, float(1.0 - np.mean(some)), Status.PASS)
