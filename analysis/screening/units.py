"""Units: which files are judged together, found without opening any of them."""

import glob
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.commands.inputs import is_searched
from analysis.errors import SourceError
from analysis.sources.storage import is_url, upload_at, urls_in
from analysis.sources.uploads import Upload, upload_of

# Files that describe another file's run bear its name; a job, an MLflow run or a TensorBoard
# run is a folder's worth of files.
_LIST = re.compile(r"[._-](checkpoints|events|job)$")
_TAG = re.compile(r"(run-.*?)-tag-.+")
_STORE = ("metrics", "params")
_JOB = re.compile(r"(.*/jobs/[^/]+|.*/ftjob-[^/]+)/.*")


@dataclass(frozen=True)
class Unit:
    """Files that are read and judged together.

    Attributes
    ----------
    paths : tuple of str
        Local paths or object storage URLs, in order; the first names the unit.
    """

    paths: tuple[str, ...]

    @property
    def name(self) -> str:
        """The path the unit goes by."""
        return self.paths[0]


def units_of(paths: Iterable[str]) -> list[Unit]:
    """Return the units among the files that paths, folders, globs and URLs name, in order.

    Raises
    ------
    SourceError
        If a path names nothing, or a URL needs a package that is not installed.
    """
    families: dict[str, list[str]] = {}
    for path in paths:
        for file in _files(path):
            families.setdefault(_family(file), []).append(file)
    return [Unit(tuple(dict.fromkeys(sorted(files)))) for files in families.values()]


def uploads_of(unit: Unit) -> list[Upload]:
    """Return the content of a unit's files.

    Raises
    ------
    SourceError
        If one cannot be opened.
    """
    return [upload_at(p) if is_url(p) else upload_of(Path(p)) for p in unit.paths]


def _files(path: str) -> Iterator[str]:
    place = Path(path)
    if is_url(path):
        found = urls_in(path)
    elif place.is_dir():
        found = [str(file) for file in sorted(place.rglob("*")) if is_searched(file, place)]
    elif place.exists():
        found = [path]
    else:
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207
        found = [match for match in matches if Path(match).is_file()]
    if not found:
        raise SourceError("No file here that could hold metrics", where=path, remedy="Check it")
    yield from found


def _family(path: str) -> str:
    """Return what the files of one run share of their paths."""
    posix = path.replace("\\", "/")
    job = _JOB.fullmatch(posix)
    if job:
        return job[1]
    parts = PurePosixPath(posix)
    for folder in parts.parents:
        if folder.name in _STORE:
            return str(folder.parent)
    tag = _TAG.fullmatch(parts.stem)
    stem = tag[1] if tag else _LIST.sub("", parts.name.removesuffix(parts.suffix))
    return f"{parts.parent}/{stem}"
