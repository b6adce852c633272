"""Comparison: is one checkpoint really better than another?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import Curve
from analysis.curve.losses import loss_curves
from analysis.curve.rewards import reward_curves
from analysis.errors import AnalysisError
from analysis.run import Run
from analysis.schema import Method

LEVEL = 0.95
ENOUGH = 1.96  # standard errors at the 95 % level


@dataclass(frozen=True)
class Difference:
    """The difference between two checkpoints.

    Attributes
    ----------
    verdict : str
        ``a_better``, ``b_better`` or ``cannot_tell``, at the 95 % level.
    probability_a_better : float
        Share of the compatible curves in which A is better.
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


def compare(run_a: Run, step_a: int, run_b: Run, step_b: int) -> Difference:
    """Return how far validation loss, or reward, at one checkpoint lies from that at another.

    Two steps of one run share its curves, so their errors cancel where they are common; two runs
    are independent.

    Raises
    ------
    AnalysisError
        If a run has no validation, a step lies outside its run, or one run is judged by reward
        and the other by loss.
    """
    by_reward = run_a.method is Method.RFT
    if by_reward != (run_b.method is Method.RFT):
        raise AnalysisError("A run judged by reward cannot be compared with one judged by loss")
    for run, step in ((run_a, step_a), (run_b, step_b)):
        if not 0 <= step <= run.last_step:
            raise AnalysisError(f"{run.name} has steps up to {run.last_step:,}: none is {step:,}")
    valid_a = _valid(run_a)
    valid_b = valid_a if run_b is run_a else _valid(run_b)
    levels_a, levels_b = valid_a.at([step_a])[:, 0], valid_b.at([step_b])[:, 0]
    if valid_a is not valid_b:
        levels_b = np.roll(levels_b, len(levels_b) // 2)  # the draws share a seed, not a cause
    metric = _metric(valid_a, valid_b)
    return _difference(levels_a - levels_b, metric, higher_is_better=by_reward)


def _difference(gaps: NDArray[np.float64], metric: str, *, higher_is_better: bool) -> Difference:
    low, high = (float(edge) for edge in np.quantile(gaps, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    estimate = float(gaps.mean())
    above, below = ("a_better", "b_better") if higher_is_better else ("b_better", "a_better")
    ahead = gaps > 0 if higher_is_better else gaps < 0
    probability = float(ahead.mean() + 0.5 * (gaps == 0).mean())
    verdict = above if low > 0 else below if high < 0 else "cannot_tell"
    needed = ""
    if verdict == "cannot_tell":
        needed = _needed(estimate, float(gaps.std()))
    return Difference(verdict, probability, estimate, low, high, metric, needed)


def _needed(estimate: float, error: float) -> str:
    """Return how much more validation data would settle a difference of the estimated size."""
    if error == 0.0 or abs(estimate) < 1e-12:
        return "Nothing: the two are the same on these curves"
    factor = (ENOUGH * error / abs(estimate)) ** 2
    if factor > 1000:
        return "More than 1,000 times the validation data: take them as equal"
    return f"About {max(factor, 1.1):.2g} times the validation data, if the difference is real"


def _valid(run: Run) -> Curve:
    by_reward = run.method is Method.RFT
    valid = reward_curves(run).valid if by_reward else loss_curves(run).valid
    if valid is None:
        raise AnalysisError(f"{run.name} has no validation to compare")
    return valid


def _metric(a: Curve, b: Curve) -> str:
    return a.column if a.column == b.column else f"{a.column} against {b.column}"
