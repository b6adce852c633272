"""The curves behind an RFT run: training and validation reward, and the length of answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import GRID, N_DRAWS, SEED, Curve
from analysis.curve.gaussian_process import draw_curves
from analysis.curve.kernel import TRAIN, VALID
from analysis.curve.points import joined
from analysis.curve.readings import Readings, finite_readings, lengths_of
from analysis.curve.scale import LinearScale, LogScale
from analysis.curve.span import first_step_of
from analysis.run import Run

Array = NDArray[np.float64]

MAX_BINS = 40  # our choice: as fine as any rule looks, and it bounds the cost of a run
UNIT = 0.35  # of the reward's range: makes the sizes in the kernel fit rewards as well as losses
LEAST_NOISE, USUAL_NOISE = 0.003, 0.05  # of one step's mean reward, as shares of the range
RANGE = (0.02, 0.98)  # quantiles that span the range of rewards which are not bounded by 1
TOKEN_SCALE = LogScale(floor=1.0, least_noise=0.01, usual_noise=0.1)


@dataclass(frozen=True, eq=False)
class RewardCurves:
    """Everything the RFT rules look at.

    Attributes
    ----------
    run : Run
        The run itself.
    train : Curve or None
        Training reward: over graded rollouts only, where that was logged.
    valid : Curve or None
        Validation reward.
    tokens : Curve or None
        Completion tokens.
    range : float
        What thresholds on rewards are shares of: 1 for rewards between -1 and 1, else the
        observed range.
    """

    run: Run
    train: Curve | None
    valid: Curve | None
    tokens: Curve | None
    range: float

    @property
    def fitted(self) -> tuple[Curve, ...]:
        """Every curve there is, of training first."""
        return tuple(c for c in (self.train, self.valid, self.tokens) if c is not None)

    @property
    def n_epochs(self) -> float | None:
        """Passes over the data, from the job; None when unknown."""
        return self.run.n_epochs


def reward_curves(run: Run) -> RewardCurves:
    """Return the curves behind an RFT run.

    Ungraded rollouts count as -1 in the training reward that Azure and OpenAI report, but not in
    validation; so the graded reward is used where it can be had.
    """
    graded = finite_readings(run.frame, "train_graded_reward")
    train = graded if graded is not None else finite_readings(run.frame, "train_mean_reward")
    valid = finite_readings(run.frame, "full_valid_mean_reward")
    logged = [r for r in (train, valid) if r is not None]
    span, first = _range(logged), first_step_of(logged, run.last_step)
    scale = LinearScale(UNIT * span, LEAST_NOISE * span, USUAL_NOISE * span)
    parts = [
        scale.points(readings, run.last_step, kind, MAX_BINS, first)
        for readings, kind in ((train, TRAIN), (valid, VALID))
        if readings is not None
    ]
    train_draws = valid_draws = np.zeros((N_DRAWS, len(GRID)))
    if parts:
        drawn = draw_curves(
            joined(parts), GRID, n_epochs=None, n_draws=N_DRAWS, seed=SEED, falls=False
        )
        train_draws, valid_draws = (scale.back(curves) for curves in drawn)
    return RewardCurves(
        run=run,
        train=None if train is None else Curve(train, train_draws, run.last_step, None, first),
        valid=None if valid is None else Curve(valid, valid_draws, run.last_step, None, first),
        tokens=_tokens(run),
        range=span,
    )


def _range(logged: list[Readings]) -> float:
    """Return 1 for rewards between -1 and 1, else the range between their extreme quantiles."""
    values = np.concatenate([readings.values for readings in logged]) if logged else np.zeros(1)
    if np.abs(values).max() <= 1.0:
        return 1.0
    low, high = np.quantile(values, RANGE)
    return max(float(high - low), 1e-6)


def _tokens(run: Run) -> Curve | None:
    readings = lengths_of(run.frame, "completion_tokens_mean")
    if readings is None:
        return None
    first = first_step_of([readings], run.last_step)
    points = TOKEN_SCALE.points(readings, run.last_step, TRAIN, MAX_BINS, first)
    logs, _ = draw_curves(
        points, GRID, n_epochs=None, n_draws=N_DRAWS, seed=SEED, falls=False, plain=True
    )
    return Curve(readings, TOKEN_SCALE.back(logs), run.last_step, None, first)
