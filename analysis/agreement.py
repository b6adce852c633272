"""Agreement of two graders, by the limits of Microsoft's fine-tuning skill (reward hacking)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.grading import Array, GradingError, Z

AGREES, DISAGREES = 0.8, 0.6  # Spearman's rho from which a grader can be trusted, and must not be
LEAST_PAIRS = 5  # with fewer, an interval says nothing; our choice


@dataclass(frozen=True)
class Agreement:
    """How far two graders rank answers alike.

    Attributes
    ----------
    rho, low, high : float
        Spearman's rank correlation and its 95 % interval (Bonett and Wright 2000).
    n_pairs : int
        Answers that both graded.
    """

    rho: float
    low: float
    high: float
    n_pairs: int

    @property
    def statement(self) -> str:
        """What to do, in one sentence."""
        if self.rho >= AGREES and self.low >= DISAGREES:
            return "They agree: either can stand for the other."
        if self.rho < DISAGREES:
            return "They disagree: mend the grader before any training."
        if self.rho >= AGREES:
            return "They seem to agree, but there are too few answers to be sure: grade more."
        return "They agree in part: read the answers they rank most differently."


def agreement(first: Sequence[float] | Array, second: Sequence[float] | Array) -> Agreement:
    """Return how far two graders rank the same answers alike.

    Parameters
    ----------
    first, second : sequence of float
        Scores of the same answers in the same order; NaN where a grader gave none.

    Raises
    ------
    GradingError
        If they differ in length, share too few answers, or one gives all answers one score.
    """
    if len(first) != len(second):
        raise GradingError(
            f"One grader has {len(first)} scores, the other {len(second)}: give the same answers "
            "in the same order."
        )
    pairs = pd.DataFrame({"first": first, "second": second}).dropna()
    n_pairs = len(pairs)
    if n_pairs < LEAST_PAIRS:
        raise GradingError(f"{n_pairs} answers were graded by both: {LEAST_PAIRS} or more needed.")
    if (pairs.nunique() < 2).any():
        raise GradingError("One grader gives every answer the same score: nothing to compare.")
    rho = float(np.corrcoef(pairs.rank().to_numpy(), rowvar=False)[0, 1])
    if abs(rho) >= 1.0 - 1e-12:
        return Agreement(round(rho), round(rho), round(rho), n_pairs)
    width = Z * np.sqrt((1.0 + rho**2 / 2.0) / (n_pairs - 3))
    low, high = np.tanh(np.arctanh(rho) + np.array([-width, width]))
    return Agreement(rho, float(low), float(high), n_pairs)
