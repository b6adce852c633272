"""Candidates: runs at a step, and what can be set side by side of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.rewards import RewardCurves
from analysis.report import Report
from analysis.schema import Direction

VALIDATION, TRAINING, ACCURACY, LENGTH = "Validation", "Training", "Token accuracy", "Answer tokens"
QUANTITIES = (VALIDATION, TRAINING, ACCURACY, LENGTH)
REGRET = "Expected regret"


@dataclass(frozen=True, eq=False)
class At:
    """A run at a step.

    Attributes
    ----------
    letter : str
        What the candidate is called.
    report : Report
        The report on its run.
    step : int
        The step.
    """

    letter: str
    report: Report
    step: int


@dataclass(frozen=True)
class Row:
    """One value of every candidate.

    Attributes
    ----------
    name : str
        What it is.
    values : tuple of float
        One a candidate; NaN where it is not known.
    direction : Direction
        Which way it improves.
    as_share : bool
        Whether it reads better as a percentage.
    """

    name: str
    values: tuple[float, ...]
    direction: Direction
    as_share: bool = False

    @property
    def deltas(self) -> tuple[float, ...]:
        """Each value less the first; NaN where either is not known."""
        return tuple(value - self.values[0] for value in self.values)


def curve_of(report: Report, quantity: str) -> Curve | None:
    """Return the curve behind a quantity; None where the run logged none."""
    curves = report.curves
    if quantity == VALIDATION:
        return curves.valid
    if quantity == TRAINING:
        return curves.train
    if quantity == ACCURACY:
        return curves.accuracy if isinstance(curves, LossCurves) else None
    return curves.tokens if isinstance(curves, RewardCurves) else None


def rows_of(candidates: Sequence[At]) -> tuple[Row, ...]:
    """Return the values of candidates, row by row; a row that none of them has is left out.

    Loss and reward are rows of their own.
    """
    rows = [row for quantity in QUANTITIES for row in _curve_rows(candidates, quantity)]
    rows.append(_regret_row(candidates))
    epochs = tuple(_epoch(candidate) for candidate in candidates)
    rows.append(Row("Epoch", epochs, Direction.NONE))
    return tuple(row for row in rows if not all(isnan(value) for value in row.values))


def by_reward(report: Report) -> bool:
    """Return whether a run is judged by reward."""
    return isinstance(report.curves, RewardCurves)


def _curve_rows(candidates: Sequence[At], quantity: str) -> list[Row]:
    if quantity == ACCURACY:
        return [_curve_row(candidates, quantity, ACCURACY, Direction.HIGHER)]
    if quantity == LENGTH:
        return [_curve_row(candidates, quantity, LENGTH, Direction.LOWER)]
    losses = [c for c in candidates if not by_reward(c.report)]
    rewards = [c for c in candidates if by_reward(c.report)]
    return [
        _curve_row(candidates, quantity, f"{quantity} {word}", direction, only)
        for word, direction, only in (
            ("loss", Direction.LOWER, losses),
            ("reward", Direction.HIGHER, rewards),
        )
    ]


def _curve_row(
    candidates: Sequence[At],
    quantity: str,
    name: str,
    direction: Direction,
    only: Sequence[At] | None = None,
) -> Row:
    values = []
    for candidate in candidates:
        curve = curve_of(candidate.report, quantity)
        told = curve is not None and (only is None or candidate in only)
        values.append(float(curve.middle([candidate.step])[0]) if curve and told else float("nan"))
    return Row(name, tuple(values), direction, as_share=quantity == ACCURACY)


def _regret_row(candidates: Sequence[At]) -> Row:
    values = tuple(_regret(candidate) for candidate in candidates)
    in_reward = any(by_reward(candidate.report) for candidate in candidates)
    return Row(REGRET, values, Direction.LOWER, as_share=not in_reward)


def _regret(candidate: At) -> float:
    """Return what the step is expected to lose against the best choice of its own run."""
    choices = candidate.report.recommendation.choices
    if choices is None:
        return float("nan")
    at = np.flatnonzero(choices.steps == candidate.step)
    return float(choices.regret[at[0]]) if len(at) else float("nan")


def _epoch(candidate: At) -> float:
    n_epochs = candidate.report.curves.n_epochs
    if not n_epochs:
        return float("nan")
    return candidate.step / max(candidate.report.run.last_step, 1) * n_epochs
