"""The work behind the panel: list, open and pack jobs. It runs in errands, away from the page."""

from collections.abc import Iterable

from analysis import Failure
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import Connection
from analysis.sources.api.job_files import JobFiles
from analysis.sources.api.jobs import ListedJob, list_jobs, listed
from analysis.sources.api.opening import open_jobs
from analysis.sources.api.progress import Progress
from analysis.sources.archive import archive_bytes, archive_of
from pages.shared.api_state import Listed, Opened, Packed


def list_all(connection: Connection, progress: Progress) -> Listed:
    """Return the jobs that a connection can see, newest first.

    Raises
    ------
    SourceError
        If not even the first ones can be had.
    """
    progress.say("Connecting")
    with calling(connection, progress) as caller:
        listing = list_jobs(caller)
    jobs = sorted((listed(item) for item in listing.items), key=_age)
    return Listed(connection, tuple(jobs), str(listing.problem or ""))


def open_chosen(connection: Connection, job_ids: list[str], progress: Progress) -> Opened:
    """Return the files of these jobs, as far as they can be had."""
    with calling(connection, progress) as caller:
        jobs = list(open_jobs(caller, job_ids))
    had = [job for job in jobs if job.uploads]
    uploads = tuple(upload for job in had for upload in job.uploads)
    return Opened(tuple(job.job_id for job in had), uploads, _failures(jobs))


def pack_chosen(connection: Connection, job_ids: list[str], progress: Progress) -> Packed:
    """Return an archive of these jobs, as far as they can be had."""
    with calling(connection, progress) as caller:
        jobs = list(open_jobs(caller, job_ids, all_events=True))
    content = archive_bytes(archive_of(connection.provider, jobs))
    had = sum(bool(job.uploads) for job in jobs)
    return Packed(content, f"{connection.provider}-jobs.zip", had, _failures(jobs))


def _age(job: ListedJob) -> float:
    return -(job.created_at or 0.0)


def _failures(jobs: Iterable[JobFiles]) -> tuple[Failure, ...]:
    """Return what could not be had; parts that fail for the same reason are one failure."""
    parts: dict[str, list[str]] = {}
    for job in jobs:
        for part, reason in job.failures():
            parts.setdefault(reason, []).append(part)
    return tuple(
        Failure(f"{first} and {len(more):,} more" if more else first, reason)
        for reason, (first, *more) in parts.items()
    )
