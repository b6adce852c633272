"""Feeds: where the looks at a job come from, a platform or a growing file."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from analysis.errors import SourceError
from analysis.sources.api.calls import Caller
from analysis.sources.api.following import Followed, follow
from analysis.sources.uploads import Upload, upload_of

LINED = frozenset({".csv", ".tsv", ".jsonl", ".log", ".txt"})  # formats of one record a line
QUIET = 1800.0  # seconds without growth after which a file's job has ended; our choice
_LAST_LINE = re.compile(rb"[^\n]*\Z")


@dataclass(frozen=True)
class Sight:
    """What a feed saw.

    Attributes
    ----------
    name : str
        The job's id, or the file's path.
    uploads : tuple of Upload
        Everything known of the job, as files that the readers know.
    status : str or None
        The job's, in the platform's word; None for a file.
    ended : bool
        Whether nothing more can come.
    problems : tuple of str
        What could not be had this time.
    """

    name: str
    uploads: tuple[Upload, ...] = ()
    status: str | None = None
    ended: bool = False
    problems: tuple[str, ...] = ()


class Feed(Protocol):
    """Something that can be looked at again and again."""

    def look(self) -> Sight:
        """Return what is seen now.

        Raises
        ------
        SourceError
            If it cannot be looked at now.
        """


@dataclass
class JobFeed:
    """A job on a platform.

    Attributes
    ----------
    caller : Caller
        An open client.
    job_id : str
        The job.
    known : Followed or None
        What the last look brought.
    """

    caller: Caller
    job_id: str
    known: Followed | None = None

    def look(self) -> Sight:
        """Return what is seen now, asking only for what is new.

        Raises
        ------
        SourceError
            If the platform cannot be asked.
        """
        self.known = follow(self.caller, self.job_id, self.known)
        return sight_of(self.known)


def sight_of(known: Followed) -> Sight:
    """Return what is known of a followed job as a sight.

    An ended job whose result file cannot be had yet is looked at again, so it has not ended here.
    """
    ended = known.complete or (known.ended and bool(known.results or known.events))
    return Sight(known.job_id, known.uploads(), known.status, ended, known.problems)


@dataclass
class FileFeed:
    """A file that grows.

    Attributes
    ----------
    path : Path
        The file.
    quiet : float
        Seconds without growth after which its job has ended.
    clock : callable
        Returns seconds that never go back.
    """

    path: Path
    quiet: float = QUIET
    clock: Callable[[], float] = time.monotonic
    _stamp: tuple[int, int] | None = field(default=None, init=False)
    _grown: float = field(default=0.0, init=False)
    _upload: Upload | None = field(default=None, init=False)

    def look(self) -> Sight:
        """Return what the file holds now; it is read again only when it has changed.

        A last line without its end may still be written and is left out while the file grows.

        Raises
        ------
        SourceError
            If it cannot be opened.
        """
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._upload = upload_of(self.path)
            self._stamp, self._grown = stamp, self.clock()
        ended = self.clock() - self._grown >= self.quiet
        upload = self._upload
        if upload is not None and not ended and self.path.suffix.lower() in LINED:
            upload = Upload(upload.name, _LAST_LINE.sub(b"", upload.content, count=1))
        return Sight(str(self.path), (upload,) if upload and upload.content else (), None, ended)

    def _stamp_now(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError as error:
            raise SourceError(
                f"The file cannot be opened: {error.strerror}",
                where=str(self.path),
                remedy="Check the path; a job may write its file only after its first step",
            ) from error
        return found.st_size, found.st_mtime_ns
