"""Quantities that several rules speak of, one value for each compatible curve.

Progress is step / last step; every level is a mean over a window of progress, never one point.
Windows and names follow the notation of the rules: T training loss, V validation loss.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import GRID, Curve
from analysis.curve.losses import LossCurves
from analysis.run import Run
from analysis.schema import Method

Array = NDArray[np.float64]

START = 0.04  # the first share of the run that counts as its start ...
START_EPOCHS = 0.3  # ... or this many epochs, whichever is less
TRAIN_END = (0.95, 1.0)
VALID_END = (0.97, 1.0)
TINY = 1e-9
HIDDEN_TOKENS = 2
LEAST_LEVEL = 0.05  # nats per visible token: a rise from less is measured against this


def start_level(curve: Curve, epochs: Array) -> Array:
    """Return the level at the start of the run, shape (n_draws,)."""
    return curve.mean(0.0, np.minimum(START, START_EPOCHS / epochs))


def train_end(train: Curve) -> Array:
    """Return the training loss at the end of the run, shape (n_draws,)."""
    return train.mean(*TRAIN_END)


def valid_end(valid: Curve) -> Array:
    """Return the validation loss at the end of the run, shape (n_draws,)."""
    return valid.mean(*VALID_END)


def rise(valid: Curve, run: Run) -> Array:
    """Return how far validation ends above its best, as a share of the best (Prechelt's GL)."""
    best = np.minimum(valid.least(), valid_end(valid))
    least = LEAST_LEVEL / visible_factor(run)
    return np.asarray((valid_end(valid) - best) / np.maximum(best, least))


def train_rise(train: Curve) -> Array:
    """Return how far training loss ends above its best, as a share of the best."""
    end = train_end(train)
    return np.asarray(end / np.maximum(np.minimum(train.least(), end), TINY) - 1.0)


def ratio(train: Curve, valid: Curve) -> Array:
    """Return validation over training loss at the end of the run."""
    return np.asarray(valid_end(valid) / np.maximum(train_end(train), TINY))


def train_drop(curves: LossCurves, train: Curve) -> Array:
    """Return how far training loss fell, as a share of its start."""
    start = np.maximum(start_level(train, curves.epochs), TINY)
    return np.asarray(1.0 - train_end(train) / start)


def train_drop_after_hidden(train: Curve) -> Array:
    """Return how far training loss fell, as a share, since hidden tokens were learned.

    They are two fixed tokens at the end of every answer, and taken to be learned within the first
    tenth of the run; our choice.
    """
    start = np.maximum(train.mean(0.1, 0.2), TINY)
    return np.asarray(1.0 - train_end(train) / start)


def late_drop(valid: Curve) -> Array:
    """Return how far validation fell over the last fifth, as a share of its level at the end."""
    end = valid_end(valid)
    return np.asarray((valid.mean(0.76, 0.84) - end) / np.maximum(end, TINY))


def first_epoch_ratio(curves: LossCurves, train: Curve, valid: Curve) -> Array:
    """Return mean validation over mean training loss within epoch 1, before an example repeats."""
    end = np.minimum(1.0 / curves.epochs, 1.0)
    return np.asarray(valid.mean(0.0, end) / np.maximum(train.mean(0.0, end), TINY))


def first_epoch_share(curves: LossCurves, valid: Curve) -> Array:
    """Return the share of validation's whole gain that the first epoch brought."""
    start = start_level(valid, curves.epochs)
    end = 1.0 / curves.epochs
    after = valid.mean(0.97 * end, end)
    gain = start - np.minimum(valid.least(), valid_end(valid))
    return np.asarray((start - after) / np.maximum(gain, TINY))


def late_share(curves: LossCurves, valid: Curve) -> Array:
    """Return the share of validation's whole gain that came after 65 % of the run."""
    start = start_level(valid, curves.epochs)
    gain = np.maximum(start - np.minimum(valid.least(), valid_end(valid)), 0.04 * start)
    return np.asarray((valid.mean(0.6, 0.7) - valid_end(valid)) / np.maximum(gain, TINY))


def reversals(curve: Curve, size: float) -> Array:
    """Return how often each curve turns after moving by more than a share of its level.

    A zigzag filter: a turn counts once the curve has moved by ``size`` away from its last extreme.
    """
    values = curve.draws[:, GRID >= START]
    extreme = values[:, 0].copy()
    direction = np.zeros(len(values))
    turns = np.zeros(len(values))
    for column in values.T[1:]:
        moved = column / np.maximum(extreme, TINY) - 1.0
        starts = (direction == 0) & (np.abs(moved) > size)
        turned = (direction != 0) & (moved * direction < -size)
        further = (direction != 0) & (moved * direction > 0)
        turns += turned
        direction = np.where(starts | turned, np.sign(moved), direction)
        extreme = np.where(starts | turned | further, column, extreme)
    return turns


def late_train_rise(train: Curve) -> Array:
    """Return how far above its best training loss stayed all through the last tenth."""
    best = np.maximum(np.minimum(train.least(), train_end(train)), TINY)
    lowest = np.minimum(train.mean(0.9, 0.95), train.mean(0.95, 1.0))
    return np.asarray(lowest / best - 1.0)


def accuracy_fall(accuracy: Curve) -> Array:
    """Return how far token accuracy ends below its best, absolute."""
    end = accuracy.mean(*VALID_END)
    return np.asarray(np.maximum(accuracy.greatest(), end) - end)


def stair_drops(train: Curve, n_epochs: float) -> tuple[Array, Array]:
    """Return the mean drop of training loss at epoch seams, and its mean fall within epochs.

    Both as shares of the level before, over the last and first thirds of neighbouring epochs;
    the first epoch's own fall is left out.
    """
    at_seams, within = [], []
    third = 0.3 / n_epochs
    for seam in np.arange(1, int(n_epochs)) / n_epochs:
        before = np.maximum(train.mean(seam - third, float(seam)), TINY)
        after = train.mean(float(seam), seam + third)
        last = train.mean(seam + 1.0 / n_epochs - third, min(seam + 1.0 / n_epochs, 1.0))
        at_seams.append(1.0 - after / before)
        within.append(1.0 - last / np.maximum(after, TINY))
    return np.mean(at_seams, axis=0), np.mean(within, axis=0)


def visible(loss: Array, run: Run) -> Array:
    """Return a loss per visible token, where that can be told from the loss as logged."""
    return np.asarray(loss * visible_factor(run))


def visible_factor(run: Run) -> float:
    """Return how much higher a loss is per visible token: 1 where that is not known.

    OpenAI averages over the visible tokens of an answer and two hidden ones, which a tuned model
    predicts almost surely: loss x (n + 2) / n for n visible tokens (LessWrong zDnA4SEbkeCj2CDHp,
    measured for GPT-4.1 and one-token answers; elsewhere a hypothesis). It needs a file of
    OpenAI's, the length of the answers, and a loss per token, which that of DPO is not.
    """
    tokens = run.answer_tokens or 0.0
    by_token = run.method is not Method.DPO and run.origin.format.startswith("openai")
    if not (by_token and np.isfinite(tokens) and tokens > 0):
        return 1.0
    return (tokens + HIDDEN_TOKENS) / tokens
