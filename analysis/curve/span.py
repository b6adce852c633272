"""Spans: the stretch of steps over which progress is measured."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.curve.readings import Readings

LATE_SHARE = 0.1  # of the run that may be missing before the first reading; our choice
LATE_GAPS = 2.0  # distances between readings that may: a first reading is one distance in


def progress(steps: NDArray[np.int64], first_step: int, last_step: int) -> NDArray[np.float64]:
    """Return steps as shares of the stretch from the first to the last of it."""
    return np.asarray((steps - first_step) / max(last_step - first_step, 1), dtype=np.float64)


def first_step_of(logged: Sequence[Readings], last_step: int) -> int:
    """Return the step of progress 0 for columns that are judged together.

    That is 0, so that progress is step / last step. A file that begins late (of a resumed job, or
    an export of the last part) holds nothing of the run's start, and its progress is that of the
    part that was logged: from its first step, which is then greater than 0. Rules that speak of
    the start ask ``Curve.begins_late`` and do not take that step for it.
    """
    first = min((int(r.steps[0]) for r in logged), default=0)
    if first <= max(LATE_SHARE * last_step, 0.0):
        return min(first, 0)
    # Sorted and rid of repeats by hand: hashing a million steps costs a hundred times as much.
    steps = np.concatenate([r.steps for r in logged])
    steps.sort(kind="stable")
    steps = steps[np.diff(steps, prepend=steps[0] - 1) > 0]
    distance = float(np.median(np.diff(steps))) if len(steps) > 1 else float(first)
    return first if first > LATE_GAPS * distance else 0
