"""Output: judged units as JSON, CSV, Parquet or text, and what an earlier output still holds."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeGuard

import pandas as pd

import analysis
from analysis.errors import SourceError
from analysis.headline import STATUS
from analysis.reports.document import SCHEMA
from analysis.reports.table import FORMULA
from analysis.screening.judging import Judged
from analysis.sources.columnar import frame_of_parquet
from analysis.sources.limits import check_json, check_rows
from analysis.visible import visible

FORMATS = ("text", "json", "csv", "parquet")
FULL = frozenset({"json"})  # formats that hold whole reports
_SHOWN = ("name", "method", "last_step", "headline", "confidence", "action", "step")


@dataclass(frozen=True)
class Record:
    """One unit's lines in the output.

    Attributes
    ----------
    unit, digest : str
        As judged.
    items : tuple of dict
        Reports or rows, as the format holds them.
    failures : tuple of dict
        What could not be read.
    """

    unit: str
    digest: str
    items: tuple[Mapping[str, Any], ...]
    failures: tuple[Mapping[str, str], ...] = ()


def record_of(judged: Judged, earlier: Mapping[str, Record], output_format: str) -> Record:
    """Return a judged unit's record; of a kept one the earlier output's."""
    if judged.kept:
        return earlier[judged.unit]
    items = judged.entries if output_format in FULL else judged.rows
    marks = {"unit": judged.unit, "digest": judged.digest}
    marked = tuple({**item, "screening": marks} if output_format in FULL else {**item, **marks}
                   for item in items)  # fmt: skip
    return Record(judged.unit, judged.digest, marked, judged.failures)


def earlier_records(path: Path | None, output_format: str) -> dict[str, Record]:
    """Return what an earlier output holds, by unit; nothing where there is no such file.

    Raises
    ------
    SourceError
        If the file is there but was not written by a screening in this format.
    """
    if path is None or not path.exists():
        return {}
    try:
        items = list(_items(path, output_format))
        marks = [item["screening"] if output_format in FULL else item for item in items]
        found: dict[str, Record] = {}
        for item, mark in zip(items, marks, strict=True):
            old = found.get(str(mark["unit"]))
            before = old.items if old else ()
            unit, digest = str(mark["unit"]), str(mark["digest"])
            found[unit] = Record(unit, digest, (*before, item))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SourceError(
            f"The output is there already, and is no screening in {output_format}",
            where=str(path),
            remedy="Name another file with --out",
        ) from error
    return found


def document(records: Iterable[Record], output_format: str) -> Iterator[bytes]:
    """Yield the output in pieces."""
    if output_format == "json":
        yield from _json(records)
        return
    kept = list(records)
    rows = [row for record in kept for row in record.items]
    if output_format == "csv":
        yield csv_of(rows)
        return
    frame = _frame(rows)
    if output_format == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        yield buffer.getvalue()
    else:
        yield _text(frame, kept).encode("utf-8", "replace")


def csv_of(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV in which no spreadsheet finds a formula."""
    return _spreadsheet_safe(_frame(rows)).to_csv(index=False).encode()


def rows_in(content: bytes, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table that a screening wrote, as JSON, CSV or Parquet.

    Raises
    ------
    SourceError
        If it is none, or too large.
    """
    kind = PurePosixPath(name).suffix.lower().removeprefix(".")
    _check_size(content, kind)
    try:
        items = [dict(item) for item in _items(io.BytesIO(content), kind)]
        rows = [_row_of_entry(item) if kind in FULL else item for item in items]
        known = bool(rows) and all("headline" in row and "name" in row for row in rows)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        known = False
    if not known:
        raise SourceError(
            "This is no table of a screening",
            where=name,
            remedy="Write one: python -m analysis screen PATH --format csv --out runs.csv",
        )
    return rows


def _check_size(content: bytes, kind: str) -> None:
    if kind in FULL:
        check_json(content)
    elif kind == "csv":
        header = content[: content.find(b"\n")]
        check_rows(content.count(b"\n"), header.count(b",") + 1)


def _row_of_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the report of a run in JSON holds of its row."""
    choice, headline = entry["recommendation"], entry["headline"]
    return {
        "name": entry["name"],
        "path": entry["source"]["path"],
        "method": entry["method"],
        "rows": entry["rows"],
        "last_step": entry["last_step"],
        "headline": headline["label"],
        "status": _status_in(entry),
        "confidence": headline["confidence"],
        "statement": headline["statement"],
        "action": choice["action"],
        "step": choice["step"],
        "model": choice["model"],
        "expected_regret": choice["expected_regret"],
    }


def _status_in(entry: Mapping[str, Any]) -> str:
    """Return how a report's headline is to be taken."""
    label = entry["headline"]["label"]
    rules = {verdict["rule"]: str(verdict["status"]) for verdict in entry["verdicts"]}
    return STATUS[label].value if label in STATUS else rules.get(label, "insufficient_data")


def _json(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the document with one report on a line, so that it never is whole in memory."""
    failures: list[Mapping[str, str]] = []
    head = json.dumps({"schema": SCHEMA, "version": analysis.__version__})[:-1]
    yield f'{head}, "runs": ['.encode()
    separator = "\n"
    for record in records:
        failures.extend(record.failures)
        for item in record.items:
            yield (separator + json.dumps(item, ensure_ascii=False, allow_nan=False)).encode()
            separator = ",\n"
    yield f'\n], "failed": {json.dumps(failures, ensure_ascii=False)}}}\n'.encode()


def _items(source: Path | io.BytesIO, output_format: str) -> Iterator[Mapping[str, Any]]:
    if output_format == "json":
        content = source.read_bytes() if isinstance(source, Path) else source.getvalue()
        yield from json.loads(content)["runs"]
    elif output_format in {"csv", "parquet"}:
        frame = _csv(source) if output_format == "csv" else _parquet(source)
        check_rows(*frame.shape)
        for row in frame.to_dict("records"):
            # A metric or hyperparameter that a run never had is no part of its row.
            kept = {str(k): v for k, v in row.items() if "/" not in str(k) or not _missing(v)}
            yield {name: None if _missing(value) else value for name, value in kept.items()}


def _parquet(source: Path | io.BytesIO) -> pd.DataFrame:
    return frame_of_parquet(source.read_bytes() if isinstance(source, Path) else source.getvalue())


def _csv(source: Path | io.BytesIO) -> pd.DataFrame:
    """Read a table as it was before it was made safe for spreadsheets; a run may be called NA."""
    frame = pd.read_csv(source, keep_default_na=False, na_values=[""])

    def plain(value: object) -> object:
        return value[1:] if _is_formula(value) and value[0] == "'" else value

    return frame.map(plain)


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a table: what every run has first, then the rest by name."""
    frame = pd.DataFrame(list(rows))
    fixed = [name for name in frame if "/" not in str(name) and name not in {"unit", "digest"}]
    rest = sorted(str(name) for name in frame if "/" in str(name))
    marks = [name for name in ("unit", "digest") if name in frame]
    return frame[[*fixed, *rest, *marks]] if len(frame) else frame


def _spreadsheet_safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""

    def safe(value: object) -> object:
        return f"'{value}" if _is_formula(value) else value

    return frame.map(safe)


def _is_formula(value: object) -> TypeGuard[str]:
    """Return whether a spreadsheet would take a cell for a formula, now or without apostrophes."""
    return isinstance(value, str) and visible(value).lstrip("' ").startswith(FORMULA)


def _text(frame: pd.DataFrame, records: list[Record]) -> str:
    shown = frame[[name for name in _SHOWN if name in frame]] if len(frame) else frame
    table = shown.to_string(index=False, na_rep="-", max_colwidth=44) if len(frame) else "No run."
    failures = [failure for record in records for failure in record.failures]
    lines = [f"NOT READ  {item['source']}: {item['error']}" for item in failures]
    return "\n".join([table, *lines]) + "\n"


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124
