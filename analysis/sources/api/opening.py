"""Opening jobs: their documents and result files, as far as each can be had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.errors import SourceError
from analysis.sources.api.explanations import AccessError
from analysis.sources.api.job_files import JobFiles, Problem
from analysis.sources.api.jobs import checked_id, job_document
from analysis.sources.api.later import openai
from analysis.sources.api.pages import PAGE_SIZE, Listing, every_item
from analysis.sources.decoding import decoded
from analysis.sources.uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from analysis.sources.api.calls import Caller

MAX_EVENTS = 200_000  # several for each step of the longest runs met
MAX_CHECKPOINTS = 10_000
SUCCEEDED = "succeeded"
HEAD = 1 << 16  # bytes; the header of a file with hundreds of graders is far shorter
FULL_VALIDATION = b"full_valid"


def open_job(caller: Caller, job_id: str, *, all_events: bool = False) -> JobFiles:
    """Return what can be had of a job, running, ended or failed.

    Parameters
    ----------
    caller : Caller
        An open client.
    job_id : str
        The job.
    all_events : bool
        Fetch the events even of a job whose result file holds the same numbers in one piece.

    Raises
    ------
    SourceError
        If the job itself cannot be had. What else fails is among its problems.
    """
    job = checked_id(job_id)
    caller.progress.say(f"Fetching job {job}")
    document = job_document(caller, job)
    uploads = [json_upload(f"jobs/{job}/job.json", document)]
    problems: list[Problem] = []
    results = results_of(caller, job, document, problems)
    uploads.extend(results)
    _add_list(caller, job, "checkpoints", uploads, problems)
    if all_events or not _says_all(document, results):
        _add_list(caller, job, "events", uploads, problems)
    status = document.get("status")
    known = status if isinstance(status, str) else "unknown"
    return JobFiles(job, known, tuple(uploads), tuple(problems))


def open_jobs(
    caller: Caller,
    job_ids: Sequence[str],
    *,
    all_events: bool = False,
    known: Mapping[str, JobFiles] | None = None,
) -> Iterator[JobFiles]:
    """Yield every job, each once, in the order given; one that fails yields its problem.

    Parameters
    ----------
    caller : Caller
        An open client.
    job_ids : sequence of str
        The jobs.
    all_events : bool
        As for ``open_job``.
    known : mapping of str to JobFiles, optional
        What an earlier fetch had: complete jobs are yielded as they are, and of the others
        nothing is lost.
    """
    older = known or {}
    ended: SourceError | None = None
    wanted = list(dict.fromkeys(job_id.strip() for job_id in job_ids))
    for position, job_id in enumerate(wanted, 1):
        caller.progress.begin(position, len(wanted), "Job")
        had = older.get(job_id)
        if had and had.complete:
            yield had
            continue
        try:
            if ended:
                raise ended
            job = open_job(caller, job_id, all_events=all_events)
        except SourceError as error:
            ended = error if isinstance(error, AccessError) else None
            job = JobFiles(job_id, None, (), (Problem("job", str(error)),))
        yield job.with_older(had)
    caller.progress.share = 1.0


def _says_all(document: dict[str, Any], results: list[Upload]) -> bool:
    """Return whether the result files hold all that the events do.

    OpenAI's files lack the values on the full validation set, which its events have.
    """
    if document.get("status") != SUCCEEDED or not results:
        return False
    if not document.get("validation_file"):
        return True
    try:
        heads = [decoded(result.content)[0][:HEAD] for result in results]
    except SourceError:  # said by the readers, which get the file as it is
        return False
    return any(FULL_VALIDATION in head for head in heads)


def results_of(
    caller: Caller, job: str, document: dict[str, Any], problems: list[Problem]
) -> list[Upload]:
    """Return the result files that a job's document names; what fails is added to the problems."""
    uploads = []
    named = document.get("result_files")
    for item in named if isinstance(named, list) else []:  # Azure: null until there are any
        # The legacy API listed whole file objects.
        given = item.get("id") if isinstance(item, dict) else item
        try:
            file_id = checked_id(given if isinstance(given, str) else "")
            content = _result(caller, file_id)
        except SourceError as error:
            problems.append(Problem(f"result file {given}"[:80], str(error)))
            continue
        uploads.append(Upload(f"jobs/{job}/results/{file_id}.csv", content))
    return uploads


def _result(caller: Caller, file_id: str) -> bytes:
    what = f"result file {file_id}"
    caller.progress.say(f"Fetching {what}")
    files = caller.client.files.with_raw_response
    content = caller.content(what, lambda: files.content(file_id))
    if not content.strip():
        raise SourceError("The file is empty", where=what, remedy="Try again later")
    return content


def _add_list(
    caller: Caller, job: str, part: str, uploads: list[Upload], problems: list[Problem]
) -> None:
    listing = events_of if part == "events" else checkpoints_of
    try:
        found = listing(caller, job)
    except SourceError as error:
        problems.append(Problem(part, str(error)))
        return
    if found.problem:
        problems.append(Problem(part, str(found.problem)))
    if found.items:
        document = {"object": "list", "data": list(found.items)}
        uploads.append(json_upload(f"jobs/{job}/{part}.json", document))


def events_of(caller: Caller, job: str, known: Container[str] = ()) -> Listing:
    """Return a job's events, newest first, but those that are known and what came before them.

    Raises
    ------
    SourceError
        If not even the first page can be had.
    """
    call = caller.client.fine_tuning.jobs.with_raw_response.list_events
    return _every(caller, f"events of {job}", MAX_EVENTS, lambda after: call(
        job, after=openai.omit if after is None else after, limit=PAGE_SIZE
    ), known)  # fmt: skip


def checkpoints_of(caller: Caller, job: str) -> Listing:
    """Return a job's checkpoints.

    Raises
    ------
    SourceError
        If not even the first page can be had.
    """
    call = caller.client.fine_tuning.jobs.checkpoints.with_raw_response.list
    return _every(caller, f"checkpoints of {job}", MAX_CHECKPOINTS, lambda after: call(
        job, after=openai.omit if after is None else after, limit=PAGE_SIZE
    ))  # fmt: skip


def _every(
    caller: Caller,
    what: str,
    cap: int,
    call: Callable[[str | None], Any],
    known: Container[str] = (),
) -> Listing:
    def page(after: str | None) -> dict[str, Any]:
        return caller.document(what, lambda: call(after))

    return every_item(page, f"Fetching {what}", cap, caller.progress, known)


def json_upload(name: str, document: dict[str, Any]) -> Upload:
    """Return a document as a file."""
    return Upload(name, json.dumps(document, indent=1).encode())
