"""How many people one server bears: ``python -m tests.benchmarks.load``.

Browser-like sessions (``load_session``) upload a run of 1,000 rows each, no two alike, and walk
through it with pauses as people make. Prints waits and memory, then opens and closes sessions one
after the other and prints whether memory stays flat; ends with 1 if there was an error.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Sequence
from statistics import quantiles

from tests.benchmarks.load_session import Session
from tests.benchmarks.load_visit import ACTIONS, Tally, content_of, opened, visit, walk
from tests.benchmarks.speed_servers import memory_of, whole_app

SESSIONS = (1, 10, 25, 50)
MANY = 20  # sessions whose memory is held against one's
WARM = 3  # visits before anything is measured
POINTS = 10  # how often the memory is told while sessions come and go


def main() -> int:
    """Print every figure, and return the exit code."""
    options = _options()
    _say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
         f"sessions come within {options.arrive:g} s, pauses of {options.think:g} s\n")  # fmt: skip
    errors = []
    for n_sessions in options.sessions:
        errors += _crowd(n_sessions, options.arrive, options.think)
    errors += _one_and_many()
    if options.cycles:
        errors += _come_and_go(options.cycles, options.ttl)
    for error in sorted(set(errors)):
        _say(f"{errors.count(error)} x {error}")
    _say(f"\n{len(errors)} errors")
    return int(bool(errors))


def _crowd(n_sessions: int, arrive: float, think: float) -> list[str]:
    """Let so many people in at once; print their waits and what they cost."""
    with whole_app() as (url, pid):
        _warm(url)
        before, busy, start = memory_of(pid), _cpu_of(pid), time.perf_counter()
        tally, gates = (
            Tally(),
            (threading.Barrier(n_sessions + 1), threading.Barrier(n_sessions + 1)),
        )
        people = [
            threading.Thread(
                target=visit, args=(url, seed, (arrive * seed / n_sessions, think), tally, gates)
            )
            for seed in range(n_sessions)
        ]
        for person in people:
            person.start()
        gates[0].wait()
        taken, spent, held = time.perf_counter() - start, _cpu_of(pid) - busy, memory_of(pid)
        gates[1].wait()
        for person in people:
            person.join()
    _say(f"{n_sessions} sessions: server busy {spent / taken:.0%} of a core for {taken:.0f} s; "
         f"{before:.0f} MB before, {held:.0f} MB with all open, "
         f"{(held - before) / n_sessions:.2f} MB each; {len(tally.errors)} errors")  # fmt: skip
    _say(f"  {'wait in ms':<34}{'p50':>8}{'p95':>8}{'longest':>9}{'n':>6}")
    for action in ACTIONS:
        _row(action, [1_000 * each for each in tally.seconds[action]])
    _say("")
    return tally.errors


def _one_and_many() -> list[str]:
    """Print the server's memory with one session that has a run, and with many."""
    tally = Tally()
    with whole_app() as (url, pid):
        sessions, held = [], []
        for seed in range(MANY):
            sessions.append(opened(url, content_of(seed), tally))
            walk(sessions[-1], tally, lambda: None)
            held.append(memory_of(pid))
        for session in sessions:
            session.close()
    _say(f"A fresh server: {held[0]:.0f} MB with one session that has walked through its run, "
         f"{held[-1]:.0f} MB with {MANY}: {held[-1] / held[0]:.2f} x\n")  # fmt: skip
    return tally.errors


def _come_and_go(n_cycles: int, ttl: int) -> list[str]:
    """Open, upload, read the run and close, one session after the other; print the memory."""
    tally = Tally()
    with whole_app("--server.disconnectedSessionTTL", str(ttl)) as (url, pid):
        _warm(url)
        _say(f"{n_cycles:,} sessions one after the other, each kept {ttl} s after it left:")
        _say(f"  {'sessions':>8}{'MB':>8}")
        _say(f"  {0:>8}{memory_of(pid):>8.0f}")
        for cycle in range(1, n_cycles + 1):
            session = opened(url, content_of(cycle), tally)
            session.press("Open")
            session.close()
            if cycle % max(n_cycles // POINTS, 1) == 0:
                _say(f"  {cycle:>8,}{memory_of(pid):>8.0f}")
        time.sleep(ttl + 1)
        Session(url).close()  # the server forgets who left when the next one comes
        _say(f"  {'all gone':>8}{memory_of(pid):>8.0f}\n")
    return tally.errors


def _warm(url: str) -> None:
    """Let the server import and draw everything once."""
    alone = (threading.Barrier(1),)
    for seed in range(WARM):
        visit(url, 1_000_000 + seed, (0.0, 0.0), Tally(), alone)


def _row(name: str, values: Sequence[float]) -> None:
    if len(values) > 1:
        cuts = quantiles(values, n=20, method="inclusive")
        _say(f"  {name:<34}{cuts[9]:>8.0f}{cuts[18]:>8.0f}{max(values):>9.0f}{len(values):>6}")
    elif values:
        _say(f"  {name:<34}{values[0]:>8.0f}{'':>8}{'':>9}{1:>6}")


def _cpu_of(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("--sessions", type=int, nargs="*", default=SESSIONS)
    parser.add_argument("--arrive", type=float, default=30.0, help="seconds until all have come")
    parser.add_argument("--think", type=float, default=2.0, help="mean pause in seconds")
    parser.add_argument("--cycles", type=int, default=1_000, help="sessions that come and go")
    parser.add_argument("--ttl", type=int, default=5, help="seconds a left session is kept")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
