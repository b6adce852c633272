"""Fuzzing of everything that is read: ``python -m tests.benchmarks.fuzz --seconds N``.

Mutates samples and payloads of every format, some aware of their shape, reads each, alone and with
others, and expects runs that keep the canonical invariants, or a SourceError. Prints counts, the
slowest input and every fault, each with a file that reproduces it. Ends with 1 if there is any.
"""

import argparse
import faulthandler
import re
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from analysis import Upload, read_uploads
from analysis.sources.reading import Readings
from tests.benchmarks.extremes import extremes
from tests.benchmarks.invariants import assert_canonical
from tests.benchmarks.mutations import mutated
from tests.benchmarks.payloads import generated, on_disk

SLOW = 5.0  # seconds of the processor after which reading one input counts as hanging
EACH = 0.02  # seconds more for each file in an archive of thousands
STUCK = 600  # seconds after which the process shows where it stands and ends
SMALL = 0.8  # share of inputs made of the small payloads, which are read faster
MAX_GROWTH = 4 << 20  # KiB of memory that one run of the fuzzer may come to


@dataclass
class Findings:
    """What came of it.

    Attributes
    ----------
    outcomes : Counter
        How often each outcome came.
    faults : dict
        The first file that shows each fault, by its words.
    slowest : tuple of float and str
        Seconds and name of the slowest input.
    folder : Path
        Where files that show a fault are kept.
    """

    folder: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, Path] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")


def main() -> int:
    """Fuzz, print, and return the exit code."""
    options = _options()
    rng = Random(options.seed)  # noqa: S311 - reproducible, not secret
    small, large = generated(), on_disk()
    seeds = {**large, **small}
    findings = Findings(Path(tempfile.mkdtemp(prefix="fuzz-")))
    for name, content in seeds.items():
        _try(findings, [Upload(name, content)])
    if not options.no_extremes:
        for name, content in extremes():
            _try(findings, [Upload(name, content)], content.count(b"PK\x01\x02"))
    ends = time.monotonic() + options.seconds
    while time.monotonic() < ends:
        among = small if rng.random() < SMALL else seeds
        names = rng.choices(list(among), k=rng.choice((1, 1, 1, 2, 3)))
        _try(findings, [Upload(name, mutated(seeds[name], rng)) for name in names])
    return _show(findings)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to mutate")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--no-extremes", action="store_true", help="leave out huge inputs")
    return parser.parse_args()


def _try(findings: Findings, uploads: list[Upload], n_members: int = 0) -> None:
    """Read uploads together and note what came of it."""
    faulthandler.dump_traceback_later(STUCK, exit=True)
    began = time.process_time()
    try:
        readings = read_uploads(uploads)
        for run in readings.runs:
            assert_canonical(run)
        findings.outcomes.update(_outcomes(readings))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        _keep(findings, uploads, _words(error))
    faulthandler.cancel_dump_traceback_later()
    seconds = time.process_time() - began
    names = " + ".join(upload.name for upload in uploads)
    findings.slowest = max(findings.slowest, (seconds, names))
    if seconds > SLOW + EACH * n_members:
        _keep(findings, uploads, f"hang: {names} took {seconds:.1f} s")


def _outcomes(readings: Readings) -> list[str]:
    runs = [f"run: {run.origin.format}" for run in readings.runs]
    return [*runs, *(f"error: {_stem(failure.error)}" for failure in readings.failures)]


def _stem(message: str) -> str:
    """Return how a message begins, without what differs from input to input."""
    return re.split(r"[(:,'\d]", message)[0].strip()[:70]


def _words(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in place if "/analysis/" in frame.filename or "tests" in frame.filename]
    frame = ours[-1] if ours else place[-1]
    words = f"{type(error).__name__}: {error}"[:160]
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.name}: {words}"


def _keep(findings: Findings, uploads: list[Upload], words: str) -> None:
    key = words.rpartition(": ")[0] or words
    if key in findings.faults:
        return
    folder = findings.folder / f"{len(findings.faults):03}"
    for upload in uploads:
        path = folder / upload.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.content)
    findings.faults[key] = folder
    _print(f"FAULT {words}\n      {folder}")


def _show(findings: Findings) -> int:
    for outcome, count in sorted(findings.outcomes.items()):
        _print(f"{count:8,}  {outcome}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _print(f"slowest: {findings.slowest[0]:.2f} s  {findings.slowest[1]}")
    _print(f"memory at most: {memory / (1 << 20):.2f} GiB")
    _print(f"{len(findings.faults)} faults, {findings.outcomes.total():,} outcomes")
    return int(bool(findings.faults) or memory > MAX_GROWTH)


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what a benchmark is for


if __name__ == "__main__":
    sys.exit(main())
