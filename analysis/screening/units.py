"""Units: which files are judged together, found without opening any of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.sources.searching import files_at
from analysis.sources.storage import is_url, upload_at
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
    return units_among(file for path in paths for file in files_at(path))


def units_among(files: Iterable[str]) -> list[Unit]:
    """Return files as units, in order; each file is in one."""
    families: dict[str, list[str]] = {}
    for file in files:
        families.setdefault(_family(file), []).append(file)
    return [Unit(tuple(dict.fromkeys(sorted(members)))) for members in families.values()]


def uploads_of(unit: Unit) -> list[Upload]:
    """Return the content of a unit's files.

    Raises
    ------
    SourceError
        If one cannot be opened.
    """
    return [upload_at(p) if is_url(p) else upload_of(Path(p)) for p in unit.paths]


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
