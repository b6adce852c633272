"""Too short: fewer points than the other rules need."""

import numpy as np

from analysis.curve.curves import N_DRAWS, Curves
from analysis.rules.preconditions import MORE_READINGS, Lacking, needed_valid, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

RULE = "too_short"
SOURCE = "Goldilocks: with fewer points one noisy batch decides the verdict"


def too_short(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether there are points enough to judge; a fact, so its probability is 0 or 1."""
    sought = [train_of(curves, thresholds)]
    if curves.valid is not None:
        sought.append(valid_of(curves, thresholds))
    lacking = [found for found in sought if isinstance(found, Lacking)]
    reasons = " ".join(found.statement for found in lacking)
    return Verdict(
        rule=RULE,
        status=Status.WARN if lacking else Status.PASS,
        statement=f"Too short to judge. {reasons}" if lacking else "There are points enough.",
        probability=float(bool(lacking)),
        evidence=_counts(curves, thresholds),
        advice=(MORE_READINGS,) if lacking else (),
        flips="Turns as soon as the missing points are logged" if lacking else "",
        source=SOURCE,
        holds=np.full(N_DRAWS, bool(lacking)),
    )


def _counts(curves: Curves, thresholds: Thresholds) -> tuple[Evidence, ...]:
    n_train = len(curves.train.readings) if curves.train else 0
    normal = f"{thresholds.min_train_readings} or more"
    counts = [Evidence("n_train_readings", n_train, "Training points", normal)]
    if curves.valid:
        normal = f"{needed_valid(curves.valid, thresholds)} or more"
        n_valid = len(curves.valid.readings)
        counts.append(Evidence("n_valid_readings", n_valid, "Validation points", normal))
    return tuple(counts)
