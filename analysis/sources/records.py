"""Records: rows as JSON objects, one per line or in a list, to a frame."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from math import inf, isnan
from typing import Any

import numpy as np
import pandas as pd

from analysis.canonical import LINE, ImportNote, count_of
from analysis.naming import canonical_name
from analysis.schema import LOSSES
from analysis.sources.flattening import flat
from analysis.sources.limits import check_size

# A \ud800 to \udfff without its partner is no character and can be neither written nor shown.
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
MAX_BROKEN = 0.2  # our choice: beyond this share of lines that are no JSON it is another format


def frame_of_records(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[int] | None = None
) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
    """Return rows as a frame with a column for every name that occurs.

    Parameters
    ----------
    rows : sequence of mapping
        JSON objects, nested or flat.
    lines : sequence of int, optional
        Where each row stands in its file; by default the rows are counted from 1.

    Returns
    -------
    frame : DataFrame
        float64 where every value is a number or missing, text elsewhere. A blank is not logged; a
        loss of NaN is a lost loss and becomes infinite, as in tables. Indexed by ``line``.
    notes : tuple of ImportNote
        How many losses were NaN.
    """
    columns: dict[str, list[Any]] = {}
    for position, row in enumerate(rows):
        for name, value in flat(row).items():
            values = columns.setdefault(name, [])
            values.extend([None] * (position - len(values)))
            values.append(value)
        check_size(len(rows), len(columns))
    notes: list[ImportNote] = []
    index = pd.Index(lines if lines is not None else range(1, len(rows) + 1), name=LINE)
    filled = {
        name: _column(name, [*values, *[None] * (len(rows) - len(values))], notes)
        for name, values in columns.items()
    }
    return pd.DataFrame(filled, index=index), tuple(notes)


def document_of(text: bytes) -> Any:
    """Return a JSON document.

    Raises
    ------
    ValueError
        If the text is no JSON.
    RecursionError
        If it nests too deeply.
    """
    if b"\\ud" in text or b"\\uD" in text:
        text = _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], text)
    return json.loads(text)


def json_lines(text: bytes) -> tuple[list[dict[str, Any]], list[int], tuple[ImportNote, ...]]:
    """Return the objects in a JSON-lines text, their line numbers, and what was left out.

    An empty list means that this is no JSON-lines text. A last line cut short, as in the log of
    a job that is still writing, is left out and said.
    """
    rows, lines, broken = [], [], []
    for number, line in enumerate(io.BytesIO(text), 1):
        if not line.strip():
            continue
        row = _object(line)
        if row is None:
            broken.append(number)
        else:
            rows.append(row)
            lines.append(number)
        if len(broken) > 3 and len(broken) > MAX_BROKEN * (len(rows) + len(broken)):
            return [], [], ()
    if len(broken) > MAX_BROKEN * (len(rows) + len(broken)) and len(rows) < 2:
        return [], [], ()
    if not broken:
        return rows, lines, ()
    message = f"{count_of(len(broken), 'line')} left out, no JSON object (first: line {broken[0]})"
    return rows, lines, (ImportNote("malformed_row", message, len(broken)),)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = document_of(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _column(name: str, values: list[Any], notes: list[ImportNote]) -> np.ndarray | pd.Series:
    if any(isinstance(value, str) for value in values):
        return pd.Series(values, dtype="str").to_numpy(dtype=object)
    if canonical_name(name) in LOSSES:
        lost = sum(isinstance(value, float) and isnan(value) for value in values)
        if lost:
            values = [inf if isinstance(v, float) and isnan(v) else v for v in values]
            message = f"{count_of(lost, 'value')} of {name} NaN: read as an infinite loss"
            notes.append(ImportNote("loss_not_finite", message, lost))
    return np.array(values, dtype=np.float64)
