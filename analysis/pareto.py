"""Pareto front: which choices no other beats on both counts."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def on_front(losses: Array, costs: Array) -> NDArray[np.bool_]:
    """Return which choices no other one dominates.

    One dominates another where it is no worse in loss and in cost, and better in one of them:
    equal quality at fewer tokens is strictly better (Microsoft fine-tuning skill, training
    curves).

    Parameters
    ----------
    losses, costs : array, shape (n,)
        What is to be small; NaN never dominates and is never on the front.

    Returns
    -------
    array of bool, shape (n,)
    """
    no_worse = (losses[:, None] <= losses) & (costs[:, None] <= costs)
    better = (losses[:, None] < losses) | (costs[:, None] < costs)
    known = np.isfinite(losses) & np.isfinite(costs)
    return np.asarray(known & ~(no_worse & better).any(axis=0))
