"""Reports as CSV: one row a run, for spreadsheets."""

import csv
import io
from collections.abc import Sequence

from analysis.report import Report
from analysis.sources.reading import Failure
from analysis.verdict import rounded
from analysis.visible import visible

HEADER = (
    "name", "method", "last_step", "rows", "headline", "statement", "confidence", "action", "step",
    "model", "expected_regret", "tied_steps", "fails", "warns", "not_judged", "source", "sha256",
    "error",
)  # fmt: skip
# How a spreadsheet's formulas begin, after OWASP, CSV injection; the wide ones where it writes so.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(reports: Sequence[Report], failures: Sequence[Failure] = ()) -> str:
    """Return one row for each report, then one for each failure, below a header.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_row(report) for report in reports)
    blank = [""] * (len(HEADER) - 3)
    writer.writerows([*blank, _cell(f.source), "", _cell(f.error)] for f in failures)
    return buffer.getvalue()


def _row(report: Report) -> list[str]:
    run, said = report.run, report.recommendation
    fails = [v.rule for v in report.findings if v.status == "fail"]
    warns = [v.rule for v in report.findings if v.status == "warn"]
    cells: list[object] = [
        run.name,
        run.method.value,
        run.last_step,
        len(run.frame),
        report.headline.label,
        report.headline.statement,
        rounded(report.headline.confidence),
        said.action.value,
        said.step,
        said.model,
        rounded(said.expected_regret),
        " ".join(map(str, said.tied_steps)),
        " ".join(fails),
        " ".join(warns),
        " ".join(v.rule for v in report.not_judged),
        run.origin.path,
        run.origin.sha256,
        "",
    ]
    return [_cell(value) for value in cells]


def _cell(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    shown = visible(value)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown
