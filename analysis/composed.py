"""Composed columns: canonical metrics that columns of other tools amount to."""

import re

import numpy as np
import pandas as pd

from analysis.canonical import ImportNote, count_of

ABORTED = "response/aborted_ratio"  # verl and Amazon Nova: 0 when every rollout completed
# Hugging Face's Trainer, given several held-out sets, logs each under its own name.
HELD_OUT_SETS = {
    "valid_loss": re.compile(r"eval_(?!runtime)(.+)_loss"),
    "valid_mean_token_accuracy": re.compile(r"eval_(.+)_mean_token_accuracy"),
}
# Seconds since 1970 stay below 1e11 until the year 5138; larger numbers count smaller units.
TIME_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


def with_composed_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
    """Return the canonical frame with what its other columns amount to.

    Parameters
    ----------
    frame : DataFrame
        Canonical frame; not changed.

    Returns
    -------
    frame : DataFrame
        With a held-out loss over several sets, the share of completed rollouts, and wall time in
        seconds, where they can be had.
    notes : tuple of ImportNote
        What was composed of what.
    """
    notes: list[ImportNote] = []
    for name in HELD_OUT_SETS:
        frame = _with_mean_of_sets(frame, name, notes)
    frame = _with_completion(frame, notes)
    return _in_seconds(frame, notes), tuple(notes)


def _with_mean_of_sets(frame: pd.DataFrame, name: str, notes: list[ImportNote]) -> pd.DataFrame:
    """Take the mean over held-out sets, at steps where all of them were evaluated."""
    sets = [column for column in frame if HELD_OUT_SETS[name].fullmatch(str(column))]
    if not sets or name in frame:
        return frame
    mean = frame[sets].mean(axis="columns", skipna=False)
    if mean.notna().sum() == 0:
        return frame
    message = f"{name} is the mean over {count_of(len(sets), 'held-out set')}"
    notes.append(ImportNote("derived_column", message, len(sets)))
    return frame.assign(**{name: mean})


def _with_completion(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    if ABORTED not in frame or "rollout_completion_rate" in frame:
        return frame
    notes.append(ImportNote("derived_column", f"rollout_completion_rate is 1 - {ABORTED}", 1))
    return frame.assign(rollout_completion_rate=1.0 - frame[ABORTED])


def _in_seconds(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    if "wall_time" not in frame:
        return frame
    highest = float(np.nanmax(frame["wall_time"].to_numpy()))
    unit = next((unit for limit, unit in TIME_UNITS if limit < highest < np.inf), None)
    if unit is None:
        return frame
    notes.append(ImportNote("derived_column", f"wall_time divided by {unit:g}: seconds", 1))
    return frame.assign(wall_time=frame["wall_time"] / unit)
