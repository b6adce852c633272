"""The inputs of a command: files, folders, globs and standard input."""

import glob
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.errors import SourceError
from analysis.limits import thresholds_of
from analysis.sources.mapping import NO_MAPPING, ColumnMapping, mapping_of
from analysis.sources.reading import Failure
from analysis.sources.tracking import tracked_uploads
from analysis.sources.uploads import Upload, upload_of
from analysis.thresholds import Thresholds

# What a folder is searched for. A training folder also holds weights of many gigabytes: a file is
# recognised by its content, but only files of these names are opened unasked.
SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".log", ".tfevents", ".b64", ".parquet"}
    | {".zip", ".gz", ".tgz"}
)
EVENT_FILE = "events.out.tfevents"
STORE_FOLDERS = frozenset({"metrics", "params"})  # of an MLflow file store: files without a suffix
STDIN = "-"
TRACKED = "mlflow:"  # before the id of a run on a tracking server


def uploads_of(paths: Iterable[str]) -> tuple[list[Upload], list[Failure]]:
    """Return the content of everything the paths name, and what could not be opened."""
    uploads: list[Upload] = []
    failures: list[Failure] = []
    for path in paths:
        try:
            uploads.extend(_uploads(path))
        except SourceError as error:
            failures.append(Failure(path, str(error)))
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


def _uploads(path: str) -> Iterator[Upload]:
    if path == STDIN:
        yield Upload("stdin", sys.stdin.buffer.read())
        return
    if path.startswith(TRACKED):
        yield from tracked_uploads(path.removeprefix(TRACKED))
        return
    for file in _files(path):
        yield upload_of(file)


def _files(path: str) -> list[Path]:
    place = Path(path)
    if place.is_dir():
        found = [file for file in sorted(place.rglob("*")) if is_searched(file, place)]
        remedy = "Name the file itself, or a folder that holds result files"
        return found or _nothing("No file here that could hold metrics", path, remedy)
    if place.exists():
        return [place]
    matches = [Path(match) for match in sorted(glob.glob(path, recursive=True))]  # noqa: PTH207
    files = [match for match in matches if match.is_file()]
    return files or _nothing("There is no such file", path, "Check the path")


def _nothing(problem: str, path: str, remedy: str) -> list[Path]:
    raise SourceError(problem, where=path, remedy=remedy)


def is_searched(file: Path, folder: Path) -> bool:
    """Return whether a file in a folder is opened unasked: not hidden, and named like metrics."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    parents = file.relative_to(folder).parts[:-1]
    stored = not file.suffix and not STORE_FOLDERS.isdisjoint(parents)
    named = file.suffix.lower() in SUFFIXES or EVENT_FILE in file.name or stored
    return named and not hidden and file.is_file()
