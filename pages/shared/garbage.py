"""Garbage: how often the objects of all sessions are searched for it.

Streamlit collects all garbage after every run of a page, and each time the interpreter walks
through whatever all sessions hold: with 40 of them that was more than half of the server's time.
So what survives a collection is set aside, and the next ones look only at what came since; every
few seconds one looks at everything again, for cycles of sessions that have ended.
"""

import gc
import time
from collections.abc import Callable
from functools import cache

EVERY = 10.0  # seconds between collections that look at everything
OLDEST = 2  # the generation that a full collection names


@cache
def set_aside() -> None:
    """Set aside what survives each full collection from now on; once in a process."""
    gc.collect()
    gc.freeze()
    gc.callbacks.append(keeper(time.monotonic))


def keeper(clock: Callable[[], float]) -> Callable[[str, dict[str, int]], None]:
    """Return what the interpreter calls before and after each collection.

    Parameters
    ----------
    clock : callable
        Returns seconds.
    """
    looked = clock()

    def keep(phase: str, told: dict[str, int]) -> None:
        nonlocal looked
        if told["generation"] != OLDEST:
            return
        if phase == "stop":
            gc.freeze()
        elif clock() - looked >= EVERY:
            looked = clock()
            gc.unfreeze()

    return keep
