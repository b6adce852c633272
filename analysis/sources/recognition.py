"""Recognition: a file's content to parts, told by what is in it and never by its name."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from analysis.errors import SourceError
from analysis.sources.columnar import MAGIC, frame_of_parquet
from analysis.sources.decoding import HEAD, decoded
from analysis.sources.delimited import frame_of, header_of
from analysis.sources.formats import (
    checkpoints,
    console_logs,
    events,
    jobs,
    mlflow,
    nova,
    tables,
    tensorboard,
    training_logs,
    weights_and_biases,
)
from analysis.sources.limits import check_json, check_lines
from analysis.sources.mapping import NO_MAPPING, ColumnMapping, UnknownTableError
from analysis.sources.part import Format, Part, Piece
from analysis.sources.records import document_of, frame_of_records, json_lines
from analysis.sources.uploads import Upload

ARCHIVE_MANIFEST = "goldilocks-archive/"
_Recogniser = Callable[[Any], bool]
_Reader = Callable[[Any, Piece], list[Part]]
# The first that recognises a document reads it.
_DOCUMENTS: tuple[tuple[_Recogniser, _Reader], ...] = (
    (checkpoints.recognises, checkpoints.parts_of),
    (jobs.recognises, jobs.parts_of),
    (events.recognises, events.parts_of),
    (training_logs.recognises, training_logs.parts_of),
    (mlflow.recognises, mlflow.parts_of),
    (nova.is_manifest, nova.manifest_parts),
)
_TABLES: tuple[tuple[_Recogniser, Callable[[bytes, Sequence[str], Piece], list[Part]]], ...] = (
    (weights_and_biases.recognises, weights_and_biases.parts_of),
    (tensorboard.recognises, tensorboard.parts_of),
    (nova.recognises, nova.parts_of),
)
FORMATS: tuple[Format, ...] = (
    *tables.FORMATS,
    jobs.FORMAT,
    events.FORMAT,
    checkpoints.FORMAT,
    *training_logs.FORMATS,
    checkpoints.TINKER,
    nova.METRICS,
    nova.MANIFEST,
    mlflow.STORE,
    mlflow.HISTORY,
    tensorboard.CSV,
    tensorboard.EVENTS,
    weights_and_biases.FORMAT,
    console_logs.FORMAT,
    console_logs.VALUES,
)


class NoMetricsError(SourceError):
    """A sound file that simply holds no metrics."""


def parts_of(upload: Upload, mapping: ColumnMapping = NO_MAPPING) -> list[Part]:
    """Return the parts in a file that is no archive.

    Parameters
    ----------
    upload : Upload
        The file; its name is used only where a format keeps a metric's name there.
    mapping : ColumnMapping
        What columns mean, where the user said so.

    Raises
    ------
    SourceError
        If it is no metric file that is known, or is broken; an UnknownTableError where its columns
        could be mapped by hand.
    """
    piece = Piece(upload.name, sha256(upload.content).hexdigest())
    if tensorboard.is_event_file(upload.content):
        return tensorboard.event_parts(upload.content, piece)
    if upload.content.startswith(MAGIC):
        return _parquet_parts(upload.content, piece, mapping)
    text, notes = decoded(upload.content)
    piece = Piece(piece.path, piece.sha256, notes)
    if mlflow.is_parameter(upload.name, text):
        return mlflow.parameter_parts(text, piece)
    if text[:HEAD].lstrip()[:1] in (b"{", b"["):
        found = _json_parts(text, piece, mapping)
        if found is not None:
            return found
    return _text_parts(text, piece, mapping)


def _json_parts(text: bytes, piece: Piece, mapping: ColumnMapping) -> list[Part] | None:
    """Return the parts in a JSON document or in JSON lines; None where the text is neither."""
    check_json(text)
    try:
        document = document_of(text)
    except ValueError:
        rows, lines, notes = json_lines(text)
        piece = Piece(piece.path, piece.sha256, (*piece.notes, *notes))
        return _rows_parts(rows, piece, mapping, lines) if rows else None
    except RecursionError as error:
        raise SourceError("The JSON is nested too deeply", remedy="Upload the metrics") from error
    return _document_parts(document, piece, mapping)


def _document_parts(document: Any, piece: Piece, mapping: ColumnMapping) -> list[Part]:
    if isinstance(document, list) and document and all(isinstance(row, dict) for row in document):
        return _rows_parts(document, piece, mapping)
    for recognises, reader in _DOCUMENTS:
        if recognises(document):
            return reader(document, piece)
    if isinstance(document, dict) and str(document.get("format")).startswith(ARCHIVE_MANIFEST):
        return []
    if isinstance(document, dict) and training_logs.recognises_rows([document]):
        return training_logs.row_parts([document], piece)
    raise NoMetricsError(
        "The JSON holds no metrics that are known",
        remedy="Upload the job's result file, its events, or its training log",
    )


def _rows_parts(
    rows: list[dict[str, Any]],
    piece: Piece,
    mapping: ColumnMapping,
    lines: list[int] | None = None,
) -> list[Part]:
    for recognises, reader in _DOCUMENTS:
        if recognises(rows):
            return reader(rows, piece)
    if checkpoints.recognises_tinker(rows):
        return checkpoints.tinker_parts(rows, piece)
    if training_logs.recognises_rows(rows) and not mapping:
        return training_logs.row_parts(rows, piece, lines)
    frame, notes = frame_of_records(rows, lines)
    frame = mapping.applied_to(frame)
    if not tables.recognises([str(name) for name in frame.columns]):
        raise UnknownTableError.of(frame)
    return tables.parts_of_frame(frame, Piece(piece.path, piece.sha256, (*piece.notes, *notes)))


def _text_parts(text: bytes, piece: Piece, mapping: ColumnMapping) -> list[Part]:
    header = header_of(text)
    check_lines(text)
    if mlflow.is_metric_file(text):
        return mlflow.metric_parts(text, piece)
    for recognises, reader in _TABLES:
        if recognises(header):
            return reader(text, header, piece)
    tables.refuse_one_row_per_run(header)
    named = mapping.names_of(header)
    if tables.recognises(named):
        return tables.parts_of(text, piece, mapping)
    found = console_logs.row_parts(text, piece) or console_logs.value_parts(text, piece)
    if found:
        return found
    raise _unknown_text(text, header)


def _unknown_text(text: bytes, header: tuple[str, ...]) -> SourceError:
    """Return the error for a text: a table that could be mapped, or a log without metrics."""
    if len(header) > 1:
        try:
            return UnknownTableError.of(frame_of(text)[0])
        except SourceError:  # prose that happens to hold a delimiter
            pass
    return NoMetricsError(
        "No line of the text holds a metric that is known",
        remedy="Upload the file that the losses or rewards were logged to",
    )


def _parquet_parts(content: bytes, piece: Piece, mapping: ColumnMapping) -> list[Part]:
    frame = mapping.applied_to(frame_of_parquet(content))
    if not tables.recognises([str(name) for name in frame.columns]):
        raise UnknownTableError.of(frame)
    return tables.parts_of_frame(frame, piece)
