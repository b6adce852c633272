"""One visit to the app as a user pays it, every wait timed."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.benchmarks.load_session import PageError, Session
from tests.benchmarks.speed_engine import run_of

ROWS = 1_000
MOVES = 5  # of the slider, and of the smoothing
OPEN, UPLOAD, RUN = "open the Overview", "upload a run, read its verdict", "open its Run page"
SLIDE, SMOOTH, COMPARE = "move the slider", "change the smoothing", "open Compare"
ACTIONS = (OPEN, UPLOAD, RUN, SLIDE, SMOOTH, COMPARE)


@dataclass
class Tally:
    """What the visits of one round took, and what went wrong.

    Attributes
    ----------
    seconds : dict of str to list of float
        By action.
    errors : list of str
        In words; empty where all is well.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, action: str) -> Iterator[None]:
        """Time an action."""
        start = time.perf_counter()
        yield
        self.seconds[action].append(time.perf_counter() - start)


def content_of(seed: int) -> bytes:
    """Return the file of a session: no two of them are the same."""
    return run_of(ROWS, seed).to_csv(index=False).encode()


def opened(url: str, content: bytes, tally: Tally) -> Session:
    """Open the app and upload a run; return the session.

    Raises
    ------
    PageError
        If the page shows anything but the run with its verdict.
    """
    with tally.timed(OPEN):
        session = Session(url)
    with tally.timed(UPLOAD):
        session.upload("run.csv", content)
    _expect("1,000 steps" in session.texts(), "The Overview does not show the run")
    return session


def walk(session: Session, tally: Tally, pause: Callable[[], None]) -> None:
    """Read the run, move its slider and smoothing, and compare, with pauses between.

    Raises
    ------
    PageError
        If a page shows anything but what it should.
    """
    pause()
    with tally.timed(RUN):
        session.press("Open")
    stops = session.data_of("stepper")[0]["stops"]
    for move in range(MOVES):
        pause()
        step = stops[(move * 17 + 3) % len(stops)]
        with tally.timed(SLIDE):
            session.tell("stepper", step=step)
        _expect(f"step={step}" in session.query, "The slider did not move")
    look = session.data_of("board")[0]["look"]
    for move in range(MOVES):
        pause()
        wanted = {**look, "line": "ema", "weight": 0.3 + move / 10}
        with tally.timed(SMOOTH):
            session.tell("board", look=wanted)
        _expect(session.data_of("board")[0]["look"] == wanted, "The smoothing did not change")
    pause()
    with tally.timed(COMPARE):
        session.go("compare")
    _expect(bool(session.all("vega_lite_chart")), "Compare has no chart")


def visit(
    url: str,
    seed: int,
    waits: tuple[float, float],
    tally: Tally,
    gates: tuple[threading.Barrier, ...],
) -> None:
    """Make one visit; between the gates all sessions are open and their work is done.

    ``waits`` are the seconds until it comes, and the mean pause between two actions, each of
    which is from half to one and a half of that.
    """
    chance = random.Random(seed)  # noqa: S311
    come, think = waits

    def pause() -> None:
        time.sleep(think * chance.uniform(0.5, 1.5))

    content = content_of(seed)
    time.sleep(come)
    session: Session | None = None
    try:
        session = opened(url, content, tally)
        walk(session, tally, pause)
    except Exception as error:  # noqa: BLE001 - a session that fails must still reach the gates
        tally.errors.append(f"{type(error).__name__}: {error}")
    for gate in gates:
        gate.wait()
    if session:
        session.close()


def _expect(condition: bool, problem: str) -> None:
    if not condition:
        raise PageError(problem)
