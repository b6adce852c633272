"""The beginning of a run: what a rule that speaks of it lacks where the file begins late."""

from analysis.curve.curve import Curve
from analysis.rules.card import Lacking
from analysis.verdict import Status


def beginning_lacks(curve: Curve) -> Lacking | None:
    """Return what is lacking to speak of the start of the run; None where it was logged."""
    if not curve.begins_late:
        return None
    return Lacking(
        Status.INSUFFICIENT_DATA,
        f"The file begins at step {curve.first_step:,} of {curve.last_step:,}: the start of the "
        "run was not logged.",
        "Load the whole run: the file of the job it resumed, or the full export",
    )
