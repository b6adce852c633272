"""Following a job: look after look, asking only for what is new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.errors import SourceError
from analysis.sources.api.calls import Caller
from analysis.sources.api.job_files import FINISHED, Problem
from analysis.sources.api.jobs import checked_id, job_document
from analysis.sources.api.opening import checkpoints_of, events_of, json_upload, results_of
from analysis.sources.api.pages import Listing
from analysis.sources.uploads import Upload

Items = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Followed:
    """What is known of a job so far.

    Attributes
    ----------
    job_id : str
        Its identifier.
    document : dict
        The job, as the platform last sent it.
    events, checkpoints : mapping of str to dict
        By id.
    results : tuple of Upload
        The result files, byte for byte; none before the job has ended.
    problems : tuple of str
        What could not be had at the last look, and is asked for again at the next.
    """

    job_id: str
    document: Mapping[str, Any] = field(default_factory=dict)
    events: Items = field(default_factory=dict)
    checkpoints: Items = field(default_factory=dict)
    results: tuple[Upload, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """In the platform's word, which is an open set."""
        status = self.document.get("status")
        return status if isinstance(status, str) else "unknown"

    @property
    def ended(self) -> bool:
        """Whether the job has ended."""
        return self.status in FINISHED

    @property
    def complete(self) -> bool:
        """Whether the job has ended and everything it left is here."""
        return self.ended and not self.problems

    def uploads(self) -> tuple[Upload, ...]:
        """Return all of it as files that the readers know."""
        folder = f"jobs/{self.job_id}"
        lists = (("checkpoints", self.checkpoints), ("events", self.events))
        return (
            json_upload(f"{folder}/job.json", dict(self.document)),
            *self.results,
            *(
                json_upload(f"{folder}/{part}.json", _list(items.values()))
                for part, items in lists
                if items
            ),
        )


def follow(caller: Caller, job_id: str, known: Followed | None = None) -> Followed:
    """Return what is known of a job after one more look.

    The job is asked for, and the events that are not known; checkpoints only when the status or the
    events say that there is news; result files once, at the end.

    Parameters
    ----------
    caller : Caller
        An open client.
    job_id : str
        The job.
    known : Followed or None
        What the last look brought; None at the first.

    Raises
    ------
    SourceError
        If the job itself or its events cannot be had: then nothing is known that was not before.
    """
    before = known or Followed(checked_id(job_id))
    document = job_document(caller, before.job_id)
    news = events_of(caller, before.job_id, known=before.events)
    if news.problem:
        # Pages that lack would never be asked for again: the next look starts where this one did.
        raise news.problem
    events = {**before.events, **_by_id(news)}
    now = Followed(before.job_id, document, events, before.checkpoints, before.results)
    if known and now.status == known.status and not news.items and not known.problems:
        return now
    return _with_files(caller, now)


def _with_files(caller: Caller, now: Followed) -> Followed:
    """Return the same with its checkpoints, and at the end with its result files."""
    problems: list[Problem] = []
    saved, results = now.checkpoints, now.results
    try:
        listing = checkpoints_of(caller, now.job_id)
        saved = {**saved, **_by_id(listing)}
        if listing.problem:
            problems.append(Problem("checkpoints", str(listing.problem)))
    except SourceError as error:
        problems.append(Problem("checkpoints", str(error)))
    if now.ended and not results:
        results = tuple(results_of(caller, now.job_id, dict(now.document), problems))
    told = tuple(f"{problem.part}: {problem.text}" for problem in problems)
    return Followed(now.job_id, now.document, now.events, saved, results, told)


def _by_id(listing: Listing) -> Items:
    return {item["id"]: item for item in listing.items}


def _list(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {"object": "list", "data": [dict(item) for item in items]}
