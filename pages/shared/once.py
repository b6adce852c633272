"""Once: what is computed of a report a single time and kept as long as the report itself.

A report belongs to one session, so nothing kept here is ever seen by another, and all of it goes
when the run is removed or the session ends.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from analysis import Report

T = TypeVar("T")

MOST = 24  # results a report; the oldest go first

_kept: WeakKeyDictionary[Report, dict[Hashable, Any]] = WeakKeyDictionary()


def once(report: Report, key: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` returns, from memory where it was made before for this report."""
    known = _kept.setdefault(report, {})
    if key not in known:
        while len(known) >= MOST:
            known.pop(next(iter(known)))
        known[key] = make()
    found: T = known[key]
    return found
