"""Standing: what may be said of a job so far, look after look.

A pure state machine. A look without fresh evidence changes nothing; a verdict is said once it has
led for several looks in a row; what is said at the job's end is final.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from analysis.headline import Headline
from analysis.verdict import Status
from analysis.watching.held import Held
from analysis.watching.look import Look
from analysis.watching.stopping import Stopping, stopping

FIRST = 2  # looks in a row before a first verdict, or advice to stop, is said; our choice
CHANGE = 3  # looks in a row before another verdict takes its place; our choice
FRESH = 0.05  # growth of what a curve rests on that is fresh evidence; our choice
# Labels that say what a run has failed to do: until half of it has passed, it may still do it.
NOT_YET = frozenset({"underfit", "both_high", "plateau_early", "plateau", "no_validation"})
HALF = 0.5


class Phase(StrEnum):
    """How much can be said."""

    WAITING = "waiting"
    TOO_EARLY = "too_early"
    SO_FAR = "so_far"
    FINAL = "final"


@dataclass(frozen=True)
class Standing:
    """What is said of a job.

    Attributes
    ----------
    phase : Phase
        ``waiting``: nothing is logged. ``too_early``: too little is. ``so_far``: there is a verdict
        that more steps may change. ``final``: the job has ended.
    verdict : Held of Headline
        The verdict that is said, and its rival.
    stop : Held of Stopping
        The advice to stop that is said, and its rival.
    counted : (int, int)
        Training and validation values that were there when evidence last counted.
    """

    phase: Phase = Phase.WAITING
    verdict: Held[Headline] = Held()  # noqa: RUF009 - frozen
    stop: Held[Stopping] = Held()  # noqa: RUF009 - frozen
    counted: tuple[int, int] = (0, 0)

    @property
    def headline(self) -> Headline | None:
        """The verdict that is said; None where none is."""
        return self.verdict.value

    @property
    def label(self) -> str:
        """The label of the verdict that is said; empty where none is."""
        return self.headline.label if self.headline else ""


def after(standing: Standing, look: Look) -> Standing:
    """Return what is said after a look at the job."""
    if standing.phase is Phase.FINAL:
        return standing
    if look.ended:
        return _final(standing, look)
    if look.report is None or not is_fresh(standing.counted, look.readings):
        return standing
    verdict = standing.verdict.after(
        _said(look), lambda headline: headline.label, CHANGE if standing.headline else FIRST
    )
    stop = standing.stop.after(stopping(look.report), lambda found: found.rule, FIRST)
    phase = Phase.SO_FAR if verdict.value else Phase.TOO_EARLY
    return Standing(phase, verdict, stop, look.readings)


def is_fresh(counted: tuple[int, int], readings: tuple[int, int]) -> bool:
    """Return whether enough has been logged since evidence last counted to count as more."""
    return any(
        now >= before + max(1, ceil(FRESH * before))
        for before, now in zip(counted, readings, strict=True)
    )


def _said(look: Look) -> Headline | None:
    """Return the verdict on a running job; None where it is too early for one."""
    headline = look.report.headline if look.report else None
    if headline is None or headline.status is Status.INSUFFICIENT_DATA:
        return None
    early = look.share is None or look.share < HALF
    return None if early and headline.label in NOT_YET else headline


def _final(standing: Standing, look: Look) -> Standing:
    """Return what is said at the end: all evidence is in, so the last verdict stands."""
    if look.report is None:
        return replace(standing, phase=Phase.FINAL, stop=Held())
    return Standing(Phase.FINAL, Held(look.report.headline), Held(), look.readings)
