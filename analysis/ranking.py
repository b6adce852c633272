"""Ranking: the steps that can be deployed, by quality and cost as the user weighs them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curve.losses import LossCurves
from analysis.curve.rewards import RewardCurves
from analysis.pareto import on_front
from analysis.prices import Price, cost_of_answers
from analysis.report import Report

Array = NDArray[np.float64]

TIMES = "\N{MULTIPLICATION SIGN}"
FORMULA = f"(1 \N{MINUS SIGN} w) {TIMES} expected regret + w {TIMES} extra cost"


@dataclass(frozen=True)
class Ranked:
    """One step that can be deployed.

    Attributes
    ----------
    step : int
        The step.
    model : str or None
        The name to deploy it by.
    validation : float
        Validation loss or reward on the curve.
    accuracy : float
        Validation token accuracy; NaN where not logged.
    tokens, cost : float
        Completion tokens of an answer, and dollars for 1,000 answers; NaN where not logged.
    regret : float
        Expected regret: a share of the loss, or reward.
    probability_best : float
        Chance to be the best choice.
    tied : bool
        Whether it is in the smallest set that holds the best choice with 90 %.
    on_front : bool
        Whether no other choice is as good at fewer tokens; True where none were logged.
    weighed : float
        What the ranking goes by, smaller first.
    """

    step: int
    model: str | None
    validation: float
    accuracy: float
    tokens: float
    cost: float
    regret: float
    probability_best: float
    tied: bool
    on_front: bool
    weighed: float


def ranked(report: Report, price: Price, prompt_tokens: float, weight: float) -> tuple[Ranked, ...]:
    """Return the steps that can be deployed, the best first; none where nothing was validated.

    Parameters
    ----------
    report : Report
        The report on the run; the balance of loss and token accuracy is already in it.
    price : Price
        Of tokens.
    prompt_tokens : float
        Mean length of a prompt.
    weight : float
        Of extra cost against regret, 0 to 1: ``FORMULA``. Extra cost is a share of the cheapest
        choice's; regret is a share of the loss, or of the reward's range.
    """
    choices = report.recommendation.choices
    curves = report.curves
    if choices is None or curves.valid is None:
        return ()
    levels = curves.valid.middle(choices.steps)
    tokens, accuracies = _tokens(report, choices.steps), _accuracies(report, choices.steps)
    costs = np.array([cost_of_answers(each, prompt_tokens, price) for each in tokens])
    losses = -levels if isinstance(curves, RewardCurves) else levels
    front = on_front(losses, tokens) | np.isnan(tokens)
    weighed = _weighed(choices.regret / _unit(curves), costs, weight)
    names = {checkpoint.step: checkpoint.model for checkpoint in report.run.checkpoints}
    rows = [
        Ranked(
            step=int(step),
            model=names.get(int(step)),
            validation=float(levels[index]),
            accuracy=float(accuracies[index]),
            tokens=float(tokens[index]),
            cost=float(costs[index]),
            regret=float(choices.regret[index]),
            probability_best=float(choices.probability_best[index]),
            tied=int(step) in report.recommendation.tied_steps,
            on_front=bool(front[index]),
            weighed=float(weighed[index]),
        )
        for index, step in enumerate(choices.steps)
    ]
    return tuple(sorted(rows, key=lambda row: (row.weighed, row.step)))


def _unit(curves: LossCurves | RewardCurves) -> float:
    return curves.range if isinstance(curves, RewardCurves) else 1.0


def _tokens(report: Report, steps: NDArray[np.int64]) -> Array:
    curves = report.curves
    if isinstance(curves, RewardCurves) and curves.tokens is not None:
        return curves.tokens.middle(steps)
    return np.full(len(steps), np.nan)


def _accuracies(report: Report, steps: NDArray[np.int64]) -> Array:
    curves = report.curves
    if isinstance(curves, LossCurves) and curves.accuracy is not None:
        return curves.accuracy.middle(steps)
    return np.full(len(steps), np.nan)


def _weighed(regrets: Array, costs: Array, weight: float) -> Array:
    """Return regret and extra cost together; regret alone where costs are not known."""
    if np.isnan(costs).any() or costs.min() <= 0.0:
        return regrets
    return np.asarray((1.0 - weight) * regrets + weight * (costs / costs.min() - 1.0))
