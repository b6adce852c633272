"""Scales: how readings become points for the fit, and curves come back in the metric's unit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curve.kernel import Places
from analysis.curve.points import Points
from analysis.curve.readings import (
    Readings,
    bin_edges,
    bin_means,
    bin_noise,
    local_mean,
    noise_of,
    without_high_outliers,
    without_outliers,
)
from analysis.curve.span import progress

Array = NDArray[np.float64]

MIN_READINGS = 5  # readings from which their noise is measured
ROUGH_SHARE, ROUGH_SCALE = 0.1, 1.1  # residuals winsorised for a first look, and what that hides
FINE_SHARE = 0.02  # residuals winsorised once outliers are brought down


@dataclass(frozen=True)
class LogScale:
    """Logarithms of means: for losses and lengths, whose noise grows with their level.

    Attributes
    ----------
    floor : float
        Added before the logarithm, in the metric's unit.
    least_noise : float
        Least relative noise of one reading.
    usual_noise : float
        Relative noise of one reading where too few show it.
    """

    floor: float
    least_noise: float
    usual_noise: float

    def points(
        self, readings: Readings, last_step: int, kind: int, most: int, first_step: int = 0
    ) -> Points:
        """Return the logarithms of the readings' means in at most ``most`` bins."""
        x = progress(readings.steps, first_step, last_step)
        values = readings.values + self.floor
        noise = self.usual_noise
        if len(values) >= MIN_READINGS:
            level = local_mean(values)
            rough = ROUGH_SCALE * noise_of(x, values, level, ROUGH_SHARE)
            values = without_high_outliers(values, level, rough)
            fine = noise_of(x, values, local_mean(values), FINE_SHARE)
            noise = max(fine, self.least_noise)
        edges = bin_edges(x, most)
        means, counts = bin_means(values, edges)
        within = bin_noise(values / np.repeat(means, counts), edges, noise)
        variance = np.log1p(np.maximum(within, self.least_noise) ** 2 / counts)
        y = np.log(means) + 0.5 * np.where(counts > 1, variance, 0.0)
        places = Places(bin_means(x, edges)[0], np.full(len(y), kind, dtype=np.int8))
        return Points(places, y, np.sqrt(variance))

    def back(self, curves: Array) -> Array:
        """Return curves in the metric's unit."""
        return np.maximum(np.exp(np.clip(curves, -50.0, 50.0)) - self.floor, 0.0)


@dataclass(frozen=True)
class LinearScale:
    """Means as they are: for rewards and accuracies, which may be zero or negative.

    Attributes
    ----------
    unit : float
        What counts as one, in the metric's unit.
    least_noise : float
        Least noise of one reading, in the metric's unit.
    usual_noise : float
        Noise of one reading where too few show it, in the metric's unit.
    """

    unit: float
    least_noise: float
    usual_noise: float

    def points(
        self, readings: Readings, last_step: int, kind: int, most: int, first_step: int = 0
    ) -> Points:
        """Return the readings' means in at most ``most`` bins, in units."""
        x, values = progress(readings.steps, first_step, last_step), readings.values
        noise = self.usual_noise
        if len(values) >= MIN_READINGS:
            rough = ROUGH_SCALE * noise_of(x, values, np.ones_like(values), ROUGH_SHARE)
            values = without_outliers(values, rough)
            fine = noise_of(x, values, np.ones_like(values), FINE_SHARE)
            noise = max(fine, self.least_noise)
        edges = bin_edges(x, most)
        means, counts = bin_means(values, edges)
        within = bin_noise(values - np.repeat(means, counts), edges, noise)
        spread = np.maximum(within, self.least_noise) / np.sqrt(counts)
        places = Places(bin_means(x, edges)[0], np.full(len(means), kind, dtype=np.int8))
        return Points(places, means / self.unit, spread / self.unit)

    def back(self, curves: Array) -> Array:
        """Return curves in the metric's unit."""
        return np.asarray(curves * self.unit)
