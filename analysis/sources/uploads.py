"""Uploads: a file's content and the name the user knows it by."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.errors import SourceError


@dataclass(frozen=True)
class Upload:
    """A file's content under the name the user knows it by."""

    name: str
    content: bytes


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


def name_of(path: str) -> str:
    """Return the printable stem of a path, at most 80 characters; ``run`` if nothing is left."""
    stem = PurePosixPath(path.replace("\\", "/")).stem
    return printable(stem) or "run"


def printable(text: str) -> str:
    """Return text without characters that do not print, at most 80 characters of it."""
    return "".join(char for char in text if char.isprintable()).strip()[:80]


def folder_name(path: str) -> str:
    """Return the printable name of a folder, its dots kept; ``run`` if nothing is left."""
    return printable(PurePosixPath(path.replace("\\", "/")).name) or "run"


def folder_of(path: str) -> str:
    """Return the folder part of a path; empty for a bare name."""
    parent = str(PurePosixPath(path.replace("\\", "/")).parent)
    return "" if parent == "." else parent
