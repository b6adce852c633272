"""Levels: the value of a metric at one checkpoint, and everything that leaves it uncertain.

A curve says what is expected at a step. Beside the curve's own uncertainty, a checkpoint may lie
off the smooth curve, and the validation examples are a sample of what the model will meet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.cycle import without_cycle
from analysis.curve.losses import LossCurves
from analysis.curve.readings import Readings, finite_readings, local_mean, noise_of
from analysis.curve.rewards import RewardCurves
from analysis.sample_sizes import validation_examples

Array = NDArray[np.float64]

BETWEEN_EXAMPLES = 0.2  # of a reward's variance lies between examples, not rollouts; our choice
OFF_CURVE = 0.25  # of the scatter of rewards is the checkpoints' own; as in small trained runs
WIDENED = 1.3  # times what the draws of losses say: measured on runs of known truth
USUAL_EXAMPLES, THEIR_WEIGHT = 50.0, 2.0  # taken for granted, as so many evaluations would show it
MOST_EXAMPLES = 2_000.0  # no scatter is taken to speak of more
LEAST_SHARE = 0.02  # of the reward's range: nearer to its ends, variance is taken from here
BATCHES = 25.0  # in a validation set of unknown size; our choice
LEAST_READINGS = 5  # from which the noise of single batches is measured
WINSORISED = 0.02
USUAL_BATCH_NOISE = 0.1  # of the loss


@dataclass(frozen=True, eq=False)
class Level:
    """The value of a metric at one checkpoint.

    Attributes
    ----------
    draws : array, shape (256,)
        The curve's value in every draw, in the metric's unit.
    shift : float
        How far the checkpoint is expected off the curve.
    own : float
        Standard deviation of that.
    of_set : float
        Standard deviation of the whole validation set's value around that of all examples.
    """

    draws: Array
    shift: float
    own: float
    of_set: float

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.draws.mean()) + self.shift


def reward_levels(curves: RewardCurves, valid: Curve) -> "RewardLevels":
    """Return what makes levels of validation reward: its dispersion, estimated once."""
    readings = valid.readings
    low = min(0.0, np.floor(float(readings.values.min())))
    high = max(1.0, np.ceil(float(readings.values.max())))
    expected = valid.middle(readings.steps)
    bounded = _bounded_variance(expected, low, high)
    scatter = (readings.values - expected) ** 2 / bounded
    dispersion = float(scatter.sum() + THEIR_WEIGHT / USUAL_EXAMPLES) / (
        len(scatter) + THEIR_WEIGHT
    )
    dispersion = max(dispersion, 1.0 / MOST_EXAMPLES)
    return RewardLevels(valid, low, high, dispersion, validation_examples(curves.run.frame))


def _bounded_variance(reward: Array, low: float, high: float) -> Array:
    """Return the greatest variance of one bounded reward whose mean this is."""
    edge = LEAST_SHARE * (high - low)
    inside = np.clip(reward, low + edge, high - edge)
    return np.asarray((inside - low) * (high - inside))


@dataclass(frozen=True, eq=False)
class RewardLevels:
    """Levels of validation reward.

    Attributes
    ----------
    valid : Curve
        The curves.
    low, high : float
        Bounds of the reward.
    dispersion : float
        Variance of one evaluation around the curve, as a share of a bounded reward's variance.
    examples : int or None
        Samples behind one evaluation, where they can be recovered.
    """

    valid: Curve
    low: float
    high: float
    dispersion: float
    examples: int | None

    def at(self, step: int) -> Level:
        """Return the level at a step."""
        draws = self.valid.at([step])[:, 0]
        mean = float(draws.mean())
        variance = float(_bounded_variance(np.array([mean]), self.low, self.high)[0])
        sampled, off, of_set = (part * variance for part in self._parts())
        seen = np.flatnonzero(self.valid.readings.steps == step)
        if not len(seen):
            return Level(draws, 0.0, float(np.sqrt(off)), float(np.sqrt(of_set)))
        trusted = off / (off + sampled)
        shift = trusted * (float(self.valid.readings.values[seen[0]]) - mean)
        return Level(draws, shift, float(np.sqrt(trusted * sampled)), float(np.sqrt(of_set)))

    def _parts(self) -> tuple[float, float, float]:
        """Return the shares of sampling rollouts, of the checkpoint itself, and of the set."""
        if self.examples is None:
            sampled = (1.0 - OFF_CURVE) * self.dispersion
            of_set = sampled * BETWEEN_EXAMPLES / (1.0 - BETWEEN_EXAMPLES)
            return sampled, OFF_CURVE * self.dispersion, of_set
        sampled = min((1.0 - BETWEEN_EXAMPLES) / self.examples, self.dispersion)
        off = max(self.dispersion - sampled, 1.0 / MOST_EXAMPLES)
        return sampled, off, BETWEEN_EXAMPLES / self.examples


@dataclass(frozen=True, eq=False)
class LossLevels:
    """Levels of validation loss.

    Attributes
    ----------
    valid : Curve
        The curves.
    of_set : float
        Deviation of the whole set's loss around that of all examples, as a share of it.
    examples : None
        Losses do not show how many examples are behind them.
    """

    valid: Curve
    of_set: float
    examples: None = None

    def at(self, step: int) -> Level:
        """Return the level at a step."""
        draws = self.valid.at([step])[:, 0]
        mean = float(draws.mean())
        return Level(mean + WIDENED * (draws - mean), 0.0, 0.0, self.of_set * mean)


def loss_levels(curves: LossCurves, valid: Curve) -> LossLevels:
    """Return what makes levels of validation loss: the noise of its batches, estimated once.

    Batches of training tell it where validation logged none. A set of k batches lies off by the
    k-th root of one's noise; k is the cycle's period where there is one.
    """
    frame = curves.run.frame
    batches = finite_readings(frame, "valid_loss")
    if batches is None or len(batches) < LEAST_READINGS:
        batches = finite_readings(frame, "train_loss")
    if batches is None or len(batches) < LEAST_READINGS:
        return LossLevels(valid, USUAL_BATCH_NOISE / np.sqrt(BATCHES))
    noise, period = _batch_noise(batches)
    return LossLevels(valid, float(noise / np.sqrt(period or BATCHES)))


def _batch_noise(batches: Readings) -> tuple[float, int | None]:
    values = np.maximum(batches.values, 1e-9)
    _, period = without_cycle(batches.steps, values)
    places = batches.steps.astype(np.float64)
    return noise_of(places, values, local_mean(values), WINSORISED), period
