"""Object storage: files behind URLs such as ``s3://…``, where the optional fsspec is installed."""

from importlib import import_module
from typing import Any

from analysis.errors import SourceError
from analysis.sources.uploads import Upload

MARK = "://"
# What storage clients raise is open; these are what fsspec and its own backends raise.
_FAULTS = (OSError, ImportError, ValueError, NotImplementedError)


def is_url(path: str) -> bool:
    """Return whether a path is a URL of a storage."""
    return MARK in path


def urls_in(url: str) -> list[str]:
    """Return the files that a URL names: one, a folder's, or those that match a glob.

    Raises
    ------
    SourceError
        If fsspec is not installed, the storage cannot be reached, or nothing is there.
    """
    try:
        store, path = _fsspec().core.url_to_fs(url)
        if "*" in path:
            found = store.glob(path)
        else:
            found = store.find(path) if store.isdir(path) else [path]
        urls = [str(store.unstrip_protocol(name)) for name in sorted(found)]
    except _FAULTS as error:
        raise _unreachable(url, error) from error
    if not urls:
        raise SourceError("No file here", where=url[:120], remedy="Check the address")
    return urls


def upload_at(url: str) -> Upload:
    """Return a file's content under its URL.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    try:
        with _fsspec().open(url, "rb") as file:
            return Upload(url, file.read())
    except _FAULTS as error:
        raise _unreachable(url, error) from error


def _fsspec() -> Any:
    try:
        return import_module("fsspec")
    except ImportError:
        raise SourceError(
            "Reading object storage needs a package that is not installed",
            where="fsspec",
            remedy="Run pip install fsspec and the package of your storage, such as s3fs",
        ) from None


def _unreachable(url: str, error: Exception) -> SourceError:
    return SourceError(
        f"The storage cannot be read: {type(error).__name__}",
        where=url[:120],
        remedy="Check the address, its credentials, and that its fsspec package is installed",
    )
