"""Errands: long work in a thread of its own, which the page looks at and can stop."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from analysis import SourceError
from analysis.sources.api.progress import Progress
from pages.shared.logs import log_fault

PATIENCE = 1.0  # seconds that a stopped errand gets to hand over what it has

Outcome = TypeVar("Outcome")


class Errand(Generic[Outcome]):
    """Work that has begun; it never touches the page.

    Parameters
    ----------
    work : callable
        Takes the progress to tell and to heed; returns the outcome or raises a SourceError.

    Attributes
    ----------
    progress : Progress
        What it says while it runs.
    outcome : object or None
        What it returned; None while it runs, and when it failed.
    error : SourceError or None
        Why there is no outcome, once it has ended.
    """

    def __init__(self, work: Callable[[Progress], Outcome]) -> None:
        self.progress = Progress()
        self.outcome: Outcome | None = None
        self.error: SourceError | None = None
        self._work = work
        # A daemon: a server that hangs must not keep ours from ending.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended, or so long."""
        self._thread.join(seconds)

    def stop(self) -> None:
        """Ask it to end, and give it a moment to hand over what it has."""
        self.progress.stop()
        self.wait(PATIENCE)

    def _run(self) -> None:
        self.error = SourceError("The work ended by a fault of ours", remedy="Try again")
        try:
            self.outcome = self._work(self.progress)
        except SourceError as error:
            self.error = error
        except Exception as fault:  # noqa: BLE001 - a thread has no other border
            log_fault(fault)
        else:
            self.error = None
