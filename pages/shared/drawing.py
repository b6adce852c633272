"""A drawing of the comparison pages: a Vega-Lite chart with its words."""

from dataclasses import dataclass
from typing import Any


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
