"""The Pareto front as a chart: quality against completion tokens."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from analysis import Report
from analysis.candidates import by_reward
from analysis.ranking import Ranked
from pages.shared.drawing import TEXT, Drawing, letters
from pages.shared.theme import ACCENT, NEUTRAL

HEIGHT = 260
ON, OFF = "on the front", "dominated"


def front_chart(rows: Sequence[Ranked], report: Report) -> Drawing:
    """Return validation against completion tokens of every choice, its step beside it."""
    title = "Validation reward" if by_reward(report) else "Validation loss"
    points = pd.DataFrame(
        {
            "tokens": [row.tokens for row in rows],
            "validation": [row.validation for row in rows],
            "step": [row.step for row in rows],
            "label": [f"step {row.step:,}" if row.on_front else "" for row in rows],
            "front": [ON if row.on_front else OFF for row in rows],
            "cost": [row.cost for row in rows],
        }
    )
    front = points[points["front"] == ON].sort_values("tokens")
    spec = {**_authored(title), "config": letters(), "datasets": {"points": points, "front": front}}
    named = ", ".join(f"step {row.step:,}" for row in rows if row.on_front)
    return Drawing(spec, f"{title} against completion tokens; on the front: {named}.", ())


@st.cache_resource(show_spinner=False)
def _authored(title: str) -> dict[str, Any]:
    tokens = alt.X(
        "tokens:Q",
        title="Completion tokens of an answer",
        scale=alt.Scale(zero=False, padding=24),
        axis=alt.Axis(format=",d", tickCount=6),
    )
    value = alt.Y("validation:Q", title=title, scale=alt.Scale(zero=False, padding=16))
    colour = alt.Color(
        "front:N", scale=alt.Scale(domain=[ON, OFF], range=[ACCENT, NEUTRAL]), legend=None
    )
    shape = alt.Shape(
        "front:N", scale=alt.Scale(domain=[ON, OFF], range=["circle", "cross"]), legend=None
    )
    tooltip = [
        alt.Tooltip("step:Q", title="Step", format=",d"),
        alt.Tooltip("validation:Q", title=title, format=".4g"),
        alt.Tooltip("tokens:Q", title="Completion tokens", format=",.0f"),
        alt.Tooltip("cost:Q", title="1,000 answers, $", format=",.2f"),
    ]
    points = alt.Chart(alt.NamedData("points"))
    layers = [
        alt.Chart(alt.NamedData("front")).mark_line(color=ACCENT, opacity=0.5, strokeWidth=1.5)
        .encode(tokens, value),
        points.mark_point(size=90, filled=True, opacity=0.9)
        .encode(tokens, value, colour, shape, tooltip=tooltip),
        points.mark_text(align="left", dx=9, dy=-7, color=TEXT)
        .encode(tokens, value, text="label:N"),
    ]  # fmt: skip
    authored: dict[str, Any] = alt.layer(*layers).properties(height=HEIGHT).to_dict(validate=False)
    return authored
