"""Choices: what each step that could be deployed is expected to cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST_LEVEL = 0.05  # nats per token: losses below this are compared as if they were this


@dataclass(frozen=True, eq=False)
class Choices:
    """The steps to choose from.

    Attributes
    ----------
    steps : array of int64, shape (n,)
        Deployable steps where any is known, else the evaluated ones and the last; ascending.
    regret : array, shape (n,)
        Expected regret against the best of them: a share of the loss, or reward.
    probability_best : array, shape (n,)
        Share of the compatible curves in which the step is the best choice.
    deployable : bool
        Whether these are known to be deployable.
    """

    steps: NDArray[np.int64]
    regret: Array
    probability_best: Array
    deployable: bool

    @property
    def chosen(self) -> int:
        """Index of the step of least expected regret."""
        return int(self.regret.argmin())

    def tied(self, share: float) -> tuple[int, ...]:
        """Return the smallest set of steps that holds the best one with this probability."""
        order = np.argsort(-self.probability_best, kind="stable")
        reached = np.cumsum(self.probability_best[order])
        n_tied = int(np.searchsorted(reached, share - 1e-9)) + 1
        return tuple(sorted(int(step) for step in self.steps[order[:n_tied]]))


def loss_choices(levels: Array, steps: NDArray[np.int64], *, deployable: bool) -> Choices:
    """Return choices by loss, whose regret is E[V / min V - 1].

    Parameters
    ----------
    levels : array, shape (n_draws, n)
        Loss at the steps, one compatible curve a row.
    steps : array of int64, shape (n,)
        The steps.
    deployable : bool
        Whether these are known to be deployable.
    """
    least = levels.min(axis=1, keepdims=True)
    regret = ((levels - least) / np.maximum(least, LEAST_LEVEL)).mean(axis=0)
    return Choices(steps, regret, _wins(levels.argmin(axis=1), len(steps)), deployable)


def reward_choices(levels: Array, steps: NDArray[np.int64], *, deployable: bool) -> Choices:
    """Return choices by reward, whose regret is E[max V - V]; parameters as ``loss_choices``."""
    greatest = levels.max(axis=1, keepdims=True)
    regret = (greatest - levels).mean(axis=0)
    return Choices(steps, regret, _wins(levels.argmax(axis=1), len(steps)), deployable)


def _wins(winners: NDArray[np.intp], n_steps: int) -> Array:
    return np.asarray(np.bincount(winners, minlength=n_steps) / len(winners))
