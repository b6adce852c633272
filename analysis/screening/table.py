"""The table of many runs: which columns it has, which rows match, and a small curve for each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.report import Report
from analysis.schema import METRICS, Direction
from analysis.screening.judging import BEST_AND_LAST
from analysis.sweep.trials import knob_words

SPARK_POINTS = 32
SIGNIFICANT = 4
BEST, LAST = "best", "last"
KNOB = "hyperparameters/"
ARROWS = {Direction.LOWER: "↓", Direction.HIGHER: "↑", Direction.NONE: ""}
_TRUST = (*(name for name in BEST_AND_LAST if not name.startswith("train")),
          *(name for name in BEST_AND_LAST if name.startswith("train")))  # fmt: skip
_SEARCHED = ("name", "path", "method", "base_model", "headline", "found", "action")

Row = Mapping[str, Any]


def spark_of(report: Report) -> list[float]:
    """Return a run's curve in a few points: of validation where there is one, else of training."""
    curve = report.curves.valid or report.curves.train
    if curve is None:
        return []
    first, last = curve.span
    steps = np.unique(np.linspace(first, last, SPARK_POINTS).astype(np.int64))
    return [float(f"{value:.{SIGNIFICANT}g}") for value in curve.middle(steps)]


def matching(rows: Iterable[Row], words: str, labels: Sequence[str] = ()) -> list[int]:
    """Return the places of the rows that hold all words and one of the verdicts.

    Parameters
    ----------
    rows : iterable of dict
        The rows.
    words : str
        Parted by blanks; empty matches every row. ``NAME=VALUE`` asks for a hyperparameter.
    labels : sequence of str
        Headlines; empty matches every row.
    """
    wanted = words.lower().split()
    return [
        place
        for place, row in enumerate(rows)
        if (not labels or row["headline"] in labels) and _holds(row, wanted)
    ]


def metric_columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns of best and last values, the most trustworthy metrics first."""
    found = {name for row in rows for name in row if name.rpartition("/")[0] in METRICS}
    return [f"{metric}/{kind}" for metric in _TRUST for kind in (BEST, LAST)
            if f"{metric}/{kind}" in found]  # fmt: skip


def knob_columns(rows: Iterable[Row]) -> list[str]:
    """Return the columns of hyperparameters, by name."""
    return sorted({name for row in rows for name in row if name.startswith(KNOB)})


def title_of(column: str) -> str:
    """Return a column's heading: of a metric with the way it improves, of the rest in words."""
    metric, _, kind = column.rpartition("/")
    if metric in METRICS:
        known = METRICS[metric]
        return f"{known.label} {ARROWS[known.direction]} {kind}".replace("  ", " ")
    return knob_words(column.removeprefix(KNOB))


def _holds(row: Row, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    text = " ".join(str(row.get(name) or "") for name in _SEARCHED).lower().replace("_", " ")
    return all(_has_knob(row, word) if "=" in word else word in text for word in wanted)


def _has_knob(row: Row, word: str) -> bool:
    name, _, value = word.partition("=")
    return any(
        column.lower() == f"{KNOB}{name}" and _as_text(found) == value
        for column, found in row.items()
        if column.startswith(KNOB)
    )


def _as_text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
