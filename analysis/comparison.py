"""Comparison: is one checkpoint really better than another?"""

from dataclasses import dataclass, replace
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from analysis.choices import LEAST_LEVEL
from analysis.curve.losses import LossCurves, loss_curves
from analysis.curve.rewards import RewardCurves, reward_curves
from analysis.errors import AnalysisError
from analysis.levels import Level, LossLevels, RewardLevels, loss_levels, reward_levels
from analysis.run import Run
from analysis.schema import Method
from analysis.wording import number

Array = NDArray[np.float64]

ENOUGH = 1.96  # standard errors at the 95 % level
LEAST_FACTOR, TOO_MUCH = 1.1, 1_000  # times the data: what is still put as a number
MOVED = 2.0  # sets' errors part as fast as this times the share by which the level moved


@dataclass(frozen=True)
class Difference:
    """The difference between two checkpoints.

    Attributes
    ----------
    verdict : str
        ``a_better``, ``b_better`` or ``cannot_tell``, at the 95 % level.
    probability_a_better : float
        Probability that A is better.
    estimate, low, high : float
        A minus B in the metric's unit, with its 95 % interval.
    metric : str
        The metric compared; for two runs that logged different kinds of validation, both.
    needed : str
        What would settle it; empty when it is settled.
    """

    verdict: str
    probability_a_better: float
    estimate: float
    low: float
    high: float
    metric: str
    needed: str


def compare(
    run_a: Run, step_a: int, run_b: Run, step_b: int, *, same_validation: bool = False
) -> Difference:
    """Return how far validation loss, or reward, at one checkpoint lies from that at another.

    Two steps of one run share its curves and its validation examples, so their errors cancel
    where they are common; two runs are independent.

    Parameters
    ----------
    run_a, run_b : Run
        The runs; the same one for two steps of it.
    step_a, step_b : int
        The checkpoints.
    same_validation : bool
        Whether both runs were validated on the same examples, whose luck they then share.

    Raises
    ------
    AnalysisError
        If a run has no validation, a step lies outside its run, or one run is judged by reward
        and the other by loss.
    """
    curves_a = _curves(run_a)
    curves_b = curves_a if run_b is run_a else _curves(run_b)
    return compare_curves(curves_a, step_a, curves_b, step_b, same_validation=same_validation)


def compare_curves(
    curves_a: LossCurves | RewardCurves,
    step_a: int,
    curves_b: LossCurves | RewardCurves,
    step_b: int,
    *,
    same_validation: bool = False,
) -> Difference:
    """Return what ``compare`` returns, from curves that were estimated before."""
    if isinstance(curves_a, RewardCurves) != isinstance(curves_b, RewardCurves):
        raise AnalysisError("A run judged by reward cannot be compared with one judged by loss")
    for run, step in ((curves_a.run, step_a), (curves_b.run, step_b)):
        if not 0 <= step <= run.last_step:
            raise AnalysisError(f"{run.name} has steps up to {run.last_step:,}: none is {step:,}")
    levels_a = _levels(curves_a)
    same_run = curves_b is curves_a
    levels_b = levels_a if same_run else _levels(curves_b)
    a, b = levels_a.at(step_a), levels_b.at(step_b)
    if same_run and step_a == step_b:
        gap, error = 0.0, 0.0
    else:
        gap = a.mean - b.mean
        of_curves = a.draws - b.draws if same_run else None
        error = _error(a, b, of_curves, shared=same_run or same_validation)
    found = _difference(gap, error, higher_is_better=isinstance(curves_a, RewardCurves))
    needed = ""
    if found.verdict == "cannot_tell":
        needed = _needed(gap, error, _fewest(levels_a, levels_b))
    return replace(found, metric=_metric(levels_a, levels_b), needed=needed)


def _error(a: Level, b: Level, of_curves: Array | None, *, shared: bool) -> float:
    """Return the standard error of the difference between two levels."""
    of_curve = a.draws.var() + b.draws.var() if of_curves is None else of_curves.var()
    of_set = a.of_set**2 + b.of_set**2
    if shared:
        level = max(abs(a.mean), abs(b.mean), LEAST_LEVEL)
        moved = min(MOVED * abs(a.mean - b.mean) / level, 1.0)
        of_set = max(a.of_set, b.of_set) ** 2 * moved**2
    return sqrt(of_curve + a.own**2 + b.own**2 + of_set)


def _difference(gap: float, error: float, *, higher_is_better: bool) -> Difference:
    sign = 1.0 if higher_is_better else -1.0
    probability = 0.5 * (1.0 + erf(sign * gap / (error * sqrt(2.0)))) if error > 0.0 else 0.5
    low, high = gap - ENOUGH * error, gap + ENOUGH * error
    above, below = ("a_better", "b_better") if higher_is_better else ("b_better", "a_better")
    verdict = above if low > 0 else below if high < 0 else "cannot_tell"
    return Difference(verdict, probability, gap, low, high, metric="", needed="")


def _needed(gap: float, error: float, examples: int | None) -> str:
    """Return how much more validation data would settle a difference of the estimated size."""
    if error == 0.0 or abs(gap) < 1e-12:
        return "Nothing: the two are the same on these curves"
    factor = max((ENOUGH * error / abs(gap)) ** 2, LEAST_FACTOR)
    if factor > TOO_MUCH:
        return f"More than {TOO_MUCH:,} times the validation data: take them as equal"
    if examples is None:
        return f"About {factor:.2g} times the validation data, if the difference is real"
    wanted = number(float(f"{factor * examples:.2g}"))
    return f"About {wanted} validation examples instead of {examples:,}, if the difference is real"


def _fewest(a: LossLevels | RewardLevels, b: LossLevels | RewardLevels) -> int | None:
    """Return the lesser number of validation examples of the two; None where one is unknown."""
    if a.examples is None or b.examples is None:
        return None
    return min(a.examples, b.examples)


def _curves(run: Run) -> LossCurves | RewardCurves:
    return reward_curves(run) if run.method is Method.RFT else loss_curves(run)


def _levels(curves: LossCurves | RewardCurves) -> LossLevels | RewardLevels:
    if curves.valid is None:
        raise AnalysisError(f"{curves.run.name} has no validation to compare")
    if isinstance(curves, RewardCurves):
        return reward_levels(curves, curves.valid)
    return loss_levels(curves, curves.valid)


def _metric(a: LossLevels | RewardLevels, b: LossLevels | RewardLevels) -> str:
    one, other = a.valid.column, b.valid.column
    return one if one == other else f"{one} against {other}"
