"""Curve charts: a few fitted curves with their bands, large and without controls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.curve.curve import Curve
from analysis.schema import STEP
from pages.shared.chart_data import curve_rows
from pages.shared.drawing import TEXT, letters
from pages.shared.theme import ACCENT, LINES


@dataclass(frozen=True)
class Look:
    """How a curve chart is drawn.

    Attributes
    ----------
    title : str
        Of the value axis, with the unit.
    height : int
        In pixels.
    font : int
        Size of its letters in pixels.
    percent : bool
        Whether values read as percentages.
    """

    title: str
    height: int = 260
    font: int = 12
    percent: bool = False


def curve_chart(
    curves: Mapping[str, Curve],
    look: Look,
    *,
    marks: Mapping[str, int],
    shade: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Return a chart of curves by their name, with steps marked and a span shaded.

    Parameters
    ----------
    curves : mapping of str to Curve
        What is drawn, by the name it gets in the legend.
    look : Look
        Title, height, font.
    marks : mapping of str to int
        Steps to mark, by the words at the mark.
    shade : (int, int), optional
        First and last step of a span to shade.
    """
    rows = pd.concat([_rows(name, curve) for name, curve in curves.items()], ignore_index=True)
    first, last = int(rows[STEP].min()), int(rows[STEP].max())
    span = {"domain": [min(first, 0), last], "nice": False}
    x = {"field": STEP, "type": "quantitative", "title": "Step", "scale": span,
         "axis": {"grid": False, "format": ",d"}}  # fmt: skip
    values = {"title": look.title, "axis": {"format": ".0%"} if look.percent else {},
              "scale": {"zero": False}}  # fmt: skip
    return {
        "height": look.height,
        "config": letters(look.font),
        "datasets": {
            "curves": rows,
            "marks": pd.DataFrame({STEP: list(marks.values()), "words": list(marks)}).astype(
                {STEP: "int64", "words": "str"}
            ),
            "shade": pd.DataFrame([shade] if shade else [], columns=["from", "to"]),
        },
        "layer": [
            *(_behind(x) if shade else ()),
            *_curves(x, values, curves),
            *(_marks(x, look.font) if marks else ()),
        ],
    }


def _rows(name: str, curve: Curve) -> pd.DataFrame:
    return curve_rows(curve).assign(series=name)


def _behind(x: Mapping[str, Any]) -> list[dict[str, Any]]:
    span = {"x": {**x, "field": "from"}, "x2": {"field": "to"}}
    mark = {"type": "rect", "color": ACCENT, "opacity": 0.12}
    return [{"data": {"name": "shade"}, "mark": mark, "encoding": span}]


def _curves(
    x: Mapping[str, Any], values: Mapping[str, Any], curves: Mapping[str, Curve]
) -> list[dict[str, Any]]:
    looks = [LINES[curve.column] for curve in curves.values()]
    dashes: Sequence[list[int]] = [list(look.dash) or [1, 0] for look in looks]
    names = list(curves)
    strokes = {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolOpacity": 1}
    legend = {"orient": "top", "title": None, "columns": 1, **strokes} if len(names) > 1 else None
    colour = {"field": "series", "type": "nominal", "title": None, "legend": legend,
              "scale": {"domain": names, "range": [look.colour for look in looks]}}  # fmt: skip
    dash = {"field": "series", "type": "nominal", "title": None, "legend": legend,
            "scale": {"domain": names, "range": dashes}}  # fmt: skip
    y = {"type": "quantitative", **values}
    tooltip = [
        {"field": STEP, "type": "quantitative", "title": "Step", "format": ",.0f"},
        {"field": "middle", "type": "quantitative", "title": "Value", "format": ".4g"},
        {"field": "series", "type": "nominal", "title": "Curve"},
    ]
    data = {"name": "curves"}
    return [
        {"data": data, "mark": {"type": "area", "opacity": 0.16},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                      "color": colour}},
        {"data": data, "mark": {"type": "line", "strokeWidth": 3},
         "encoding": {"x": x, "y": {**y, "field": "middle"}, "color": colour, "strokeDash": dash,
                      "tooltip": tooltip}},
    ]  # fmt: skip


def _marks(x: Mapping[str, Any], font: int) -> list[dict[str, Any]]:
    rule = {"type": "rule", "color": ACCENT, "strokeWidth": 4, "opacity": 0.75}
    words = {"type": "text", "color": TEXT, "fontSize": font, "fontWeight": "bold",
             "align": {"expr": "datum.step > domain('x')[1] * 0.6 ? 'right' : 'left'"},
             "dx": {"expr": "datum.step > domain('x')[1] * 0.6 ? -8 : 8"},
             "baseline": "top"}  # fmt: skip
    return [
        {"data": {"name": "marks"}, "mark": rule, "encoding": {"x": x}},
        {"data": {"name": "marks"}, "mark": words,
         "encoding": {"x": x, "y": {"value": 4}, "text": {"field": "words"}}},
    ]  # fmt: skip
