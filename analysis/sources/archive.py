"""Archives: the files of many jobs in one zip that says what it holds, and what it lacks."""

import hashlib
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import SourceError
from analysis.sources.api.job_files import NAMES, JobFiles, Problem
from analysis.sources.expanding import BROKEN, opened_zip
from analysis.sources.uploads import Upload

FORMAT = "goldilocks-archive/1"
MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same jobs, the same bytes
MAX_BYTES = 1 << 31  # unpacked; a bound on memory, and on what a crafted zip can ask for
_ID = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Archive:
    """What an archive holds.

    Attributes
    ----------
    provider : str
        ``openai`` or ``azure``.
    jobs : mapping of str to JobFiles
        By job id, ascending.
    """

    provider: str
    jobs: Mapping[str, JobFiles] = field(default_factory=dict)

    @property
    def uploads(self) -> list[Upload]:
        """Every file of every job, as a live call would hand them over."""
        return [upload for job in self.jobs.values() for upload in job.uploads]


def archive_bytes(archive: Archive) -> bytes:
    """Return the archive as a zip; the same jobs give the same bytes."""
    files = {upload.name: upload.content for upload in archive.uploads}
    files[MANIFEST] = _manifest(archive)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every machine
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()


def write_archive(path: Path, archive: Archive) -> None:
    """Write the archive beside its place and move it there when it is whole.

    Raises
    ------
    SourceError
        If it cannot be written; what was there before stays.
    """
    content = archive_bytes(archive)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(
            f"The archive cannot be written: {error.strerror or error}",
            where=str(path),
            remedy="Name another file with --out, in a folder that is there",
        ) from error


def read_archive(content: bytes) -> Archive:
    """Return what an archive holds; files that do not match their hash are left out and named.

    Raises
    ------
    SourceError
        If it is no such archive, or is broken as a whole.
    """
    try:
        with opened_zip(content) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_BYTES:
                raise _no_archive("The archive is too large to be unpacked")
            manifest = json.loads(packed.read(MANIFEST))
            if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
                raise _no_archive("This zip is no archive of jobs that is known")
            jobs = [_job(packed, item) for item in _list(manifest, "jobs") if _is_job(item)]
    except (*BROKEN, KeyError, RecursionError):
        raise _no_archive("This is no archive of jobs, or it is broken") from None
    return Archive(str(manifest.get("provider")), _by_id(jobs))


def archive_of(provider: str, jobs: Iterable[JobFiles]) -> Archive:
    """Return an archive of these jobs, in an order of its own."""
    return Archive(provider, _by_id(jobs))


def _by_id(jobs: Iterable[JobFiles]) -> dict[str, JobFiles]:
    found = {job.job_id: job for job in jobs}
    return {job_id: found[job_id] for job_id in sorted(found)}


def _manifest(archive: Archive) -> bytes:
    jobs = [
        {
            "id": job.job_id,
            "status": job.status,
            "complete": job.complete,
            "files": [
                {
                    "name": upload.name,
                    "sha256": _sha256(upload.content),
                    "size": len(upload.content),
                }
                for upload in sorted(job.uploads, key=lambda upload: upload.name)
            ],
            "problems": [{"part": p.part, "problem": p.text} for p in job.problems],
        }
        for job in archive.jobs.values()
    ]
    document = {"format": FORMAT, "provider": archive.provider, "jobs": jobs}
    return (json.dumps(document, indent=1) + "\n").encode()


def _is_job(item: Any) -> bool:
    job_id = item.get("id") if isinstance(item, dict) else None
    return isinstance(job_id, str) and bool(_ID.fullmatch(job_id))


def _job(packed: zipfile.ZipFile, item: dict[str, Any]) -> JobFiles:
    job_id = str(item["id"])
    problems = [
        Problem(str(problem.get("part")), str(problem.get("problem")))
        for problem in _list(item, "problems")
    ]
    uploads = []
    for listed in _list(item, "files"):
        name = str(listed.get("name"))
        content = _file(packed, name, job_id)
        if content is not None and _sha256(content) == listed.get("sha256"):
            uploads.append(Upload(name, content))
        else:
            problems.append(Problem(name.rpartition("/")[2], "It is broken in the archive"))
    status = item.get("status")
    known = status if isinstance(status, str) else None
    return JobFiles(job_id, known, tuple(uploads), tuple(problems))


def _file(packed: zipfile.ZipFile, name: str, job_id: str) -> bytes | None:
    found = NAMES.fullmatch(name)
    if not found or found["job"] != job_id:
        return None
    try:
        return packed.read(name)
    except (*BROKEN, KeyError):
        return None


def _list(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = document.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _no_archive(problem: str) -> SourceError:
    return SourceError(problem, remedy="Use a file that the command fetch or the app has written")
