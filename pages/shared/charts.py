"""Charts: one function authors the chart with Altair, once; the others fill in a run's data.

Only the data changes while a slider moves, so the browser keeps the chart alive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from analysis import Report
from analysis.curve.curve import GRID, Curve
from analysis.schema import STEP
from pages.shared.theme import ACCENT, LINES, NEUTRAL

MAX_POINTS = 4_000  # a series; beyond it the extremes of equal spans are drawn
CLIP_QUANTILE = 0.995  # of all points: a few wild batches must not flatten the curves
CLIP_FROM = 1.25  # times the rest's span: less is not worth cutting off
MAX_EPOCH_LINES = 20
MARGIN = 0.06  # free space above and below, as a share of the values' span
BAND = (0.1, 0.9)


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be shown.

    Attributes
    ----------
    spec : dict
        Vega-Lite specification, its data in ``datasets``.
    text : str
        What the chart shows, in words.
    notes : tuple of str
        What was thinned or cut off, in words.
    """

    spec: dict[str, Any]
    text: str
    notes: tuple[str, ...]


def metric_chart(
    report: Report, columns: Sequence[str], title: str, chosen: int, *, height: int
) -> Drawing:
    """Return the chart of several metrics of one run, with the chosen step marked.

    Parameters
    ----------
    report : Report
        The run and its curves.
    columns : sequence of str
        Metrics to draw together, all of them logged.
    title : str
        Title of the value axis.
    chosen : int
        The step under the slider.
    height : int
        In pixels.
    """
    points, thinned = _points(report, columns)
    top, above = _top_of(points)
    low = _bottom_of(points, top)
    curves = _curves(report, columns)
    spec = _spec(tuple(columns), title, height)
    spec["datasets"] = {
        "points": points,
        "curves": curves,
        "epochs": _epochs(report),
        "saved": _saved(report, low),
        "recommended": _steps(report.recommendation.step),
        "chosen": _chosen(report, columns, chosen),
    }
    _set_domains(spec, report, low, top)
    notes = [*thinned]
    if above:
        notes.append(f"{above:,} points lie above the top of the chart.")
    return Drawing(spec, _text(report, columns, title), tuple(notes))


@st.cache_resource(max_entries=32, show_spinner=False)
def _authored(columns: tuple[str, ...], title: str, height: int) -> dict[str, Any]:
    names = [LINES[column].name for column in columns]
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=names, range=[LINES[column].colour for column in columns]),
        legend=alt.Legend(
            orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, columns=3
        ),
    )
    dash = alt.StrokeDash(
        "series:N",
        title=None,
        scale=alt.Scale(domain=names, range=[list(LINES[c].dash) or [1, 0] for c in columns]),
    )
    step = alt.X("step:Q", title="Step", axis=alt.Axis(format=",d", tickMinStep=1, grid=False))
    value = alt.Y("value:Q", title=title)
    rule = {"x": "step:Q"}
    layers = [
        alt.Chart(alt.NamedData("epochs")).mark_rule(color=NEUTRAL, opacity=0.45, strokeDash=[1, 4])
        .encode(**rule),
        alt.Chart(alt.NamedData("curves")).mark_area(opacity=0.16, clip=True)
        .encode(step, alt.Y("low:Q", title=title), alt.Y2("high:Q"), colour),
        alt.Chart(alt.NamedData("points")).mark_circle(size=16, opacity=0.38, clip=True)
        .encode(step, value, colour, tooltip=[
            alt.Tooltip("step:Q", title="Step", format=",d"),
            alt.Tooltip("value:Q", title="Logged value", format=".4g"),
            alt.Tooltip("series:N", title="Series"),
        ]),
        alt.Chart(alt.NamedData("curves")).mark_line(strokeWidth=2.4, clip=True)
        .encode(step, alt.Y("middle:Q", title=title), colour, dash),
        alt.Chart(alt.NamedData("recommended")).mark_rule(color=ACCENT, strokeWidth=5, opacity=0.5)
        .encode(**rule),
        alt.Chart(alt.NamedData("saved")).mark_point(
            shape="triangle-up", size=80, filled=True, color=ACCENT, opacity=1, yOffset=-5)
        .encode(step, value, tooltip=alt.Tooltip("step:Q", title="Saved checkpoint", format=",d")),
        alt.Chart(alt.NamedData("chosen")).mark_rule(color=NEUTRAL, strokeWidth=2).encode(**rule),
        alt.Chart(alt.NamedData("chosen")).mark_point(
            size=90, filled=True, opacity=1, stroke="white", strokeWidth=1.5, clip=True)
        .encode(step, value, colour),
    ]  # fmt: skip
    chart = alt.layer(*layers).properties(height=height)
    authored: dict[str, Any] = chart.to_dict(validate=False)
    return authored


def _spec(columns: tuple[str, ...], title: str, height: int) -> dict[str, Any]:
    """Return a copy of the authored chart that may be filled in."""
    spec = dict(_authored(columns, title, height))
    spec["layer"] = [
        {**layer, "encoding": {name: dict(channel) for name, channel in layer["encoding"].items()
                               if isinstance(channel, dict)}
         | {n: c for n, c in layer["encoding"].items() if not isinstance(c, dict)}}
        for layer in spec["layer"]
    ]  # fmt: skip
    return spec


def _set_domains(spec: dict[str, Any], report: Report, low: float, top: float) -> None:
    steps = report.run.frame[STEP]
    span = [int(steps.iloc[0]), int(steps.iloc[-1])]
    for layer in spec["layer"]:
        encoding = layer["encoding"]
        encoding["x"]["scale"] = {"domain": span, "nice": False}
        if "y" in encoding:
            domain = [low, top + MARGIN * (top - low)]
            encoding["y"]["scale"] = {"domain": domain, "zero": False, "nice": False}


def _saved(report: Report, low: float) -> pd.DataFrame:
    steps = [checkpoint.step for checkpoint in report.run.checkpoints]
    return pd.DataFrame({STEP: steps, "value": [low] * len(steps)})


def _points(report: Report, columns: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    parts, notes = [], []
    for column in columns:
        logged = report.run.frame[[STEP, column]].replace([np.inf, -np.inf], np.nan).dropna()
        drawn = _extremes(logged, column)
        if len(drawn) < len(logged):
            notes.append(
                f"{LINES[column].name.capitalize()}: drawn {len(drawn):,} of {len(logged):,} "
                "points; the analysis uses all."
            )
        part = drawn.rename(columns={column: "value"})
        parts.append(part.assign(series=LINES[column].name))
    return pd.concat(parts, ignore_index=True), notes


def _extremes(logged: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return at most ``MAX_POINTS`` rows: the least and the greatest of equal spans of rows."""
    if len(logged) <= MAX_POINTS:
        return logged
    span = np.arange(len(logged)) * (MAX_POINTS // 2) // len(logged)
    groups = logged[column].groupby(span)
    kept = np.unique(np.concatenate([groups.idxmin().to_numpy(), groups.idxmax().to_numpy()]))
    return logged.loc[kept]


def _top_of(points: pd.DataFrame) -> tuple[float, int]:
    """Return the top of the value axis, and how many points lie above it."""
    if points.empty:
        return 1.0, 0
    top = float(points["value"].quantile(CLIP_QUANTILE))
    least, highest = float(points["value"].min()), float(points["value"].max())
    if highest - least <= CLIP_FROM * (top - least):
        return highest, 0
    return top, int((points["value"] > top).sum())


def _bottom_of(points: pd.DataFrame, top: float) -> float:
    """Return the bottom of the value axis, at zero where that is near."""
    least = float(points["value"].min()) if len(points) else 0.0
    bottom = least - MARGIN * ((top - least) or 1.0)
    return max(0.0, bottom) if least >= 0 else bottom


def _curves(report: Report, columns: Sequence[str]) -> pd.DataFrame:
    parts = [_curve_rows(curve) for curve in report.curves.fitted if curve.column in columns]
    empty = pd.DataFrame({STEP: [], "low": [], "middle": [], "high": [], "series": []})
    return pd.concat(parts, ignore_index=True) if parts else empty


def _curve_rows(curve: Curve) -> pd.DataFrame:
    steps = GRID * curve.last_step
    first, last = curve.span
    inside = (steps >= first) & (steps <= last)
    low, middle, high = np.quantile(curve.draws[:, inside], [BAND[0], 0.5, BAND[1]], axis=0)
    name = LINES[curve.column].name
    return pd.DataFrame(
        {STEP: steps[inside], "low": low, "middle": middle, "high": high, "series": name}
    )


def _epochs(report: Report) -> pd.DataFrame:
    n_epochs = report.curves.n_epochs
    if not n_epochs or n_epochs > MAX_EPOCH_LINES:
        return pd.DataFrame({STEP: []})
    ends = np.arange(1, int(n_epochs) + 1) * report.run.last_step / n_epochs
    return pd.DataFrame({STEP: ends})


def _steps(step: int | None) -> pd.DataFrame:
    return pd.DataFrame({STEP: [] if step is None else [step]}, dtype="int64")


def _chosen(report: Report, columns: Sequence[str], step: int) -> pd.DataFrame:
    """Return the chosen step on every fitted curve, or on its own where none is fitted."""
    rows = [
        {STEP: step, "value": float(curve.middle([step])[0]), "series": LINES[curve.column].name}
        for curve in report.curves.fitted
        if curve.column in columns
    ]
    if not rows:
        row = report.run.frame.loc[report.run.frame[STEP] == step]
        rows = [
            {STEP: step, "value": float(value), "series": LINES[column].name}
            for column in columns
            for value in row[column]
        ]
    return pd.DataFrame(rows, columns=[STEP, "value", "series"])


def _text(report: Report, columns: Sequence[str], title: str) -> str:
    """Return the chart in words: first, least, greatest and last value of every series."""
    parts = []
    for column in columns:
        logged = report.run.frame[[STEP, column]].dropna()
        values = logged[column]
        parts.append(
            f"{LINES[column].name} starts at {values.iloc[0]:.4g} and ends at "
            f"{values.iloc[-1]:.4g}, lowest {values.min():.4g}, highest {values.max():.4g}"
        )
    last = report.run.last_step
    return f"{title} over {last:,} steps: " + "; ".join(parts) + "."
