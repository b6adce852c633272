"""The rules of Microsoft's skill taken literally: single points, no noise, batch column first."""

import numpy as np

from analysis import Run


def naive_label(run: Run) -> str:
    """Return the label that the literal rules give."""
    frame = run.frame
    column = next((c for c in ("valid_loss", "full_valid_loss") if c in frame), None)
    if column is None:
        return "no_validation"
    train = frame["train_loss"].replace(np.inf, np.nan).dropna()
    valid = frame[column].replace(np.inf, np.nan).dropna()
    if train.iloc[-1] < 0.05:
        return "crash_zero"
    ratio, above = valid.iloc[-1] / train.iloc[-1], valid.iloc[-1] / max(valid.min(), 1e-9)
    if ratio > 2:
        return "overfit_severe"
    if ratio > 1.5 or above > 1.2:
        return "overfit_moderate"
    if ratio > 1.2:
        return "overfit_mild"
    if 1 - train.iloc[-1] / train.iloc[0] < 0.145:
        return "both_high" if min(train.iloc[-1], valid.iloc[-1]) > 2 else "underfit"
    return "healthy"


def naive_step(run: Run) -> int:
    """Return the step of the lowest logged validation value among those that can be chosen."""
    frame = run.frame
    column = next((c for c in ("valid_loss", "full_valid_loss") if c in frame), None)
    saved = [checkpoint.step for checkpoint in run.checkpoints]
    if column is None:
        return run.last_step
    logged = frame.dropna(subset=[column])
    best = int(logged.loc[logged[column].idxmin(), "step"])
    return min(saved, key=lambda step: abs(step - best)) if saved else best
