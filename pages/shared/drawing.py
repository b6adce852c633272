"""A drawing of the comparison pages: a Vega-Lite chart with its words and its letters."""

from dataclasses import dataclass
from typing import Any

TEXT = "currentColor"  # the theme's colour of text, in an SVG; Streamlit's grey for charts is faint


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


def letters(font: int = 12) -> dict[str, Any]:
    """Return a chart's configuration: letters of a size in pixels, in the colour of the text."""
    sizes = {"labelFontSize": font, "titleFontSize": font}
    colours = {"labelColor": TEXT, "titleColor": TEXT}
    legend = {**sizes, **colours, "labelLimit": 0}
    return {"axis": {**sizes, **colours}, "legend": legend}
