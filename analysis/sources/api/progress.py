"""What a long fetch says while it runs, and the wish to stop it."""

import threading
from collections.abc import Callable


class Progress:
    """The line between a fetch and whoever watches it; both may be in different threads.

    Parameters
    ----------
    tell : callable, optional
        Called with each new message, in the thread of the fetch.

    Attributes
    ----------
    message : str
        What is being done, as a short phrase.
    part : str
        Which part of a whole is at hand, such as ``Job 3 of 60``; empty where there is one only.
    share : float or None
        How much is done, from 0 to 1; None while the whole is not known.
    """

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.message = ""
        self.part = ""
        self.share: float | None = None
        self._tell = tell
        self._stop = threading.Event()

    def say(self, message: str) -> None:
        """Say what is being done now."""
        self.message = message
        if self._tell:
            self._tell(message)

    def begin(self, part: int, whole: int, name: str) -> None:
        """Say that one part of several begins; parts count from 1."""
        self.part = f"{name} {part:,} of {whole:,}"
        self.share = (part - 1) / whole
        self.say(self.part)

    def stop(self) -> None:
        """Ask the fetch to end; it makes no further call."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than until somebody asks to stop."""
        self._stop.wait(seconds)
