"""What a session remembers of the job it watches.

Like ``state``. A platform's key is part of the connection, which lives here as long as the job is
watched and nowhere else.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from analysis import SourceError
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import Connection
from analysis.sources.api.following import Followed, follow
from analysis.sources.api.progress import Progress
from analysis.watching.feeds import FileFeed, Sight, sight_of
from analysis.watching.keeping import LONGEST_WAIT
from analysis.watching.watched import Settings, Watched, seen
from pages.shared import settings, state
from pages.shared.errand import Errand

_WATCHING, _NAMED = "watching", "watch_named"
OPTION = "--watch"  # of the command line: streamlit run app.py -- --watch PATH
EVERY_JOB, EVERY_FILE = 30, 5  # seconds


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a look brought."""

    watched: Watched
    sight: Sight
    followed: Followed | None = None


@dataclass(frozen=True, eq=False)
class Watching:
    """The job that is watched.

    Attributes
    ----------
    name : str
        The job's id, or the file's path.
    connection : Connection or None
        Its platform; None for a file.
    feed : FileFeed or None
        The file; None for a job.
    last : Outcome
        What the last look brought.
    every : int
        Seconds from look to look.
    paused : bool
        Whether no further look is taken.
    errand : Errand or None
        The look that is being taken.
    due : float
        When the next one is, on the clock that never goes back.
    updated : float or None
        When the last one was, in seconds since 1970; None before the first.
    faults : int
        How many failed in a row.
    error : SourceError or None
        Why the last one failed.
    """

    name: str
    connection: Connection | None
    feed: FileFeed | None
    last: Outcome
    every: int
    paused: bool = False
    errand: Errand[Outcome] | None = None
    due: float = field(default_factory=time.monotonic)
    updated: float | None = None
    faults: int = 0
    error: SourceError | None = None

    @property
    def ended(self) -> bool:
        """Whether the job has ended."""
        return self.last.watched.look.ended


def watching() -> Watching | None:
    """Return what is watched now: the file that the command line names, at first."""
    if _NAMED not in st.session_state:
        st.session_state[_NAMED] = True
        if sys.argv[1:2] == [OPTION] and len(sys.argv) > 2:
            begin_file(sys.argv[2])
    found: Watching | None = st.session_state.get(_WATCHING)
    return found


def begin_job(connection: Connection, job_id: str) -> None:
    """Watch a platform's job in place of what was watched before."""
    nothing = Outcome(Watched(job_id), Sight(job_id))
    st.session_state[_WATCHING] = Watching(job_id, connection, None, nothing, EVERY_JOB)


def begin_file(path: str) -> None:
    """Watch a file in place of what was watched before."""
    nothing = Outcome(Watched(path), Sight(path))
    st.session_state[_WATCHING] = Watching(path, None, FileFeed(Path(path)), nothing, EVERY_FILE)


def stop() -> None:
    """Watch nothing any more."""
    st.session_state.pop(_WATCHING, None)


def pause(*, paused: bool) -> None:
    """Take no further look, or take looks again, the first at once."""
    _change(paused=paused, due=time.monotonic())


def look_every(key: str) -> None:
    """Take a look as often as a widget says."""
    every = int(st.session_state[key])
    _change(every=every, due=min(_now().due, time.monotonic() + every))


def look_now() -> None:
    """Let the next look be due at once."""
    _change(due=time.monotonic())


def advance() -> Watching | None:
    """Take over a look that has ended, begin the next one when it is due; return what is known."""
    current = watching()
    if current is None:
        return None
    if current.errand and not current.errand.running:
        _take_over(current, current.errand)
    current = _now()
    idle = current.errand is None and not current.paused and not current.ended
    if idle and time.monotonic() >= current.due:
        _change(errand=Errand(_look(current)))
    return _now()


def _look(current: Watching) -> Callable[[Progress], Outcome]:
    """Return the work of one look, which knows nothing of the session."""
    limits = Settings(settings.thresholds(), state.mapping())
    before = current.last

    def work(progress: Progress) -> Outcome:
        if current.feed is not None:
            sight, followed = current.feed.look(), None
        else:
            with calling(_connection(current), progress) as caller:
                followed = follow(caller, current.name, before.followed)
            sight = sight_of(followed)
        return Outcome(seen(before.watched, sight, limits), sight, followed)

    return work


def _connection(current: Watching) -> Connection:
    if current.connection is None:
        raise SourceError("The job has no platform", remedy="Connect again")
    return current.connection


def _take_over(current: Watching, errand: Errand[Outcome]) -> None:
    now = time.monotonic()
    if errand.outcome is None:
        faults = current.faults + 1
        wait = min(current.every * 2.0**faults, max(LONGEST_WAIT, current.every))
        _change(errand=None, faults=faults, error=errand.error, due=now + wait)
        return
    _change(
        errand=None, last=errand.outcome, faults=0, error=None, due=now + current.every,
        updated=time.time(),
    )  # fmt: skip


def _now() -> Watching:
    found: Watching = st.session_state[_WATCHING]
    return found


def _change(**fields: object) -> None:
    if _WATCHING in st.session_state:
        st.session_state[_WATCHING] = replace(_now(), **fields)  # type: ignore[arg-type]
