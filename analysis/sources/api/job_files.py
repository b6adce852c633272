"""A job as files: what a live call and an archive both hand to the readers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.sources.uploads import Upload

FINISHED = frozenset({"succeeded", "failed", "cancelled"})  # the API's words; nothing comes after
NAMES = re.compile(r"jobs/(?P<job>[\w-]+)/(?:(?:job|events|checkpoints)\.json|results/[\w-]+\.csv)")


@dataclass(frozen=True)
class Problem:
    """A part of a job that could not be had, and why."""

    part: str
    text: str


@dataclass(frozen=True)
class JobFiles:
    """What could be had of a job.

    Attributes
    ----------
    job_id : str
        Its identifier.
    status : str or None
        In the platform's word; None when the job itself could not be had.
    uploads : tuple of Upload
        ``jobs/ID/job.json``, ``events.json``, ``checkpoints.json`` and ``results/FILE.csv``, as
        far as they are there; result files byte for byte as the platform gave them.
    problems : tuple of Problem
        The parts that could not be had, or not wholly.
    """

    job_id: str
    status: str | None
    uploads: tuple[Upload, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the job has ended and everything it left behind is here."""
        return self.status in FINISHED and not self.problems

    def with_older(self, older: "JobFiles | None") -> "JobFiles":
        """Return the same with what an earlier fetch had and this one has not."""
        if older is None:
            return self
        have = {upload.name for upload in self.uploads}
        kept = tuple(upload for upload in older.uploads if upload.name not in have)
        status = older.status if self.status is None else self.status
        return replace(self, status=status, uploads=(*self.uploads, *kept))

    def failures(self) -> Iterator[tuple[str, str]]:
        """Yield what is missing, each as the part's name and the reason."""
        for problem in self.problems:
            yield f"{self.job_id}: {problem.part}", problem.text
