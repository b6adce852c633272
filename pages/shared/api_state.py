"""What a session remembers of a platform: the connection, its jobs, the errand at hand.

Beside ``state``, the only user of ``st.session_state``. The key lives here and nowhere else: not in
the address, not in a cache, not in a log; ``forget`` drops it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from analysis import Failure, SourceError, Upload
from analysis.sources.api.connection import Connection
from analysis.sources.api.jobs import ListedJob
from analysis.sources.api.progress import Progress
from pages.shared.errand import Errand

_PLATFORM = "platform"
_ROUND = "platform_round"


@dataclass(frozen=True)
class Listed:
    """A connection that works, and its jobs, newest first; ``problem`` says why some may lack."""

    connection: Connection
    jobs: tuple[ListedJob, ...]
    problem: str = ""


@dataclass(frozen=True)
class Opened:
    """The files of jobs, and what could not be had of them."""

    job_ids: tuple[str, ...]
    uploads: tuple[Upload, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Packed:
    """An archive of the chosen jobs, and what could not be had."""

    content: bytes
    file_name: str
    n_jobs: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Platform:
    """All that is known of the platform in this session.

    Attributes
    ----------
    listed : Listed or None
        The connection and its jobs; None: not connected.
    errand : Errand or None
        What is being fetched now.
    archive : Packed or None
        What is ready to be downloaded.
    error : SourceError or None
        Why the last errand failed; None after one that did not.
    """

    listed: Listed | None = None
    errand: Errand[Any] | None = None
    archive: Packed | None = None
    error: SourceError | None = None


def platform() -> Platform:
    """Return what is known now."""
    found: Platform = st.session_state.get(_PLATFORM, Platform())
    return found


def change(**fields: object) -> None:
    """Change what is known."""
    st.session_state[_PLATFORM] = replace(platform(), **fields)  # type: ignore[arg-type]


def begin(work: Callable[[Progress], object]) -> None:
    """Begin an errand in place of the last one."""
    change(errand=Errand(work), error=None, archive=None)


def forget() -> None:
    """Drop the connection with its key, its jobs and the archive, and stop the errand."""
    errand = platform().errand
    if errand:
        errand.progress.stop()
    st.session_state.pop(_PLATFORM, None)
    begin_round()


def table_round() -> int:
    """Return how often the table's choice was taken over; part of its key, to empty it."""
    return int(st.session_state.get(_ROUND, 0))


def begin_round() -> None:
    """Empty the choice of jobs."""
    st.session_state[_ROUND] = table_round() + 1
