"""The command ``fetch``: jobs of a platform into an archive that stays readable without it."""

import argparse
import os
import signal
import sys
from pathlib import Path

from analysis.errors import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.calls import Caller, calling
from analysis.sources.api.connection import Connection, connect, credential_in_environment
from analysis.sources.api.job_files import JobFiles, Problem
from analysis.sources.api.jobs import checked_id, list_jobs
from analysis.sources.api.opening import open_jobs
from analysis.sources.api.progress import Progress
from analysis.sources.archive import Archive, archive_of, read_archive, write_archive
from analysis.wording import counted

ALL_FETCHED, NOT_FETCHED = 0, 2
FIRST_SAVE = 4  # jobs; then at twice as many each time, so that saving stays cheap
NOT_YET = Problem("job", "Not fetched yet")


def fetch_command(options: argparse.Namespace) -> int:
    """Fetch the jobs, write the archive, and return the exit code."""
    if options.all == bool(options.jobs):
        return _refused("Name the jobs to fetch, or --all of them")
    for number in (signal.SIGINT, signal.SIGTERM):  # a call in the background may ignore the first
        signal.signal(number, signal.default_int_handler)
    try:
        known = _known(options.out, options.provider)
        connection = connection_of(options)
        with calling(connection, Progress(_say)) as caller:
            return _fetched(caller, options, known)
    except SourceError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return _refused("Stopped before anything was fetched")


def _fetched(caller: Caller, options: argparse.Namespace, known: Archive) -> int:
    """Fetch into the archive, saving as it grows, and say what came of it."""
    fetched: list[JobFiles] = []
    next_save = FIRST_SAVE
    wanted, whole = _wanted(caller, options)
    jobs = {job_id: JobFiles(job_id, None, (), (NOT_YET,)) for job_id in wanted}
    jobs.update(known.jobs)
    try:
        for job in open_jobs(caller, wanted, all_events=True, known=known.jobs):
            fetched.append(job)
            jobs[job.job_id] = job
            if len(fetched) >= next_save:
                write_archive(options.out, archive_of(options.provider, jobs.values()))
                next_save *= 2
    except KeyboardInterrupt:
        whole = False
    write_archive(options.out, archive_of(options.provider, jobs.values()))
    return _summary(fetched, options.out, whole=whole)


def _wanted(caller: Caller, options: argparse.Namespace) -> tuple[list[str], bool]:
    """Return the ids of the jobs to fetch, and whether these are all that were asked for."""
    if not options.all:
        return [checked_id(job_id) for job_id in options.jobs], True
    listing = list_jobs(caller)
    if listing.problem:
        _say(str(listing.problem))
    return [str(item["id"]) for item in listing.items], listing.problem is None


def _summary(fetched: list[JobFiles], out: Path, *, whole: bool) -> int:
    failures = [failure for job in fetched for failure in job.failures()]
    for part, reason in failures:
        _say(f"Not fetched: {part}: {reason}")
    if not whole:
        _say("Not everything was fetched: call again with the same --out for the rest")
    _say(f"{counted(len(fetched), 'job')} looked at, {counted(len(failures), 'problem')}: {out}")
    return ALL_FETCHED if whole and not failures else NOT_FETCHED


def _known(out: Path, provider: str) -> Archive:
    """Return what an earlier call left at the same place; an empty archive where nothing is.

    Raises
    ------
    SourceError
        If something else is there: it is never overwritten.
    """
    try:
        content = out.read_bytes()
    except FileNotFoundError:
        return Archive(provider)
    except OSError as error:
        raise SourceError(
            f"The archive cannot be opened: {error.strerror}",
            where=str(out),
            remedy="Name another file with --out",
        ) from error
    try:
        archive = read_archive(content)
    except SourceError as error:
        raise SourceError(
            f"Something else is there: {error.problem}",
            where=str(out),
            remedy="Name another file with --out",
        ) from error
    if archive.provider != provider:
        raise SourceError(
            f"The archive holds jobs of {archive.provider}",
            where=str(out),
            remedy="Name another file with --out",
        )
    return archive


def connection_of(options: argparse.Namespace) -> Connection:
    """Return the connection that a call's words and the environment name.

    Raises
    ------
    SourceError
        If a part is missing or cannot be what it should be.
    """
    provider = Provider(options.provider)
    address = options.base_url
    if provider is Provider.AZURE and not address:
        address = os.environ.get("AZURE_OPENAI_ENDPOINT", "")
    connection = connect(
        provider, address, credential_in_environment(provider), options.api_version
    )
    _say(f"Calling {connection.base_url}")
    return connection


def _refused(words: str) -> int:
    _say(words)
    return NOT_FETCHED


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
