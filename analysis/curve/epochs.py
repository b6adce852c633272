"""Epochs: how often the run passed over its data, known or inferred."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.curve.gaussian_process import epoch_evidence
from analysis.curve.kernel import TRAIN
from analysis.curve.points import Points
from analysis.schema import STEP

Array = NDArray[np.float64]

USUAL = (0.12, 0.16, 0.25, 0.12, 0.1, 0.07, 0.05, 0.05, 0.04, 0.04)  # of 1 to 10; our choice
MIN_SEAM_POINTS = 20  # points of training loss from which jumps at seams can show
AT_EPOCH_ENDS = ("full_valid_loss", "classification/accuracy")
UNEVEN = 0.02  # of an epoch: its last batch may be short
FEW = 5  # full passes that are taken for ends of epochs even where no batch column says so


def known_epochs(frame: pd.DataFrame) -> float | None:
    """Return the number of epochs that the file itself states; None when it does not.

    The platforms run a full validation at the end of each epoch, so evenly spaced full
    validations that end with the run count its epochs. A logged ``epoch`` column says it outright,
    unless it counts more epochs than steps.
    """
    if "epoch" in frame:
        passed = float(frame["epoch"].replace(np.inf, np.nan).max())
        return passed if 0 < passed <= max(int(frame[STEP].iloc[-1]), 1) else None
    column = next((name for name in AT_EPOCH_ENDS if name in frame), None)
    if column is None:
        return None
    steps = frame.loc[frame[column].notna(), STEP].to_numpy()
    gaps = np.diff(np.concatenate([[0], steps]))
    even = len(gaps) >= 1 and gaps.max() - gaps.min() <= 1 + UNEVEN * float(np.median(gaps))
    at_ends = "valid_loss" in frame or len(steps) <= FEW
    last = int(frame[STEP].iloc[-1])
    return float(len(steps)) if even and at_ends and steps[-1] >= last - 1 else None


def plausible_epochs(points: Points | None, n_draws: int) -> Array:
    """Return numbers of epochs in proportion to their probability, shape (n_draws,).

    What jobs usually have, weighed by how well jumps of training loss at epoch seams fit.
    """
    weights = np.array(USUAL)
    train = points.of_kind(TRAIN) if points is not None else None
    if train is not None and len(train.y) >= MIN_SEAM_POINTS:
        evidence = epoch_evidence(train, range(1, len(weights) + 1))
        weights = weights * np.exp(evidence - evidence.max())
    edges = np.cumsum(weights) / weights.sum()
    ranks = (np.arange(n_draws) * 97 % n_draws + 0.5) / n_draws  # spread over the draws
    return np.asarray(np.searchsorted(edges, ranks) + 1, dtype=np.float64)
