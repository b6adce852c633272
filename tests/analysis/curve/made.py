"""Curves made by formula, so that everything about them is known."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.curve.curve import GRID, N_DRAWS, Curve
from analysis.curve.losses import LossCurves
from analysis.curve.readings import Readings
from tests.builders import make_run

LAST_STEP = 200


def curve_of(formula: Callable[[np.ndarray], np.ndarray], column: str = "train_loss") -> Curve:
    """Return a curve all of whose draws follow a formula of progress."""
    return curve_with(np.tile(formula(GRID), (N_DRAWS, 1)), column)


def curve_with(draws: np.ndarray, column: str = "train_loss") -> Curve:
    """Return a curve with these draws on the grid."""
    steps = np.arange(1, LAST_STEP + 1)
    readings = Readings(column, steps, np.interp(steps / LAST_STEP, GRID, draws.mean(axis=0)))
    return Curve(readings, draws, LAST_STEP)


def level(value: float) -> Curve:
    """Return a curve that stays where it is."""
    return curve_of(lambda p: np.full_like(p, value))


def stepping(early: float, late: float) -> Curve:
    """Return a curve at one level in the first half of the run and at another afterwards."""
    return curve_of(lambda p: np.where(p < 0.5, early, late))


def loss_curves_of(train: Curve, valid: Curve, n_epochs: float) -> LossCurves:
    """Return what the SFT rules look at, for two curves and a known number of epochs."""
    run = make_run(np.ones(LAST_STEP), np.ones(LAST_STEP))
    epochs = np.full(N_DRAWS, n_epochs)
    return LossCurves(run, train, valid, None, n_epochs, epochs, None)


def column_frame(**columns: np.ndarray) -> pd.DataFrame:
    """Return a canonical frame with steps from 1 and these columns."""
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"step": np.arange(1, length + 1), **columns})
