"""Builders: runs whose underlying curves are known."""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import Run, run_from_frame

N_STEPS = 300


def progress(n_steps: int = N_STEPS) -> np.ndarray:
    """Return the share of the run that has passed at each step."""
    return np.arange(1, n_steps + 1) / n_steps


def falling(start: float = 2.0, end: float = 0.8, n_steps: int = N_STEPS) -> np.ndarray:
    """Return a loss that falls fast, then levels off."""
    return end + (start - end) * np.exp(-9.0 * progress(n_steps))


def turning(best: float = 0.8, rise: float = 0.4, n_steps: int = N_STEPS) -> np.ndarray:
    """Return a loss that falls to its best at a third of the run and rises again by a share."""
    late = np.maximum(progress(n_steps) - 1 / 3, 0.0) * 1.5
    return falling(2.0, best, n_steps) + best * rise * late


def noisy(curve: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """Return a curve as single batches would show it."""
    rng = np.random.default_rng(seed)
    return curve * np.maximum(1.0 + noise * rng.standard_normal(len(curve)), 0.02)


def sparse(values: np.ndarray, every: int) -> np.ndarray:
    """Return the values with all but each ``every``-th blank; the last is kept."""
    steps = np.arange(1, len(values) + 1)
    return np.where((steps % every == 0) | (steps == len(values)), values, np.nan)


def make_frame(**columns: Sequence[float] | np.ndarray) -> pd.DataFrame:
    """Return a frame with steps from 1 and these columns."""
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"step": np.arange(1, length + 1), **columns})


def make_run(
    train: np.ndarray | None = None,
    valid: np.ndarray | None = None,
    full: np.ndarray | None = None,
    *,
    noise: float = 0.05,
    every: int = 5,
    seed: int = 0,
    checkpoints: Sequence[int] = (),
    n_epochs: float | None = None,
) -> Run:
    """Return an SFT run with noise on its training and batch validation loss."""
    columns = {}
    if train is not None:
        columns["train_loss"] = noisy(train, noise, seed)
    if valid is not None:
        columns["valid_loss"] = sparse(noisy(valid, noise, seed + 1), every)
    if full is not None:
        columns["full_valid_loss"] = sparse(noisy(full, 0.003, seed + 2), len(full) // 6)
    frame = make_frame(**columns)
    return run_from_frame(frame, name="built", checkpoints=checkpoints, n_epochs=n_epochs)


def csv_of(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a CSV file."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()
