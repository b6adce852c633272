"""Charts of one run: one function authors a chart with Altair, once; the other fills in the data.

Only the data changes while a slider moves, so the browser keeps the chart alive.
"""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from analysis.schema import STEP
from pages.shared import chart_data
from pages.shared.chart_data import Series
from pages.shared.theme import ACCENT, NEUTRAL, lines_of
from pages.shared.views import SMALL, ChartOf


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


def metric_chart(series: Series, chart: ChartOf, chosen: int) -> Drawing:
    """Return the chart of several metrics of one run, with the chosen step marked.

    Parameters
    ----------
    series : Series
        The run and its curves.
    chart : ChartOf
        What to draw together.
    chosen : int
        The step under the slider.
    """
    report, columns = series.report, chart.columns
    points, notes = chart_data.points_of(series, columns)
    levels = [level for level, _ in chart.limits]
    low, top, above = chart_data.value_domain(points, levels)
    spec = _filled(_authored(chart), series, low, top)
    spec["datasets"] = {
        "points": points,
        "paths": points[~points["fitted"]],
        "curves": chart_data.curves_of(series, columns),
        "epochs": chart_data.epochs_of(report),
        "saved": chart_data.saved_of(report, low),
        "recommended": chart_data.step_rows(report.recommendation.step),
        "chosen": chart_data.chosen_of(series, columns, chosen),
        "limits": pd.DataFrame(chart.limits, columns=["value", "words"]),
    }
    if above:
        notes.append(f"{above:,} points lie above the top of the chart.")
    return Drawing(spec, chart_data.words_of(series, columns, chart.title), tuple(notes))


@st.cache_resource(max_entries=64, show_spinner=False)
def _authored(chart: ChartOf) -> dict[str, Any]:
    lines = lines_of(chart.columns).values()
    names = [line.name for line in lines]
    colour = alt.Color(
        "series:N",
        title=None,
        scale=alt.Scale(domain=names, range=[line.colour for line in lines]),
        legend=_legend(chart),
    )
    dash = alt.StrokeDash(
        "series:N",
        title=None,
        scale=alt.Scale(domain=names, range=[list(line.dash) or [1, 0] for line in lines]),
    )
    axis = alt.Axis(format=",d", tickMinStep=1, grid=False, tickCount=_ticks(chart))
    large = chart.height > SMALL  # a small chart has its title above it
    step = alt.X("step:Q", title="Step" if large else None, axis=axis)
    title = chart.title if large else None
    value = alt.Y("value:Q", title=title, axis=alt.Axis(tickCount=5))
    rule = {"x": "step:Q"}
    layers = [
        alt.Chart(alt.NamedData("epochs")).mark_rule(color=NEUTRAL, opacity=0.45, strokeDash=[1, 4])
        .encode(**rule),
        *_limits(chart),
        alt.Chart(alt.NamedData("curves")).mark_area(opacity=0.16, clip=True)
        .encode(step, alt.Y("low:Q", title=title), alt.Y2("high:Q"), colour),
        alt.Chart(alt.NamedData("paths")).mark_line(strokeWidth=1.2, opacity=0.75, clip=True)
        .encode(step, value, colour, dash),
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
    layered = alt.layer(*layers).properties(height=chart.height)
    authored: dict[str, Any] = layered.to_dict(validate=False)
    return authored


def _legend(chart: ChartOf) -> alt.Legend | None:
    if len(chart.columns) == 1 and chart.height <= SMALL:
        return None
    return alt.Legend(
        orient="top",
        symbolType="stroke",
        symbolStrokeWidth=3,
        symbolOpacity=1,
        columns=3 if chart.height > SMALL else 2,
        labelLimit=220 if chart.height > SMALL else 130,
    )


def _ticks(chart: ChartOf) -> int:
    return 10 if chart.height > SMALL else 5


def _limits(chart: ChartOf) -> list[alt.Chart]:
    """Return rules at the chart's limits, each with its words."""
    if not chart.limits:
        return []
    base = alt.Chart(alt.NamedData("limits"))
    return [
        base.mark_rule(color=NEUTRAL, strokeDash=[4, 4]).encode(y="value:Q"),
        base.mark_text(align="left", baseline="bottom", dx=4, color=NEUTRAL, x=0)
        .encode(y="value:Q", text="words:N"),
    ]  # fmt: skip


def _filled(authored: dict[str, Any], series: Series, low: float, top: float) -> dict[str, Any]:
    """Return a copy of the authored chart with the domains of a run."""
    steps = series.frame[STEP]
    x = {"domain": [int(steps.iloc[0]), int(steps.iloc[-1])], "nice": False}
    y = {"domain": [low, top], "zero": False, "nice": False}
    layers = []
    for layer in authored["layer"]:
        encoding = {
            name: dict(channel) if isinstance(channel, dict) else channel
            for name, channel in layer["encoding"].items()
        }
        for name, scale in (("x", x), ("y", y)):
            if name in encoding:
                encoding[name]["scale"] = scale
        layers.append({**layer, "encoding": encoding})
    return {**authored, "layer": layers}
