"""Thinning: which of many readings are drawn, so that no spike and no extreme is lost."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

MOST = 4_000  # readings of a series that are all drawn
COLUMNS = 1_500  # beyond: the least and the greatest of each; a chart is at most so many pixels


def thinned(x: Array, y: Array, most: int = MOST, columns: int = COLUMNS) -> Indices:
    """Return the rows to draw: all of them up to ``most``, else the extremes of equal spans of x.

    A span is at most a pixel wide, so the picture is the one that all rows would give (Jugel et
    al. 2014, M4). The first, the last, the least and the greatest row are always among them.

    Parameters
    ----------
    x : array, shape (n,)
        Places, ascending.
    y : array, shape (n,)
        Finite values.
    most : int
        Rows up to which every one is drawn.
    columns : int
        Spans of equal length in ``x``; each gives at most two rows.

    Returns
    -------
    array of int, shape (m,)
        Positions in ``x``, ascending, each once.
    """
    if len(x) <= max(most, 2):
        return np.arange(len(x))
    span = float(x[-1] - x[0]) or 1.0
    column = np.minimum((x - x[0]) / span * columns, columns - 1).astype(np.intp)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    sizes = np.diff(starts, append=len(x))
    ends = np.array([0, len(x) - 1])
    extremes = [_first_at(y, reduce.reduceat(y, starts), starts, sizes) for reduce in EXTREMES]
    return np.unique(np.concatenate([ends, *extremes]))


EXTREMES = (np.minimum, np.maximum)


def _first_at(y: Array, extremes: Array, starts: Indices, sizes: Indices) -> Indices:
    """Return the first row of each span that has the span's extreme value."""
    hits = np.flatnonzero(y == np.repeat(extremes, sizes))
    owners = np.searchsorted(starts, hits, side="right")
    return hits[np.flatnonzero(np.diff(owners, prepend=0))]
