"""Many runs: a row for each loaded run and each run of a screening, made once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis import Report
from analysis.screening.judging import row_of
from analysis.screening.table import spark_of
from pages.shared import state

_MADE, SCREENED = "runs_made", "runs_screened"  # choices of the page


@dataclass(frozen=True, eq=False)
class Entry:
    """A run in the table.

    Attributes
    ----------
    row : dict
        As ``analysis.screening.judging.row_of`` makes it.
    spark : list of float
        Its curve in a few points; empty for a run that is not loaded.
    report : Report or None
        None for a run of which only a screening's row is known.
    """

    row: Mapping[str, Any]
    spark: list[float]
    report: Report | None


def rows() -> dict[str, Entry]:
    """Return the table's entries by run identity: the loaded runs, then those of screenings."""
    made: dict[str, Entry] = state.choice(_MADE, {})
    loaded = state.reports()
    fresh = {
        run_id: kept
        if (kept := made.get(run_id)) and kept.report is report
        else Entry(row_of(report), spark_of(report), report)
        for run_id, report in loaded.items()
    }
    if fresh.keys() != made.keys() or any(made[k] is not entry for k, entry in fresh.items()):
        state.hold_choice(_MADE, fresh)
    screened: dict[str, Entry] = state.choice(SCREENED, {})
    return {**fresh, **screened}
