"""Delimited text to a frame whose index holds the file's line numbers."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from analysis.canonical import LINE, ImportNote, count_of
from analysis.errors import SourceError
from analysis.naming import canonical_name
from analysis.schema import LOSSES
from analysis.sources.cut_end import without_cut_row
from analysis.sources.limits import check_size

DELIMITERS = (",", ";", "\t", "|")
MAX_MALFORMED = 0.2  # our choice: beyond this share of odd rows the file is not this table
CUT_ROW = (ImportNote("cut_row", "The file breaks off within its last row, which was left out", 1),)


def header_of(text: bytes) -> tuple[str, ...]:
    """Return the trimmed column names in the first line, or nothing if it has one column.

    Raises
    ------
    SourceError
        If it has too many.
    """
    line, delimiter = _header_line(text)
    if delimiter is None:
        return ()
    return tuple(name.strip() for name in _names_in(line, delimiter))


def first_line(text: bytes) -> str:
    """Return the first line that is not blank."""
    line = next((line for line in io.BytesIO(text) if not line.isspace()), b"")
    return line.decode().strip("\r\n")


def _header_line(text: bytes) -> tuple[str, str | None]:
    line = first_line(text)
    delimiter = delimiter_of(line)
    check_size(1, line.count(delimiter) + 1 if delimiter else 1)
    return line, delimiter


def delimiter_of(line: str) -> str | None:
    """Return the delimiter that occurs most in a header line; None if there is none."""
    best = max(DELIMITERS, key=line.count)
    return best if best in line else None


def frame_of(text: bytes) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
    """Return the table in delimited text, every cell kept, and what was noticed on the way.

    Parameters
    ----------
    text : bytes
        UTF-8 with a header line.

    Returns
    -------
    frame : DataFrame
        Numeric columns where every cell is a number or blank, text columns elsewhere. The index,
        named ``line``, holds the number of the line in the file (the header is line 1).
    notes : tuple of ImportNote
        Rows that do not fit the header, a last row cut short, and losses written as NaN.

    Raises
    ------
    SourceError
        If there is no table, or a fifth of its rows do not fit the header.
    """
    _, delimiter = _header_line(text)
    if delimiter is None:
        raise SourceError(
            "The first line is not a header with several columns",
            where="line 1",
            remedy="Upload a CSV whose first line names its columns",
        )
    text, cut = without_cut_row(text, delimiter)
    table, malformed = _read_table(text, delimiter)
    lines = _lines_with_text(text) if malformed else []
    notes = _note_malformed(malformed, table.num_rows, lines)
    marked, loss_notes = _mark_lost_losses(table)
    frame = _to_pandas(marked)
    frame.index = pd.Index(_line_numbers(text, table.num_rows, malformed), name=LINE)
    return frame, (*notes, *(CUT_ROW if cut else ()), *loss_notes)


def _read_table(text: bytes, delimiter: str) -> tuple[pa.Table, list[csv.InvalidRow]]:
    """Read every well-formed row; numbers where a whole column is numbers, else text."""
    try:
        table, malformed = _parsed(text, delimiter)
        if malformed:  # only one thread knows the line of a malformed row
            table, malformed = _parsed(text, delimiter, use_threads=False)
    except pa.ArrowInvalid as error:
        if "conversion error" not in str(error):
            raise _unreadable(error) from error
        as_text = dict.fromkeys(_names_in(first_line(text), delimiter), pa.string())
        try:
            table, malformed = _parsed(text, delimiter, use_threads=False, types=as_text)
        except pa.ArrowInvalid as worse:
            raise _unreadable(worse) from worse
    check_size(table.num_rows, table.num_columns)
    return table, malformed


def _parsed(
    text: bytes,
    delimiter: str,
    *,
    use_threads: bool = True,
    types: dict[str, pa.DataType] | None = None,
) -> tuple[pa.Table, list[csv.InvalidRow]]:
    malformed: list[csv.InvalidRow] = []

    def skip(row: csv.InvalidRow) -> str:
        malformed.append(row)
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(use_threads=use_threads),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, invalid_row_handler=skip, newlines_in_values=False
        ),
        convert_options=csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            timestamp_parsers=[],
            decimal_point="," if delimiter == ";" and b"," in text[: 1 << 16] else ".",
        ),
    )
    return table, malformed


def _names_in(line: str, delimiter: str) -> tuple[str, ...]:
    """Return the names in a header line, exactly as the table will have them."""
    try:
        table, _ = _parsed(line.encode() + b"\n", delimiter, use_threads=False)
    except pa.ArrowInvalid:
        return ()
    return tuple(table.column_names)


def _unreadable(error: pa.ArrowInvalid) -> SourceError:
    return SourceError(
        "The file is not a readable table",
        where=str(error).splitlines()[0][:120],
        remedy="Open it in a text editor and look at that place",
    )


def _note_malformed(
    rows: list[csv.InvalidRow], n_read: int, lines: list[int]
) -> tuple[ImportNote, ...]:
    if not rows:
        return ()
    first = rows[0]
    line = lines[first.number - 1] if first.number <= len(lines) else first.number
    place = f"line {line}, {first.actual_columns} cells instead of {first.expected_columns}"
    if len(rows) > MAX_MALFORMED * (len(rows) + n_read):
        raise SourceError(
            f"{len(rows):,} of {len(rows) + n_read:,} rows have another number of cells than the "
            "header",
            where=f"first: {place}",
            remedy="Check the delimiter and the first line",
        )
    message = f"{count_of(len(rows), 'row')} left out, unlike the header (first: {place})"
    return (ImportNote("malformed_row", message, len(rows)),)


def _mark_lost_losses(table: pa.Table) -> tuple[pa.Table, tuple[ImportNote, ...]]:
    """Turn losses written as NaN into infinity: a blank is not logged, a NaN is a lost loss."""
    notes = []
    for position, name in enumerate(table.column_names):
        column = table.column(position)
        if canonical_name(name) not in LOSSES:
            continue
        if pa.types.is_floating(column.type):
            lost, infinite = pc.is_nan(column), pa.scalar(np.inf)
        elif pa.types.is_string(column.type):
            lost = pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(column)), "nan")
            infinite = pa.scalar("inf")
        else:
            continue
        lost = pc.fill_null(lost, False)
        n_lost = pc.sum(lost).as_py() or 0
        if n_lost:
            table = table.set_column(position, name, pc.if_else(lost, infinite, column))
            message = f"{count_of(n_lost, 'cell')} in {name} NaN: read as an infinite loss"
            notes.append(ImportNote("loss_not_finite", message, n_lost))
    return table, tuple(notes)


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    columns = [_column_values(column) for column in table.columns]
    frame = pd.DataFrame(dict(enumerate(columns)), copy=False)
    return frame.set_axis([str(name).strip() for name in table.column_names], axis="columns")


def _column_values(column: pa.ChunkedArray) -> np.ndarray | pd.Series:
    numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    if numeric or pa.types.is_null(column.type):
        values: np.ndarray = column.cast(pa.float64(), safe=False).to_numpy()
        return values
    return pd.Series(column.cast(pa.string()).to_pandas(), dtype="str")


def _lines_with_text(text: bytes) -> list[int]:
    """Return the numbers of the lines that are not blank, the header's first."""
    return [number for number, line in enumerate(io.BytesIO(text), 1) if line.strip()]


def _line_numbers(text: bytes, n_rows: int, malformed: list[csv.InvalidRow]) -> np.ndarray:
    """Return the line of each row; exact also where blank or malformed lines lie between."""
    if not malformed and text.count(b"\n") - text.endswith(b"\n") == n_rows:
        return np.arange(2, n_rows + 2)
    skipped = {row.number for row in malformed}
    kept = [line for order, line in enumerate(_lines_with_text(text), 1) if order not in skipped]
    if len(kept) != n_rows + 1:  # old Mac line ends, or a quoted line break
        return np.arange(2, n_rows + 2)
    return np.array(kept[1:])
