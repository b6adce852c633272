"""The command ``diagnose``: judge every run in the inputs."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.commands.inputs import mapping_at, thresholds_at, uploads_of
from analysis.commands.text import text_of
from analysis.diagnose import diagnose
from analysis.errors import SourceError
from analysis.report import Report
from analysis.reports.document import document_of
from analysis.reports.html import html_of
from analysis.reports.markdown import markdown_of
from analysis.reports.table import csv_of
from analysis.schema import Method
from analysis.sources.reading import Failure, read_uploads
from analysis.thresholds import PRESETS
from analysis.verdict import Status

ALL_WELL, FOUND, NOT_READ = 0, 1, 2
WRITERS: dict[str, Callable[[Sequence[Report], Sequence[Failure]], str]] = {
    "text": text_of,
    "json": document_of,
    "csv": csv_of,
    "html": html_of,
    "markdown": markdown_of,
}
AT_OR_ABOVE = {"warn": {Status.WARN, Status.FAIL}, "fail": {Status.FAIL}}


def diagnose_command(options: argparse.Namespace) -> int:
    """Judge the inputs, write the reports, and return the exit code."""
    try:
        mapping = mapping_at(options.mapping)
        thresholds = thresholds_at(options.thresholds, PRESETS[options.preset])
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_READ
    uploads, unopened = uploads_of(options.paths)
    readings = read_uploads(uploads, mapping)
    runs = readings.runs
    if options.method != "auto":
        runs = tuple(replace(run, method=Method(options.method)) for run in runs)
    reports = [diagnose(run, thresholds) for run in runs]
    failures = [*unopened, *readings.failures]
    if options.format != "text":
        for failure in failures:
            sys.stderr.write(f"Not read: {failure.source}: {failure.error}\n")
    output = WRITERS[options.format](reports, failures)
    if not _written(output, options.out):
        return NOT_READ
    return _exit_code(reports, failures, options.fail_on)


def _written(output: str, out: Path | None) -> bool:
    if out is None:
        sys.stdout.buffer.write(output.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
        return True
    try:
        out.write_bytes(output.encode("utf-8", "replace"))
    except OSError as error:
        sys.stderr.write(f"Cannot write {out}: {error.strerror}. Name another file with --out.\n")
        return False
    return True


def _exit_code(reports: Sequence[Report], failures: Sequence[Failure], fail_on: str | None) -> int:
    if failures:
        return NOT_READ
    graver = AT_OR_ABOVE.get(fail_on or "", set())
    found = any(v.status in graver for report in reports for v in report.verdicts)
    return FOUND if found else ALL_WELL
