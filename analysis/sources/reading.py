"""Reading: paths and uploads to runs, by content, one bad file never taking the good ones."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import SourceError
from analysis.run import Run
from analysis.sources.checkpoint_lists import (
    CheckpointList,
    checkpoint_list_of,
    is_checkpoint_list,
    join_checkpoints,
    stray,
)
from analysis.sources.decoding import decoded
from analysis.sources.delimited import header_of
from analysis.sources.result_files import format_of, name_of, run_of, unknown_table
from analysis.sources.unread import unread_binary, unread_document, unread_text


@dataclass(frozen=True)
class Upload:
    """A file's content under the name the user knows it by."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Failure:
    """An input that could not be read, and why."""

    source: str
    error: str


@dataclass(frozen=True)
class Readings:
    """What came of several inputs.

    Attributes
    ----------
    runs : tuple of Run
        In the order of the inputs, with distinct names.
    failures : tuple of Failure
        The inputs that gave no run.
    """

    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]


def read(source: str | Path | bytes, name: str | None = None) -> list[Run]:
    """Return the runs in one file.

    Parameters
    ----------
    source : str, Path or bytes
        A path, or the file's content.
    name : str, optional
        Name for the run; by default the file name's stem.

    Raises
    ------
    SourceError
        If the file cannot be opened or is no metric file that is known.
    """
    upload = Upload(name or "run", source) if isinstance(source, bytes) else upload_of(Path(source))
    found = _parsed(upload)
    if isinstance(found, CheckpointList):
        raise stray(found)
    return [replace(found, name=name_of(name)) if name else found]


def upload_of(path: Path) -> Upload:
    """Return a file's content under its path.

    Raises
    ------
    SourceError
        If it cannot be opened.
    """
    try:
        return Upload(str(path), path.read_bytes())
    except OSError as error:
        raise SourceError(
            f"The file cannot be opened: {error.strerror or error}",
            where=str(path),
            remedy="Check the path and its permissions",
        ) from error


def read_uploads(uploads: Iterable[Upload]) -> Readings:
    """Return every run in the uploads, each with its checkpoints where a list of them is there."""
    runs: list[Run] = []
    lists: list[CheckpointList] = []
    failures: list[Failure] = []
    for upload in uploads:
        try:
            found = _parsed(upload)
        except SourceError as error:
            failures.append(Failure(upload.name, str(error)))
            continue
        if isinstance(found, CheckpointList):
            lists.append(found)
        else:
            runs.append(found)
    joined, strays = join_checkpoints(runs, lists)
    failures.extend(Failure(listed.path, str(stray(listed))) for listed in strays)
    return Readings(with_distinct_names(joined), tuple(failures))


def with_distinct_names(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs with a number behind each name that came before."""
    seen: dict[str, int] = {}
    distinct = []
    for run in runs:
        seen[run.name] = seen.get(run.name, 0) + 1
        number = seen[run.name]
        distinct.append(run if number == 1 else replace(run, name=f"{run.name} ({number})"))
    return tuple(distinct)


def _parsed(upload: Upload) -> Run | CheckpointList:
    """Return the run or checkpoint list in an upload, recognised by its content."""
    unread = unread_binary(upload.content)
    if unread:
        raise unread
    text, notes = decoded(upload.content)
    if text.lstrip()[:1] in (b"{", b"["):
        found = _parsed_json(text, upload.name)
        if found:
            return found
    result_format = format_of(text)
    if result_format is None:
        raise unread_text(text) or unknown_table(header_of(text))
    return run_of(text, result_format, path=upload.name, content=upload.content, notes=notes)


def _parsed_json(text: bytes, name: str) -> CheckpointList | None:
    """Return the checkpoint list in a JSON text; None where it is no single JSON document."""
    try:
        document = json.loads(text)
    except ValueError:  # JSON lines, or a table that starts with a bracket
        return None
    except RecursionError as error:
        raise SourceError("The JSON is nested too deeply", remedy="Upload the metrics") from error
    if is_checkpoint_list(document):
        return checkpoint_list_of(document, name)
    raise unread_document(document) or SourceError(
        "The JSON holds no metrics that are known",
        remedy="Upload the job's result file, or its list of checkpoints",
    )
