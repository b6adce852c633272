"""Scores: what graders gave to answers, from CSV, JSON or a plain list of numbers."""

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import SourceError
from analysis.sources.delimited import delimiter_of
from analysis.sources.flattening import number
from analysis.sources.limits import check_scores

REMEDY = "Give one score a line, a CSV with a column for each grader, or a JSON list"
KEYS = ("score", "reward", "scores", "value")
NUMBER = r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?+"
PLAIN = re.compile(rf"\s*+{NUMBER}(?:\s++{NUMBER})*+\s*+")  # possessive: never tried again
_BLANKS = str.maketrans(",;", "  ")


def scores_of(content: bytes, name: str = "scores") -> pd.DataFrame:
    """Return the scores in a file, one column a grader or model.

    Parameters
    ----------
    content : bytes
        Numbers separated by anything; a CSV with a header; JSON: a list of numbers, a list of
        records, or lists by name (also as ``{"model": {"scores": [...]}}``).
    name : str
        The file's name, for errors and for a column that has none.

    Returns
    -------
    DataFrame
        Float columns under the file's own names, at least one with a value; NaN where none was
        given.

    Raises
    ------
    SourceError
        If it holds no numbers, or is too large.
    """
    check_scores(content, name)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise SourceError("The file is not text", where=name, remedy=REMEDY) from error
    if text[:1] in {"[", "{"}:
        frame = _of_json(text, name)
    elif _is_plain(text):
        frame = pd.DataFrame({"score": [float(word) for word in _words(text)]})
    else:
        frame = _of_table(text, name)
    numeric = frame.apply(_numbers).astype(np.float64)
    kept = numeric.replace([np.inf, -np.inf], np.nan).dropna(axis="columns", how="all")
    if kept.empty:
        raise SourceError("The file holds no scores", where=name, remedy=REMEDY)
    named: pd.DataFrame = kept.set_axis([str(c)[:80] for c in kept.columns], axis="columns")
    return named


def _numbers(column: pd.Series) -> pd.Series:
    if pd.api.types.is_object_dtype(column):
        return pd.Series([number(value) for value in column], dtype=np.float64)
    found: pd.Series = pd.to_numeric(column, errors="coerce")
    return found


def _words(text: str) -> list[str]:
    return text.translate(_BLANKS).split()


def _is_plain(text: str) -> bool:
    return PLAIN.fullmatch(text.translate(_BLANKS)) is not None


def _of_json(text: str, name: str) -> pd.DataFrame:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = text.splitlines()
        if text.startswith("{") and len(lines) > 1:
            return _of_lines(lines, name)
        raise SourceError("The file is no JSON", where=name, remedy=REMEDY) from error
    return _of_document(document, name)


def _of_lines(lines: list[str], name: str) -> pd.DataFrame:
    try:
        rows = [json.loads(line) for line in lines if line.strip()]
    except (ValueError, RecursionError) as error:
        raise SourceError("The file is no JSON", where=name, remedy=REMEDY) from error
    return _of_document(rows, name)


def _of_document(document: Any, name: str) -> pd.DataFrame:
    if isinstance(document, list):
        if all(isinstance(item, dict) for item in document):
            return pd.DataFrame(document)
        return pd.DataFrame({"score": pd.Series(document, dtype="object")})
    if not isinstance(document, dict):
        raise SourceError("The file holds no list of scores", where=name, remedy=REMEDY)
    lists = {str(key): found for key, value in document.items() if (found := _list_in(value))}
    return pd.DataFrame({key: pd.Series(values, dtype="object") for key, values in lists.items()})


def _list_in(value: Any) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        return next((value[key] for key in KEYS if isinstance(value.get(key), list)), None)
    return None


def _of_table(text: str, name: str) -> pd.DataFrame:
    delimiter = delimiter_of(text.split("\n", maxsplit=1)[0]) or ","
    try:
        table: pd.DataFrame = pd.read_csv(
            io.StringIO(text), sep=delimiter, dtype="str", on_bad_lines="skip"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SourceError("The file is no table", where=name, remedy=REMEDY) from error
    return table


def default_column(columns: list[str]) -> int:
    """Return the place of the column that most likely holds the scores."""
    named = [place for place, column in enumerate(columns) if column.lower().startswith(KEYS)]
    return named[0] if named else 0
