"""Expanding: archives to the files in them, within limits, never touching the disk."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, cast

from analysis.errors import SourceError
from analysis.sources.uploads import Upload

MAX_EXPANDED = 1 << 30  # bytes in all; our choice: ten times the largest real archive met
MAX_MEMBERS = 20_000  # our choice: an MLflow file store of a large experiment
MAX_ENTRIES = 10 * MAX_MEMBERS  # with folders and files that are passed over
MAX_RATIO = 1000  # metrics compress 5 to 20 times; only bombs exceed this
MAX_NESTING = 3  # an output.tar.gz inside a zip, and one more
_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_ENTRY = b"PK\x01\x02"  # begins each file in a zip's table of contents
_TAR_MAGIC, _TAR_AT = b"ustar", 257
_IGNORED = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db"})


class TooLargeError(SourceError):
    """An archive that expands beyond the limits; nothing more of it is read."""


@dataclass
class Budget:
    """What one upload may still expand to.

    Attributes
    ----------
    size : int
        Bytes left.
    members : int
        Files left.
    """

    size: int = MAX_EXPANDED
    members: int = MAX_MEMBERS


def is_archive(content: bytes) -> bool:
    """Return whether content is a zip, gzip or tar archive, by its first bytes."""
    return content.startswith((_ZIP, _EMPTY_ZIP, _GZIP)) or _is_tar(content)


def expanded(
    upload: Upload, budget: Budget | None = None, depth: int = 0
) -> Iterator[Upload | SourceError]:
    """Yield the files in an archive, archives in it expanded too.

    A member that cannot be taken (encrypted, broken, with a path that leads outside) gives an error
    in its place and the others follow.

    Raises
    ------
    SourceError
        If the archive is broken, expands beyond the limits, or nests too deeply.
    """
    budget = budget or Budget()
    if depth >= MAX_NESTING:
        raise SourceError(
            f"Archives nest more than {MAX_NESTING} deep", remedy="Upload the files themselves"
        )
    for member in _members(upload, budget):
        if isinstance(member, Upload) and is_archive(member.content):
            yield from _nested(member, budget, depth + 1)
        else:
            yield member


def _nested(upload: Upload, budget: Budget, depth: int) -> Iterator[Upload | SourceError]:
    """Yield the files in an archive within another; if it is broken, the others follow."""
    try:
        yield from expanded(upload, budget, depth)
    except TooLargeError:
        raise
    except SourceError as error:
        yield SourceError(error.problem, where=upload.name, remedy=error.remedy)


def _members(upload: Upload, budget: Budget) -> Iterator[Upload | SourceError]:
    try:
        if upload.content.startswith((_ZIP, _EMPTY_ZIP)):
            yield from _zip_members(upload, budget)
        elif upload.content.startswith(_GZIP):
            content = _gunzipped(upload.content, budget)
            inner = Upload(_without_gz(upload.name), content)
            yield from _tar_members(inner, budget) if _is_tar(content) else (inner,)
        else:
            yield from _tar_members(upload, budget)
    except BROKEN as error:
        raise SourceError(
            "The archive is broken or of an unknown kind", remedy="Pack or download it again"
        ) from error


# What the standard archives raise for broken input.
BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError,
    OSError, ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


def opened_zip(content: bytes) -> zipfile.ZipFile:
    """Return a zip to read from; close it after use.

    Raises
    ------
    TooLargeError
        If its table of contents alone would fill the memory.
    zipfile.BadZipFile
        If it is none; also what else stands in ``BROKEN``.
    """
    if content.count(_ENTRY) > MAX_ENTRIES:
        raise _too_large()
    return zipfile.ZipFile(io.BytesIO(content))


def _zip_members(upload: Upload, budget: Budget) -> Iterator[Upload | SourceError]:
    with opened_zip(upload.content) as archive:
        for info in archive.infolist():
            if info.is_dir() or _ignored(info.filename):
                continue
            path = f"{upload.name}/{info.filename}"
            if info.flag_bits & 1:
                yield SourceError("The file is encrypted", where=path, remedy="Unpack it first")
            elif _leads_outside(info.filename):
                yield _outside(path)
            else:
                yield _unzipped(archive, info, path, budget, len(upload.content))


def _unzipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, budget: Budget, packed: int
) -> Upload | SourceError:
    """Return a member's content, or why it alone cannot be had."""
    try:
        with archive.open(info) as stream:
            return Upload(path, _taken(stream, budget, packed))
    except BROKEN:
        return SourceError("The file is broken in the archive", where=path, remedy="Pack it again")


def _tar_members(upload: Upload, budget: Budget) -> Iterator[Upload | SourceError]:
    with tarfile.open(fileobj=io.BytesIO(upload.content), mode="r:") as archive:
        for info in archive:
            if not info.isfile() or _ignored(info.name):
                continue
            path = f"{upload.name}/{info.name}"
            stream = archive.extractfile(info)
            if _leads_outside(info.name) or stream is None:
                yield _outside(path)
            else:
                yield Upload(path, _taken(stream, budget, len(upload.content)))


def _gunzipped(content: bytes, budget: Budget) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        return _taken(cast("IO[bytes]", stream), budget, len(content))


def _taken(stream: IO[bytes], budget: Budget, packed: int) -> bytes:
    allowed = min(budget.size, max(packed, 1 << 10) * MAX_RATIO)
    budget.members -= 1
    content = stream.read(allowed + 1)
    budget.size -= len(content)
    if len(content) > allowed or budget.members < 0:
        raise _too_large()
    return content


def _too_large() -> TooLargeError:
    return TooLargeError(
        "The archive expands beyond the limits "
        f"({MAX_EXPANDED >> 30} GiB, {MAX_MEMBERS:,} files, {MAX_RATIO} times its size)",
        remedy="Upload the metric files themselves",
    )


def _is_tar(content: bytes) -> bool:
    return content[_TAR_AT : _TAR_AT + len(_TAR_MAGIC)] == _TAR_MAGIC


def _ignored(name: str) -> bool:
    return any(part in _IGNORED for part in PurePosixPath(name).parts)


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or name[1:2] == ":"


def _outside(path: str) -> SourceError:
    return SourceError(
        "A path in the archive leads outside of it", where=path[:120], remedy="Pack it again"
    )


def _without_gz(name: str) -> str:
    lower = name.lower()
    if lower.endswith(".tgz"):
        return name[:-4] + ".tar"
    return name[:-3] if lower.endswith(".gz") else name
