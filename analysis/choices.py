"""Choices: what each step that could be deployed is expected to cost."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST_LEVEL = 0.05  # nats per visible token: lower losses are compared as if they were this


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
    balanced : bool
        Whether weighing token accuracy chose another step than loss alone would.
    """

    steps: NDArray[np.int64]
    regret: Array
    probability_best: Array
    deployable: bool
    balanced: bool = False

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
        Loss at the steps, per visible token where that is known; one compatible curve a row.
    steps : array of int64, shape (n,)
        The steps.
    deployable : bool
        Whether these are known to be deployable.
    """
    return _least(_loss_regrets(levels), steps, deployable=deployable)


def balanced_choices(
    losses: Array,
    accuracies: Array,
    steps: NDArray[np.int64],
    priority: float,
    *,
    deployable: bool,
) -> Choices:
    """Return choices by loss and token accuracy together.

    Parameters
    ----------
    losses, accuracies : array, shape (n_draws, n)
        Both at the steps, one compatible curve a row.
    steps, deployable
        As for ``loss_choices``.
    priority : float
        Weight of regret in accuracy, in absolute points, against regret in loss, a share.
    """
    by_loss = _loss_regrets(losses)
    by_accuracy = accuracies.max(axis=1, keepdims=True) - accuracies
    found = _least(
        (1.0 - priority) * by_loss + priority * by_accuracy, steps, deployable=deployable
    )
    moved = found.chosen != int(by_loss.mean(axis=0).argmin())
    return replace(found, balanced=moved)


def _loss_regrets(levels: Array) -> Array:
    least = levels.min(axis=1, keepdims=True)
    return np.asarray((levels - least) / np.maximum(least, LEAST_LEVEL))


def _least(regrets: Array, steps: NDArray[np.int64], *, deployable: bool) -> Choices:
    wins = _wins(regrets.argmin(axis=1), len(steps))
    return Choices(steps, regrets.mean(axis=0), wins, deployable)


def reward_choices(levels: Array, steps: NDArray[np.int64], *, deployable: bool) -> Choices:
    """Return choices by reward, whose regret is E[max V - V]; parameters as ``loss_choices``."""
    regrets = levels.max(axis=1, keepdims=True) - levels
    return _least(regrets, steps, deployable=deployable)


def _wins(winners: NDArray[np.intp], n_steps: int) -> Array:
    return np.asarray(np.bincount(winners, minlength=n_steps) / len(winners))
