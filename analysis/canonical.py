"""From a frame as it was read to the canonical frame, with a note for every repair.

A frame that comes from a file carries the file's line numbers in an index named ``line``;
its row order is then evidence (a resumed job writes steps again). A frame built in memory has
no such index and its row order means nothing.
"""

from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from analysis.errors import SourceError
from analysis.naming import canonical_names, is_known
from analysis.schema import LOSSES, STEP
from analysis.visible import visible

LINE = "line"
SUMMARY = "train_runtime"  # stands only in the last row that Hugging Face's Trainer writes
BLANK_WORDS = frozenset({"", "-", "--", "n/a", "na", "none", "null", "#n/a"})
LARGEST_STEP = 2**53  # beyond this a float no longer holds every whole number


@dataclass(frozen=True)
class ImportNote:
    """One thing the import did or noticed.

    Attributes
    ----------
    code : str
        Short fixed name of the kind of note.
    message : str
        The note in words, with column and line where there is one.
    count : int
        How many rows, cells or columns it speaks of.
    """

    code: str
    message: str
    count: int


def to_canonical(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
    """Return the canonical frame and what was done to get it.

    Parameters
    ----------
    frame : DataFrame
        A step column and metric columns, in any order and under any known name; not changed.

    Returns
    -------
    frame : DataFrame
        One row per step (int64, unique, ascending) in a column ``step``; every other column
        float64, NaN where not logged, none of them wholly empty.
    notes : tuple of ImportNote
        Empty when nothing had to be done.

    Raises
    ------
    SourceError
        If there is no step column, no row with a step, or no number in any other column.
    """
    notes: list[ImportNote] = []
    renamed = _rename(_without_summary(frame, notes), notes)
    if STEP not in renamed:
        shown = ", ".join(str(column) for column in frame.columns[:8]) or "none"
        raise SourceError(
            f"No step column among the columns: {shown}",
            remedy="Name the column that counts training steps 'step'",
        )
    numeric = _to_numbers(renamed, notes)
    stepped = _with_whole_steps(numeric, notes)
    merged = _one_row_per_step(stepped, notes)
    checked = _without_negative_losses(merged, notes)
    return _without_empty_columns(checked, notes), tuple(notes)


def count_of(number: int, noun: str) -> str:
    """Return a count with its noun, such as ``1 row`` or ``3 rows``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _place(frame: pd.DataFrame, position: int) -> str:
    word = "line" if frame.index.name == LINE else "row"
    return f"{word} {frame.index[position]}"


def _rename(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    shown = (visible(str(column)).strip() for column in frame.columns)
    own = [name or f"column {place}" for place, name in enumerate(shown, 1)]
    names = canonical_names(own)
    taken: Counter[str] = Counter()
    for position, (mine, name) in enumerate(zip(own, names, strict=True)):
        if taken[name]:
            names[position] = f"{name} ({taken[name] + 1})"
            message = f"A second {name} column is kept as {names[position]}"
            notes.append(ImportNote("repeated_column", message, 1))
        elif name != mine:
            notes.append(ImportNote("mapped_column", f"{mine} is read as {name}", 1))
        taken[name] += 1
    _note_unknown(names, notes)
    return frame.set_axis(names, axis="columns")


def _note_unknown(names: list[str], notes: list[ImportNote]) -> None:
    unknown = [name for name in names if not is_known(name)]
    if unknown:
        shown = ", ".join(unknown[:6]) + (", …" if len(unknown) > 6 else "")
        message = f"{count_of(len(unknown), 'unknown column')} kept but never judged: {shown}"
        notes.append(ImportNote("unknown_column", message, len(unknown)))


def _to_numbers(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    columns = {}
    for position, name in enumerate(frame.columns):
        values = frame.iloc[:, position]
        if pd.api.types.is_numeric_dtype(values):
            columns[name] = values.to_numpy(dtype=np.float64, na_value=np.nan)
            continue
        numbers = _numbers_of_text(name, values, frame, notes)
        if numbers is not None:
            columns[name] = numbers
    return pd.DataFrame(columns, index=frame.index)


def _numbers_of_text(
    name: str, values: pd.Series, frame: pd.DataFrame, notes: list[ImportNote]
) -> np.ndarray | None:
    """Return a text column as numbers, as times if it holds those, or None if it holds neither."""
    words = values.astype("string").str.strip()
    blank = words.isna() | words.str.lower().isin(BLANK_WORDS)
    words = words.mask(blank)
    numbers = pd.to_numeric(words, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = (
        np.isnan(numbers) & ~blank.to_numpy() & (words.str.lower() != "nan").fillna(True).to_numpy()
    )
    if bad.sum() == (~blank).sum() and bad.any():
        times = _times_of_text(words)
        if times is None and name != STEP:
            message = f"{name} holds text, not numbers: left out"
            notes.append(ImportNote("text_column", message, int(bad.sum())))
        return times
    if bad.any():
        first = int(np.argmax(bad))
        message = (
            f"{count_of(int(bad.sum()), 'cell')} in {name} not a number: read as not logged "
            f"(first: {_place(frame, first)}, {str(words.iloc[first])[:40]!r})"
        )
        notes.append(ImportNote("not_a_number", message, int(bad.sum())))
    return cast("np.ndarray", numbers)


def _times_of_text(words: pd.Series) -> np.ndarray | None:
    """Return ISO 8601 times as seconds since 1970 (UTC), or None if these are not times."""
    times = pd.to_datetime(words, errors="coerce", utc=True, format="ISO8601")
    if times.notna().sum() < words.notna().sum():
        return None
    seconds = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    return seconds.to_numpy(dtype=np.float64, na_value=np.nan)


def _without_summary(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    """Drop the row in which Hugging Face sums up the run, and the columns that only it fills.

    Its ``train_loss`` is the mean over the whole run, no point of the curve.
    """
    if SUMMARY not in frame:
        return frame
    sums_up = frame.loc[:, frame.columns == SUMMARY].notna().any(axis="columns")
    n_rows = int(sums_up.sum())
    if not 0 < n_rows < len(frame):
        return frame
    message = f"{count_of(n_rows, 'summary row')} of the whole run left out of the curves"
    notes.append(ImportNote("summary_row", message, n_rows))
    kept = frame[~sums_up]
    return kept.loc[:, (kept.notna().any() | frame.isna().all()).to_numpy()]


def _with_whole_steps(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    steps = frame[STEP].to_numpy() if STEP in frame else np.full(len(frame), np.nan)
    usable = np.isfinite(steps) & (np.abs(steps) < LARGEST_STEP)
    usable[usable] = steps[usable] == np.round(steps[usable])
    n_bad = int((~usable).sum())
    if n_bad == len(frame):
        raise SourceError(
            "The step column holds no whole number",
            remedy="Check that the file has rows below its header and counts steps in 'step'",
        )
    if n_bad:
        first = _place(frame, int(np.argmin(usable)))
        message = f"{count_of(n_bad, 'row')} without a whole step number left out (first: {first})"
        notes.append(ImportNote("no_step", message, n_bad))
    kept: pd.DataFrame = frame[usable] if n_bad else frame
    return kept.assign(**{STEP: steps[usable].astype(np.int64)})


def _one_row_per_step(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    strides = np.diff(frame[STEP].to_numpy())
    if (strides > 0).all():
        return frame.reset_index(drop=True)
    backward = np.flatnonzero(strides < 0)
    if backward.size and frame.index.name == LINE:
        first = _place(frame, int(backward[0]) + 1)
        message = f"Steps go backward {count_of(backward.size, 'time')} (first: {first}): sorted"
        notes.append(ImportNote("backward_step", message, int(backward.size)))
    n_repeated = int(frame[STEP].duplicated().sum())
    if not n_repeated:
        return frame.sort_values(STEP).reset_index(drop=True)
    merged = frame.groupby(STEP, sort=True).last().reset_index()
    if _differ(frame):
        message = f"{count_of(n_repeated, 'row')} with a repeated step: the later value kept"
        notes.append(ImportNote("repeated_step", message, n_repeated))
    else:
        message = f"{count_of(n_repeated, 'row')} joined to the row of the same step"
        notes.append(ImportNote("joined_rows", message, n_repeated))
    return merged


def _differ(frame: pd.DataFrame) -> bool:
    """Return whether rows of one step give one metric different values."""
    repeated = frame[frame[STEP].duplicated(keep=False)].drop(columns="wall_time", errors="ignore")
    groups = repeated.groupby(STEP)
    return bool((groups.max() > groups.min()).any(axis=None))


def _without_negative_losses(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    """Blank out negative losses: a cross-entropy cannot be negative, so these are sentinels."""
    for name in (column for column in LOSSES if column in frame):
        negative = frame[name] < 0
        if negative.any():
            n_negative = int(negative.sum())
            message = f"{count_of(n_negative, 'negative value')} in {name} read as not logged"
            notes.append(ImportNote("negative_loss", message, n_negative))
            frame = frame.assign(**{name: frame[name].mask(negative)})
    return frame


def _without_empty_columns(frame: pd.DataFrame, notes: list[ImportNote]) -> pd.DataFrame:
    empty = [column for column in frame if frame[column].isna().all()]
    notes.extend(ImportNote("empty_column", f"{name} has no values", 1) for name in empty)
    kept = frame.drop(columns=empty)
    if list(kept.columns) == [STEP]:
        raise SourceError(
            "No column holds numbers beside the step",
            remedy="Check that the file holds metrics, not only progress",
        )
    return kept[[STEP, *(column for column in kept if column != STEP)]]
