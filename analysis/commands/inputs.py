"""The inputs of a command: files, folders, globs and standard input."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.errors import SourceError
from analysis.limits import thresholds_of
from analysis.sources.mapping import NO_MAPPING, ColumnMapping, mapping_of
from analysis.sources.reading import Failure
from analysis.sources.searching import files_at
from analysis.sources.storage import is_url, upload_at
from analysis.sources.tracking import tracked_uploads
from analysis.sources.uploads import Upload, upload_of
from analysis.thresholds import Thresholds

STDIN = "-"
TRACKED = "mlflow:"  # before the id of a run on a tracking server


def uploads_of(paths: Iterable[str]) -> tuple[list[Upload], list[Failure]]:
    """Return the content of everything the paths name, and what could not be opened."""
    uploads: list[Upload] = []
    failures: list[Failure] = []
    for path in paths:
        for opened in _opened(path):
            if isinstance(opened, Failure):
                failures.append(opened)
            else:
                uploads.append(opened)
    return uploads, failures


def mapping_at(path: Path | None) -> ColumnMapping:
    """Return the column mapping in a file; the empty one where no file is named.

    Raises
    ------
    SourceError
        If the file cannot be opened or is no mapping.
    """
    return mapping_of(upload_of(path).content, where=str(path)) if path else NO_MAPPING


def thresholds_at(path: Path | None, base: Thresholds) -> Thresholds:
    """Return the limits in a file over those of a preset; the preset where no file is named.

    Raises
    ------
    SourceError
        If the file cannot be opened or is no set of limits.
    """
    return thresholds_of(upload_of(path).content, base, where=str(path)) if path else base


def _opened(path: str) -> Iterator[Upload | Failure]:
    """Yield what a path names; a file that cannot be opened is a failure among the others."""
    if path == STDIN:
        yield Upload("stdin", sys.stdin.buffer.read())
        return
    try:
        if path.startswith(TRACKED):
            yield from tracked_uploads(path.removeprefix(TRACKED))
            return
        files = files_at(path)
    except SourceError as error:
        yield Failure(path, str(error))
        return
    for file in files:
        try:
            yield upload_at(file) if is_url(file) else upload_of(Path(file))
        except SourceError as error:
            yield Failure(file, str(error))
