"""Files as people have them: packed, listed, one object on a line."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from analysis import Run, Upload, read_uploads


def opened(files: Mapping[str, bytes]) -> list[Run]:
    """Return the runs in files, none of which may fail."""
    readings = read_uploads([Upload(name, content) for name, content in files.items()])
    assert readings.failures == ()
    return list(readings.runs)


def the_run(files: Mapping[str, bytes]) -> Run:
    """Return the one run in files."""
    (run,) = opened(files)
    return run


def failures(files: Mapping[str, bytes]) -> list[str]:
    """Return the errors of files that give no run."""
    readings = read_uploads([Upload(name, content) for name, content in files.items()])
    return [failure.error for failure in readings.failures]


def as_json(document: Any) -> bytes:
    """Return a document as Python writes it: NaN and Infinity bare."""
    return json.dumps(document).encode()


def as_lines(rows: Iterable[Any]) -> bytes:
    """Return documents as JSON lines."""
    return b"".join(as_json(row) + b"\n" for row in rows)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """Return a tar of files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def gzipped(content: bytes) -> bytes:
    """Return content as gzip, the same bytes each time."""
    return gzip.compress(content, mtime=0)


def codes(run: Run) -> list[str]:
    """Return the codes of a run's notes."""
    return [note.code for note in run.notes]
