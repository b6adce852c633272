"""Points: noisy values of training and validation, and where in the run they lie."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.curve.kernel import Places

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """Noisy points of training and validation.

    Attributes
    ----------
    places : Places
        Where they lie, at least one.
    y : array, shape (n_points,)
        Finite values.
    noise : array, shape (n_points,)
        Standard deviation of each value, in y's unit, > 0.
    """

    places: Places
    y: Array
    noise: Array

    def of_kind(self, kind: int) -> "Points":
        """Return the points of one kind."""
        chosen = self.places.kind == kind
        places = Places(self.places.x[chosen], self.places.kind[chosen])
        return Points(places, self.y[chosen], self.noise[chosen])

    def with_noise(self, noise: float) -> "Points":
        """Return the points with a noise known beforehand."""
        return replace(self, noise=np.full_like(self.noise, noise))


def joined(parts: Sequence[Points]) -> Points:
    """Return the points of several columns as one."""
    places = Places(
        np.concatenate([part.places.x for part in parts]),
        np.concatenate([part.places.kind for part in parts]),
    )
    y = np.concatenate([part.y for part in parts])
    return Points(places, y, np.concatenate([part.noise for part in parts]))
