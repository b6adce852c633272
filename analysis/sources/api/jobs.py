"""Jobs of a platform: all of them, one of them, and what can be asked of a running one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from analysis.errors import SourceError
from analysis.sources.api.later import openai
from analysis.sources.api.pages import PAGE_SIZE, Listing, every_item

if TYPE_CHECKING:
    from analysis.sources.api.calls import Caller

MAX_JOBS = 20_000
METHODS = {"supervised": "SFT", "dpo": "DPO", "reinforcement": "RFT"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
_AZURE_SUFFIX = re.compile(r"\.ft-[0-9a-f]{32}-(?P<suffix>.+)$")


class Change(StrEnum):
    """What can be asked of a job that has not ended; the API's own words."""

    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True)
class ListedJob:
    """What a list shows of a job.

    Attributes
    ----------
    job_id : str
        Its identifier.
    name : str
        The suffix its owner gave; empty where none was given.
    base_model : str
        The model that was tuned; empty when unknown.
    method : str
        ``SFT``, ``DPO`` or ``RFT``, or the platform's own word for another one.
    status : str
        In the platform's word, which is an open set.
    created_at : float or None
        Seconds since 1970.
    """

    job_id: str
    name: str
    base_model: str
    method: str
    status: str
    created_at: float | None


def checked_id(text: str) -> str:
    """Return an id without blanks around it.

    Raises
    ------
    SourceError
        If it is none: ids become parts of addresses and of file names.
    """
    stripped = text.strip()
    if not _ID.fullmatch(stripped):
        raise SourceError(
            "This is no id of a job or a file",
            where=stripped[:60],
            remedy="Copy the id from the list of jobs; it looks like ftjob-abc123",
        )
    return stripped


def list_jobs(caller: Caller, cap: int = MAX_JOBS) -> Listing:
    """Return all jobs, newest first, each as the platform's document.

    Raises
    ------
    SourceError
        If not even the first page can be had.
    """
    jobs = caller.client.fine_tuning.jobs.with_raw_response

    def page(after: str | None) -> dict[str, Any]:
        cursor = openai.omit if after is None else after
        return caller.document("list of jobs", lambda: jobs.list(after=cursor, limit=PAGE_SIZE))

    return every_item(page, "Listing jobs", cap, caller.progress)


def job_document(caller: Caller, job_id: str) -> dict[str, Any]:
    """Return a job as the platform's document.

    Raises
    ------
    SourceError
        If it cannot be had, or is not the job that was asked for.
    """
    wanted = checked_id(job_id)
    jobs = caller.client.fine_tuning.jobs.with_raw_response
    document = caller.document(f"job {wanted}", lambda: jobs.retrieve(wanted))
    return _a_job(document, wanted)


def change_job(caller: Caller, job_id: str, change: Change) -> dict[str, Any]:
    """Cancel, pause or resume a job, and return its document after that.

    It is asked once: asking again after a lost answer might undo what somebody else did.

    Raises
    ------
    SourceError
        If the platform refuses, or the answer is lost; then the job's status tells.
    """
    wanted = checked_id(job_id)
    jobs = caller.client.fine_tuning.jobs.with_raw_response
    asked = {Change.CANCEL: jobs.cancel, Change.PAUSE: jobs.pause, Change.RESUME: jobs.resume}
    what = f"{change} of {wanted}"
    return _a_job(caller.document(what, lambda: asked[change](wanted), attempts=1), wanted)


def listed(document: dict[str, Any]) -> ListedJob:
    """Return what a list shows of a job's document."""
    method = document.get("method")
    kind = method.get("type") if isinstance(method, dict) else None
    created = document.get("created_at")
    return ListedJob(
        job_id=_text(document.get("id")),
        name=_text(document.get("user_provided_suffix")) or _suffix(document),
        base_model=_text(document.get("model")),
        # Older jobs and Azure's supervised ones come without a method.
        method=METHODS.get(_text(kind), _text(kind)) or METHODS["supervised"],
        status=_text(document.get("status")) or "unknown",
        created_at=float(created) if isinstance(created, int | float) else None,
    )


def _a_job(document: dict[str, Any], wanted: str) -> dict[str, Any]:
    if document.get("id") != wanted:
        raise SourceError(
            "The answer is not the job that was asked for",
            where=wanted,
            remedy="Check the address, and try again",
        )
    return document


def _suffix(document: dict[str, Any]) -> str:
    model = _text(document.get("fine_tuned_model"))
    parts = model.split(":")
    if len(parts) > 3 and parts[0] == "ft":  # ft:MODEL:ORGANISATION:SUFFIX:ID
        return parts[3]
    found = _AZURE_SUFFIX.search(model)
    return found["suffix"] if found else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
