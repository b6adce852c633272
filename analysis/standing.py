"""Standing: how each step compares with the best one, as the whole run shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.choices import LEAST_LEVEL
from analysis.curve.quantities import visible
from analysis.report import Report
from analysis.schema import Method
from analysis.verdict import Status
from analysis.wording import regret


@dataclass(frozen=True)
class Standing:
    """What the whole run says of deploying one step.

    Attributes
    ----------
    step : int
        The step.
    status : Status
        PASS where it is tied with the best, WARN where it is worse, FAIL where nothing is usable,
        INSUFFICIENT_DATA where validation does not allow a comparison.
    label : str
        The outcome in at most three words.
    statement : str
        The outcome in one sentence, no markup.
    model : str or None
        The name to deploy it by.
    """

    step: int
    status: Status
    label: str
    statement: str
    model: str | None = None


def standings(report: Report, steps: Sequence[int]) -> tuple[Standing, ...]:
    """Return the standing of each step against the recommended one.

    Regret is E[V(step) / V(recommended) - 1] over the compatible curves for losses, per visible
    token, and E[V(recommended) - V(step)] for rewards: see ``analysis.choices``.
    """
    advised, valid = report.recommendation.step, report.curves.valid
    if advised is None or valid is None or not len(steps):
        return tuple(_unknown(report, step) for step in steps)
    levels = valid.at([int(step) for step in steps])
    there = valid.at([advised])
    in_reward = report.run.method is Method.RFT
    if in_reward:
        worse = (there - levels).mean(axis=0)
        surely = (there > levels).mean(axis=0)
    else:
        levels, there = visible(levels, report.run), visible(there, report.run)
        worse = ((levels - there) / np.maximum(there, LEAST_LEVEL)).mean(axis=0)
        surely = (levels > there).mean(axis=0)
    return tuple(
        _judged(report, int(step), float(apart), float(share))
        for step, apart, share in zip(steps, worse, surely, strict=True)
    )


def _judged(report: Report, step: int, worse: float, surely: float) -> Standing:
    recommendation, model = report.recommendation, _model(report, step)
    lost_from = getattr(report.curves, "lost_from", None)
    in_reward = report.run.method is Method.RFT
    word = "reward" if in_reward else "validation loss"
    advised = f"step {recommendation.step:,}"
    if lost_from is not None and step >= lost_from:
        statement = f"The loss became infinite at step {lost_from:,}: nothing from there is usable."
        return Standing(step, Status.FAIL, "Lost", statement, model)
    if step == recommendation.step:
        statement = "Of the steps that can be chosen, this one is expected to cost least."
        return Standing(step, Status.PASS, "Recommended", statement, model)
    size = regret(abs(worse), in_reward=in_reward)
    side = "lower" if (worse > 0) == in_reward else "higher"
    expected = f"Expected {word} {size} {side} than at {advised}"
    chance = f"worse with {surely:.0%} probability"
    statement = f"{expected}, {chance}."
    if step in recommendation.tied_steps:
        return Standing(step, Status.PASS, "Tied with the best", statement, model)
    if worse <= 0:
        return Standing(step, Status.PASS, _better_label(report, step), statement, model)
    return Standing(step, Status.WARN, f"Worse than {advised}", statement, model)


def _better_label(report: Report, step: int) -> str:
    saved = {checkpoint.step for checkpoint in report.run.checkpoints}
    return "As good" if step in saved or not saved else "As good, but not saved"


def _unknown(report: Report, step: int) -> Standing:
    statement = "No step can be told from another: there is not enough validation to compare them."
    return Standing(step, Status.INSUFFICIENT_DATA, "Cannot tell", statement, _model(report, step))


def _model(report: Report, step: int) -> str | None:
    return next((c.model for c in report.run.checkpoints if c.step == step), None)
