"""No validation: nothing was held out, so nothing can be called healthy."""

import numpy as np

from analysis.curve.curves import N_DRAWS, Curves
from analysis.rules.preconditions import ADD_VALIDATION
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

RULE = "no_validation"
SOURCE = "Microsoft fine-tuning skill, training curves: overfitting shows on validation loss"


def no_validation(curves: Curves, thresholds: Thresholds) -> Verdict:  # noqa: ARG001
    """Judge whether any validation value was logged; a fact, so its probability is 0 or 1."""
    missing = curves.valid is None
    n_readings = 0 if curves.valid is None else len(curves.valid.readings)
    return Verdict(
        rule=RULE,
        status=Status.WARN if missing else Status.PASS,
        statement=(
            "No validation loss was logged, so the training curve alone cannot show whether "
            "the model generalises."
            if missing
            else f"Validation loss was logged at {n_readings:,} steps."
        ),
        probability=float(missing),
        evidence=(Evidence("n_valid_readings", n_readings, "Validation readings", "10 or more"),),
        advice=(ADD_VALIDATION,) if missing else (),
        flips="Turns with the first logged validation values" if missing else "",
        source=SOURCE,
        holds=np.full(N_DRAWS, missing),
    )
