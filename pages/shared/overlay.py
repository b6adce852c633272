"""Overlay: the same quantity of several runs in one chart, over an axis on which they align."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from analysis.axes import TITLES, Axis, Scale
from analysis.candidates import At, curve_of
from analysis.curve.curve import Curve
from analysis.schema import METRICS
from pages.shared import state
from pages.shared.chart_data import curve_rows, value_domain
from pages.shared.drawing import TEXT, Drawing, letters
from pages.shared.theme import run_look

HEIGHT = 380
MAX_POINTS = 600  # of a run: they only lie behind the curves
LABEL = 14  # pixels


def overlay_chart(
    candidates: Sequence[At], quantity: str, axis: Axis, scales: Mapping[str, Scale]
) -> Drawing:
    """Return the chart of one quantity of several runs, each candidate's step marked.

    Parameters
    ----------
    candidates : sequence of At
        What to draw; runs without the quantity are left out.
    quantity : str
        One of ``analysis.candidates.QUANTITIES``.
    axis : Axis
        What to draw it over.
    scales : mapping of str to Scale
        Where each run's steps lie on it, by run identity; runs without one are left out.
    """
    drawn = [
        (candidate, curve, scales[state.run_id_of(candidate.report)])
        for candidate in candidates
        if (curve := curve_of(candidate.report, quantity)) is not None
        and state.run_id_of(candidate.report) in scales
    ]
    once = {state.run_id_of(each[0].report): each for each in drawn}
    columns = ["place", "low", "middle", "high", "colour", "name", "run"]
    points = _joined([_points(*each) for each in once.values()], ["place", "value", *columns[4:]])
    curves = _joined([_curve(*each) for each in once.values()], columns)
    shown = pd.concat([points["value"], curves["low"], curves["high"]]).to_frame("value")
    low, top, above = value_domain(shown)
    title = METRICS[drawn[0][1].column].label.split(" (")[0] if drawn else quantity
    spec = _filled(_authored(), TITLES[axis], title, (low, top))
    spec["datasets"] = {
        "points": points,
        "curves": curves,
        "chosen": _chosen(drawn),
    }
    notes = (f"{above:,} points lie above the top of the chart.",) if above else ()
    return Drawing(spec, _words(drawn, title, axis), notes)


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _points(candidate: At, curve: Curve, scale: Scale) -> pd.DataFrame:
    stride = -(-len(curve.readings) // MAX_POINTS)
    steps, values = curve.readings.steps[::stride], curve.readings.values[::stride]
    places = {"place": scale.at(steps), "value": values}
    return pd.DataFrame(places).assign(**_marks(candidate))


def _curve(candidate: At, curve: Curve, scale: Scale) -> pd.DataFrame:
    rows = curve_rows(curve)
    return rows.assign(place=scale.at(rows["step"].to_numpy()), **_marks(candidate))


def _marks(candidate: At) -> dict[str, str]:
    """Return what tells a run's rows from another's."""
    report = candidate.report
    return {
        "colour": run_look(state.order_of(report)).colour,
        "name": report.run.name,
        "run": state.run_id_of(report),
    }


def _chosen(drawn: Sequence[tuple[At, Curve, Scale]]) -> pd.DataFrame:
    rows = [
        {
            "place": float(scale.at([candidate.step])[0]),
            "value": float(curve.middle([candidate.step])[0]),
            "letter": candidate.letter,
            "step": candidate.step,
            **_marks(candidate),
        }
        for candidate, curve, scale in drawn
    ]
    return pd.DataFrame(rows, columns=["place", "value", "letter", "step", "colour", "name", "run"])


@st.cache_resource(show_spinner=False)
def _authored() -> dict[str, Any]:
    colour = alt.Color("colour:N", scale=None, legend=None)
    fill = alt.Fill("colour:N", scale=None, legend=None)
    place = alt.X("place:Q", title="", axis=alt.Axis(grid=False))
    value = alt.Y("value:Q", title="")
    line = alt.Y("middle:Q", title="")
    tooltip = [
        alt.Tooltip("name:N", title="Run"),
        alt.Tooltip("place:Q", title="Place", format=",.4~g"),
        alt.Tooltip("value:Q", title="Logged value", format=".4g"),
    ]
    chosen_tooltip = [
        alt.Tooltip("letter:N", title="Candidate"),
        alt.Tooltip("name:N", title="Run"),
        alt.Tooltip("step:Q", title="Step", format=",d"),
        alt.Tooltip("value:Q", title="On the curve", format=".4g"),
    ]
    chosen = alt.Chart(alt.NamedData("chosen"))
    layers = [
        alt.Chart(alt.NamedData("curves")).mark_area(opacity=0.14, clip=True)
        .encode(place, alt.Y("low:Q", title=""), alt.Y2("high:Q"), fill, detail="run:N"),
        alt.Chart(alt.NamedData("points")).mark_circle(size=14, opacity=0.3, clip=True)
        .encode(place, value, colour, tooltip=tooltip),
        alt.Chart(alt.NamedData("curves")).mark_line(strokeWidth=2.6, clip=True)
        .encode(place, line, colour, detail="run:N"),
        chosen.mark_rule(strokeWidth=1.5, opacity=0.7).encode(x="place:Q", color=colour),
        chosen.mark_point(size=130, filled=True, opacity=1, stroke="white", strokeWidth=1.5)
        .encode(place, value, fill, tooltip=chosen_tooltip),
        chosen.mark_text(fontWeight="bold", fontSize=LABEL, color=TEXT, dy=-LABEL, **_beside())
        .encode(place, value, text="letter:N"),
    ]  # fmt: skip
    authored: dict[str, Any] = alt.layer(*layers).properties(height=HEIGHT).to_dict(validate=False)
    return authored


def _beside() -> dict[str, alt.ExprRef]:
    """Return how a letter stands beside its line: on the left of it near the right edge."""
    late = "datum.place > domain('x')[0] + 0.9 * span(domain('x'))"
    sides = {"align": ("'right'", "'left'"), "dx": (-6, 6)}
    return {name: alt.ExprRef(f"{late} ? {a} : {b}") for name, (a, b) in sides.items()}


def _filled(
    authored: dict[str, Any], place: str, value: str, span: tuple[float, float]
) -> dict[str, Any]:
    layers = []
    for layer in authored["layer"]:
        encoding = dict(layer["encoding"])
        encoding["x"] = {**encoding["x"], "title": place, "scale": {"nice": False, "zero": False}}
        if "y" in encoding:
            scale = {"domain": list(span), "nice": False, "zero": False}
            encoding["y"] = {**encoding["y"], "title": value, "scale": scale}
        layers.append({**layer, "encoding": encoding})
    return {**authored, "config": letters(), "layer": layers}


def _words(drawn: Sequence[tuple[At, Curve, Scale]], title: str, axis: Axis) -> str:
    parts = [
        f"{candidate.letter}, {candidate.report.run.name}, is at "
        f"{float(np.median(curve.at([candidate.step]))):.4g} at step {candidate.step:,}"
        for candidate, curve, _ in drawn
    ]
    return f"{title} over {TITLES[axis].lower()}: " + "; ".join(parts or ["nothing logged"]) + "."
