"""Keeping watch: looks at a feed until its job ends, with patience for faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.errors import SourceError
from analysis.sources.api.explanations import AccessError
from analysis.watching.feeds import Feed
from analysis.watching.watched import Settings, Watched, seen

LONGEST_WAIT = 600.0  # seconds between two looks, however many failed before; our choice
MAX_FAULTS = 30  # looks in a row that may fail: some hours


@dataclass(frozen=True)
class Fault:
    """A look that failed, and how long it is waited before the next.

    Attributes
    ----------
    reason : str
        What went wrong and what to do.
    wait : float
        Seconds.
    """

    reason: str
    wait: float


def kept(
    feed: Feed, name: str, every: float, wait: Callable[[float], object], settings: Settings
) -> Iterator[Watched | Fault]:
    """Yield what is known after every look, and every fault, until the job has ended.

    After a fault the wait doubles with each further one.

    Parameters
    ----------
    feed : Feed
        Where to look.
    name : str
        The job's id, or the file's path.
    every : float
        Seconds from one look to the next.
    wait : callable
        Waits for so many seconds.
    settings : Settings
        How to judge.

    Raises
    ------
    SourceError
        If access is refused at the first look, or too many looks in a row failed.
    """
    watched = Watched(name)
    faults, met = 0, False
    while True:
        try:
            sight = feed.look()
        except SourceError as error:
            faults += 1
            if faults > MAX_FAULTS or (not met and isinstance(error, AccessError)):
                raise
            fault = Fault(str(error), min(every * 2.0**faults, max(LONGEST_WAIT, every)))
            yield fault
            wait(fault.wait)
            continue
        faults, met = 0, True
        watched = seen(watched, sight, settings)
        yield watched
        if watched.look.ended:
            return
        wait(every)
