"""Searching: the files that a path, a folder, a glob or a storage's URL names."""

import glob
from pathlib import Path

from analysis.errors import SourceError
from analysis.sources.storage import is_url, urls_in

# What a folder is searched for. A training folder also holds weights of many gigabytes: a file is
# recognised by its content, but only files of these names are opened unasked.
SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".log", ".tfevents", ".b64", ".parquet"}
    | {".zip", ".gz", ".tgz"}
)
EVENT_FILE = "events.out.tfevents"
STORE_FOLDERS = frozenset({"metrics", "params"})  # of an MLflow file store: files without a suffix


def files_at(path: str) -> list[str]:
    """Return the files that a path names, in order; a folder's are those named like metrics.

    Raises
    ------
    SourceError
        If it names none, or a storage cannot be read.
    """
    place = Path(path)
    if is_url(path):
        return urls_in(path)
    if place.is_dir():
        found = [str(file) for file in sorted(place.rglob("*")) if _is_searched(file, place)]
        remedy = "Name the file itself, or a folder that holds result files"
        return found or _nothing("No file here that could hold metrics", path, remedy)
    if place.exists():
        return [path]
    matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207
    files = [match for match in matches if Path(match).is_file()]
    return files or _nothing("No file here has this name", path, "Check the path")


def _nothing(problem: str, path: str, remedy: str) -> list[str]:
    raise SourceError(problem, where=path, remedy=remedy)


def _is_searched(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    parents = file.relative_to(folder).parts[:-1]
    stored = not file.suffix and not STORE_FOLDERS.isdisjoint(parents)
    named = file.suffix.lower() in SUFFIXES or EVENT_FILE in file.name or stored
    return named and not hidden and file.is_file()
