"""Board data: what the charts of a page draw, as plain lists for the browser.

Nothing here knows how it looks but the names, colours and dashes of ``theme``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.axes import TITLES, Axis, Scale, scale_of
from analysis.schema import METRICS, STEP, Direction
from analysis.verdict import Verdict
from analysis.wording import counted, label_words
from pages.shared.chart_data import Series, clip_of, curve_rows, epochs_of, words_of
from pages.shared.smoothing import WEIGHT, averaged_by_ema, ema, window
from pages.shared.theme import ACCENT, BADGES, NEUTRAL, Line, lines_of
from pages.shared.thinning import MOST, thinned
from pages.shared.views import ChartOf

Array = NDArray[np.float64]
Steps = NDArray[np.int64]

FITTED, EMA, WINDOW, NO_LINE = "fitted", "ema", "window", "raw"
WINDOW_SHARE = 0.02  # of the run, to each side
DENSE = 0.5  # share of the rows: a column logged at most of them has gaps, not pauses
MAX_MARKS = 400  # of one kind and series
STAY = 0.02  # of the range, drawn beyond a zoomed range so that lines leave the picture


@dataclass(frozen=True)
class Look:
    """How the curves of a page are drawn.

    Attributes
    ----------
    line : str
        The line over the readings: ``fitted``, ``ema``, ``window`` or ``raw`` (none).
    weight : float
        Of the exponential moving average.
    width : float
        Of the window to each side, as a share of the run.
    axis : Axis
        What the curves are drawn over.
    span : (float, float) or None
        The zoomed range on that axis; None for the whole run.
    """

    line: str = FITTED
    weight: float = WEIGHT
    width: float = WINDOW_SHARE
    axis: Axis = Axis.STEP
    span: tuple[float, float] | None = None


def axes_of(series: Series) -> dict[str, str]:
    """Return what the run can be drawn over: names and titles."""
    run = series.report.run
    return {axis.value: TITLES[axis] for axis in Axis if scale_of(run, axis) is not None}


def board_of(series: Series, charts: Iterable[ChartOf], look: Look) -> dict[str, Any]:
    """Return the charts of one run and what they mark.

    Every number is a finite float or None. ``x`` is a place on the chosen axis.
    """
    report = series.report
    scale = scale_of(report.run, look.axis) or scale_of(report.run, Axis.STEP)
    if scale is None:
        raise ValueError("a run has at least its steps")
    steps = series.frame[STEP].to_numpy(dtype=np.int64)
    x = scale.at(steps)
    if len(steps) <= MOST:  # all of it is drawn however narrow the zoom
        look = replace(look, span=None)
    epochs = epochs_of(report)[STEP].to_numpy(dtype=np.float64)
    saved = sorted({checkpoint.step for checkpoint in report.run.checkpoints})
    advised = report.recommendation.step
    drawn = [_chart(series, chart, look, scale, x) for chart in charts]
    per_epoch = scale_of(report.run, Axis.EPOCH)
    return {
        "axis": {
            "title": TITLES[look.axis],
            "derived": scale.derived,
            "whole": look.axis == "step",
        },
        "range": [float(x[0]), float(x[-1])],
        "knots": _knots(scale, steps),
        "perEpoch": None if per_epoch is None else _knots(per_epoch, steps),
        "epochs": _floats(scale.at(epochs)),
        "saved": [{"step": step, "x": float(scale.at([step])[0])} for step in saved],
        "advised": None if advised is None else float(scale.at([advised])[0]),
        "colours": {"accent": ACCENT, "neutral": NEUTRAL},
        "regions": [_region(verdict, scale) for verdict in report.findings if verdict.steps],
        "charts": drawn,
        "thinned": any(s["total"] > len(s["x"]) or look.span for c in drawn for s in c["series"]),
    }


def _knots(scale: Scale, steps: Steps) -> list[list[float]]:
    """Return at most some hundred steps with their places: between them places lie on lines."""
    chosen = np.unique(np.linspace(0, len(steps) - 1, 200).astype(int))
    return [_floats(steps[chosen]), _floats(scale.at(steps[chosen]))]


def _region(verdict: Verdict, scale: Scale) -> dict[str, Any]:
    first, last = scale.at([verdict.steps[0], verdict.steps[-1]])
    return {
        "name": label_words(verdict.rule),
        "from": float(first),
        "to": float(last),
        "colour": BADGES[verdict.status].colour,
        "words": verdict.statement,
    }


def _chart(series: Series, chart: ChartOf, look: Look, scale: Scale, x: Array) -> dict[str, Any]:
    lines = lines_of(chart.columns)
    drawn = [_series(series, column, lines[column], look, scale, x) for column in chart.columns]
    inside = _inside(x, look)
    values = [series.frame[column].to_numpy(dtype=np.float64)[inside] for column in chart.columns]
    top, above = clip_of(values, [level for level, _ in chart.limits])
    notes = [note for each in drawn for note in each.pop("notes")]
    return {
        "id": chart.subject.lower().replace(" ", "-"),
        "title": chart.title,
        "height": chart.height,
        "text": words_of(series, chart.columns, chart.title),
        "limits": [[level, words] for level, words in chart.limits],
        "clip": {"top": top, "above": above},
        "series": drawn,
        "notes": notes,
    }


def _series(
    series: Series, column: str, line: Line, look: Look, scale: Scale, x: Array
) -> dict[str, Any]:
    values = series.frame[column].to_numpy(dtype=np.float64)
    steps = series.frame[STEP].to_numpy(dtype=np.int64)
    finite = np.isfinite(values)
    inside = finite & _inside(x, look)
    rows = np.flatnonzero(inside)
    kept = rows[thinned(x[rows], values[rows])]
    gaps = _gaps(values, finite)
    fitted = column in series.curves
    drawn: dict[str, Any] = {
        "name": line.name,
        "colour": line.colour,
        "dash": list(line.dash),
        "x": _floats(x[kept]),
        "y": _floats(values[kept]),
        "step": steps[kept].tolist(),
        "total": len(rows),
        "gaps": _floats(x[gaps[:MAX_MARKS]]),
        "path": not (fitted or look.line in {EMA, WINDOW}),
        "line": None,
        "band": None,
        "averaged": None,
        "whole": len(kept) == int(finite.sum()),
        "best": _best(column, steps, x, values, finite),
        "notes": _notes(line.name, len(rows), len(kept), len(gaps)),
    }
    drawn |= _line(series, column, look, scale, x, values)
    return drawn


def _inside(x: Array, look: Look) -> NDArray[np.bool_]:
    if look.span is None:
        return np.ones(len(x), dtype=bool)
    low, high = look.span
    beyond = STAY * (high - low)
    return np.asarray((x >= low - beyond) & (x <= high + beyond))


def _gaps(values: Array, finite: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the rows without a number: infinite ones, and missing ones of a dense column."""
    if finite.mean() > DENSE:
        return np.flatnonzero(~finite)
    return np.flatnonzero(np.isinf(values))


def _notes(name: str, total: int, n_drawn: int, n_gaps: int) -> list[str]:
    notes = []
    if n_drawn < total:
        notes.append(
            f"{name.capitalize()}: drawn {n_drawn:,} of {total:,}, extremes kept; "
            "analysis uses all. Zoom in for the rest."
        )
    if n_gaps:
        notes.append(f"{name.capitalize()}: {counted(n_gaps, 'row')} without a number (crosses).")
    return notes


def _best(
    column: str, steps: Steps, x: Array, values: Array, finite: NDArray[np.bool_]
) -> dict[str, Any] | None:
    """Return the best logged value of a metric that has a direction."""
    direction = METRICS[column].direction if column in METRICS else Direction.NONE
    if direction is Direction.NONE or not finite.any():
        return None
    lower = direction is Direction.LOWER
    safe = np.where(finite, values, np.inf if lower else -np.inf)
    row = int(safe.argmin() if lower else safe.argmax())
    word = "lowest" if lower else "highest"
    return {"word": word, "x": float(x[row]), "y": float(values[row]), "step": int(steps[row])}


def _line(
    series: Series, column: str, look: Look, scale: Scale, x: Array, values: Array
) -> dict[str, Any]:
    """Return the line over the readings of a series, its band, and what it averages."""
    if look.line == FITTED and column in series.curves:
        rows = curve_rows(series.curves[column])
        band = {name: _floats(rows[name].to_numpy()) for name in ("low", "high")}
        places = _floats(scale.at(rows[STEP].to_numpy()))
        line = {"x": places, "y": _floats(rows["middle"].to_numpy())}
        return {"line": line, "band": band}
    if look.line == EMA:
        return _smoothed(x, ema(values, look.weight), look, averaged_by_ema(look.weight))
    if look.line == WINDOW:
        half = look.width * float(x[-1] - x[0])
        means, counts = window(x, values, half)
        used = counts[np.isfinite(values)]
        return _smoothed(x, means, look, float(np.median(used)) if len(used) else 0.0)
    return {}


def _smoothed(x: Array, means: Array, look: Look, averaged: float) -> dict[str, Any]:
    """Return a smoothed line and how many readings it averages."""
    rows = np.flatnonzero(np.isfinite(means) & _inside(x, look))
    kept = rows[thinned(x[rows], means[rows])]
    return {"line": {"x": _floats(x[kept]), "y": _floats(means[kept])}, "averaged": averaged}


def _floats(values: Sequence[float] | NDArray[Any]) -> list[float]:
    return np.asarray(values, dtype=np.float64).tolist()
