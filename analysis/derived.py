"""Derived columns: what an RFT file says of its graders, in canonical terms.

Azure writes one set of columns per grader and counts ungraded rollouts as -1 in the training
reward; here these become the graded reward, the share of graded rollouts and true error rates.
"""

import re

import numpy as np
import pandas as pd

from analysis.canonical import ImportNote

GRADER_REWARD = re.compile(r"graders/(.+)/train_reward")
ERRORS = {
    "grader_error_rate": re.compile(r"errors/graders/.+/train_other_error_mean"),
    "parse_error_rate": re.compile(r"errors/graders/.+/train_sample_parse_error_mean"),
    "invalid_variable_rate": re.compile(r"errors/graders/.+/train_invalid_variable_error_mean"),
}
GRADED_COUNT = re.compile(r"errors/graders/.+/train_other_error_count")
MOSTLY = 0.95  # share of rows in which two counts must agree to be one denominator


def with_reward_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
    """Return the canonical frame with what its grader columns imply.

    Parameters
    ----------
    frame : DataFrame
        Canonical frame; not changed.

    Returns
    -------
    frame : DataFrame
        With ``train_graded_reward``, error rates and ``rollout_completion_rate`` where they can
        be had, and without counts that are denominators.
    notes : tuple of ImportNote
        What was derived or set aside.
    """
    notes: list[ImportNote] = []
    frame = _rates(frame)
    graders = [column for column in names_of(frame) if GRADER_REWARD.fullmatch(column)]
    if len(graders) == 1 and "train_graded_reward" not in frame:
        frame = frame.assign(train_graded_reward=frame[graders[0]])
        message = f"train_graded_reward is {graders[0]}, the run's only grader"
        notes.append(ImportNote("derived_column", message, 1))
    frame = _with_completion(frame, notes)
    return _without_denominators(frame, notes), tuple(notes)


def names_of(frame: pd.DataFrame) -> list[str]:
    """Return the frame's column names."""
    return [str(column) for column in frame]


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Take each error rate as the highest over the graders."""
    added = {}
    for name, pattern in ERRORS.items():
        columns = [column for column in names_of(frame) if pattern.fullmatch(column)]
        if columns and name not in frame:
            added[name] = frame[columns].max(axis="columns")
    return frame.assign(**added)


def _with_completion(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    """Recover the share of graded rollouts from the -1 that each ungraded one counts.

    With g the graded mean over n rollouts and t the reported mean over all N, t = (g n - (N - n))
    / N, so n / N = (t + 1) / (g + 1): exact on every row of two real Azure files.
    """
    needed = {"train_mean_reward", "train_graded_reward"}
    counted = any(GRADED_COUNT.fullmatch(column) for column in names_of(frame))
    if not counted or not needed <= set(frame) or "rollout_completion_rate" in frame:
        return frame
    share = (frame["train_mean_reward"] + 1.0) / (frame["train_graded_reward"] + 1.0)
    share = share.where(share.between(0.0, 1.0 + 1e-6)).clip(upper=1.0)
    if share.notna().sum() == 0 or np.isclose(share.dropna(), 1.0).all():
        return frame
    message = "rollout_completion_rate follows from the -1 that each ungraded rollout counts"
    notes.append(ImportNote("derived_column", message, 1))
    return frame.assign(rollout_completion_rate=share)


def _without_denominators(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    """Drop error counts that are the number of graded samples, not of errors.

    Azure gives all kinds of errors one count, while their mean is 0.
    """
    errors, parse = "grader_error_count", "parse_error_count"
    if errors not in frame:
        return frame
    if not (_alike(frame, errors, parse) or _counts_without_errors(frame, errors)):
        return frame
    message = "Error counts are the number of graded samples, not of errors: set aside"
    notes.append(ImportNote("count_is_denominator", message, 2))
    return frame.drop(columns=[errors, parse], errors="ignore")


def _alike(frame: pd.DataFrame, errors: str, parse: str) -> bool:
    """Return whether errors of two kinds have the same count nearly everywhere."""
    if parse not in frame:
        return False
    both = frame[[errors, parse]].dropna()
    same = (both[errors] == both[parse]) & (both[errors] > 0)
    return len(both) > 0 and bool(same.mean() > MOSTLY)


def _counts_without_errors(frame: pd.DataFrame, errors: str) -> bool:
    """Return whether errors are counted while their rate is logged as 0 throughout."""
    rate = frame.get("grader_error_rate")
    if rate is None or rate.notna().sum() == 0:
        return False
    return bool((rate.dropna() == 0).all() and (frame[errors] > 0).any())
