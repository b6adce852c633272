"""The command ``screen``: judge many runs, on this machine's cores or on a cluster."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from analysis.commands.diagnose import ALL_WELL, FOUND, NOT_READ
from analysis.commands.inputs import mapping_at, thresholds_at
from analysis.errors import SourceError
from analysis.screening.judging import Judged, Settings, Task
from analysis.screening.output import FULL, Record, document, earlier_records, record_of
from analysis.screening.running import judged_by_dask, judged_here
from analysis.screening.units import Unit, units_among
from analysis.sources.searching import files_at
from analysis.thresholds import PRESETS

GRAVER = {"warn": {"warn", "fail"}, "fail": {"fail"}}


class Tally:
    """What the exit code depends on.

    Attributes
    ----------
    failed : bool
        Whether something could not be read.
    found : set of str
        Statuses met.
    """

    def __init__(self) -> None:
        self.failed = False
        self.found: set[str] = set()

    def add(self, record: Record) -> None:
        """Take a record into account."""
        self.failed |= bool(record.failures)
        for item in record.items:
            verdicts = item.get("verdicts")
            worst = {v["status"] for v in verdicts} if verdicts else {str(item.get("worst"))}
            self.found |= worst


def screen_command(options: argparse.Namespace) -> int:
    """Judge the inputs, write the table, and return the exit code."""
    try:
        thresholds = thresholds_at(options.thresholds, PRESETS[options.preset])
        settings = Settings(thresholds, options.method, mapping_at(options.mapping))
        return _screen(options, settings, earlier_records(options.out, options.format))
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_READ


def _screen(options: argparse.Namespace, settings: Settings, earlier: Mapping[str, Record]) -> int:
    full = options.format in FULL
    units, missing = _found(options.paths)
    tasks = (Task(u, settings, _digest(earlier.get(u.name)), full) for u in units)
    judged = (
        judged_by_dask(tasks, options.dask) if options.dask else judged_here(tasks, options.workers)
    )
    tally, n_all = Tally(), len(missing) + len(units)
    every = chain(missing, judged)
    pieces = document(_records(every, earlier, options.format, tally, n_all), options.format)
    try:
        _write(pieces, options.out)
    except OSError as error:
        raise SourceError(
            f"Cannot write: {error.strerror}", where=str(options.out), remedy="Name another file"
        ) from error
    if tally.failed:
        return NOT_READ
    return FOUND if tally.found & GRAVER.get(options.fail_on or "", set()) else ALL_WELL


def _found(paths: Iterable[str]) -> tuple[list[Unit], list[Judged]]:
    """Return the units that paths name, and the paths that name none as failures."""
    files: list[str] = []
    missing = []
    for path in paths:
        try:
            files.extend(files_at(path))
        except SourceError as error:
            missing.append(Judged(path, failures=({"source": path, "error": str(error)},)))
    return units_among(files), missing


def _records(
    judged: Iterable[Judged],
    earlier: Mapping[str, Record],
    output_format: str,
    tally: Tally,
    n_units: int,
) -> Iterator[Record]:
    """Yield records under a progress bar; stopped by hand, what is judged so far is kept."""
    with tqdm(total=n_units, unit="file", file=sys.stderr, desc="Judged") as bar:
        try:
            for item in judged:
                record = record_of(item, earlier, output_format)
                for failure in record.failures:
                    bar.write(f"Not read: {failure['source']}: {failure['error']}", sys.stderr)
                tally.add(record)
                bar.update()
                yield record
        except KeyboardInterrupt:
            bar.write("Stopped: what was judged is kept; the same call goes on.", sys.stderr)
            tally.failed = True


def _digest(record: Record | None) -> str:
    return record.digest if record else ""


def _write(pieces: Iterable[bytes], out: Path | None) -> None:
    """Write to standard output, or to a file that is there only when it is whole."""
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    draft = out.with_name(f"{out.name}.part")
    with draft.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    draft.replace(out)
