"""Looks: how the user wants the charts drawn, kept while the session lasts."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from analysis.axes import Axis
from pages.shared import state
from pages.shared.board_data import EMA, FITTED, NO_LINE, WINDOW, Look
from pages.shared.smoothing import MAX_WEIGHT

LOOK = "look"
MIN_WIDTH, MAX_WIDTH = 0.001, 0.5


def look_of(run: str, axes: Mapping[str, str]) -> Look:
    """Return how to draw a run: as chosen last, but a zoom only of the run it was made on."""
    kept: Look = state.choice(LOOK, Look())
    if kept.axis.value not in axes:
        kept = replace(kept, axis=Axis.STEP, span=None)
    return kept if state.choice("zoomed", "") == run else replace(kept, span=None)


def keep_look(run: str, key: str) -> None:
    """Keep what the charts in the browser say of the look, as far as it makes sense."""
    said = state.said_by(key).get(LOOK)
    if not isinstance(said, Mapping):
        return
    state.hold_choice(LOOK, _look(said))
    state.hold_choice("zoomed", run)


def as_data(look: Look) -> dict[str, Any]:
    """Return the look for the browser."""
    return {**asdict(look), "axis": look.axis.value, "span": list(look.span) if look.span else None}


def _look(said: Mapping[str, Any]) -> Look:
    plain = Look()
    line = said.get("line")
    axis = said.get("axis")
    return Look(
        line=line if line in {FITTED, EMA, WINDOW, NO_LINE} else plain.line,
        weight=_held(said.get("weight"), 0.0, MAX_WEIGHT, plain.weight),
        width=_held(said.get("width"), MIN_WIDTH, MAX_WIDTH, plain.width),
        axis=Axis(axis) if axis in {each.value for each in Axis} else plain.axis,
        span=_span(said.get("span")),
    )


def _held(value: object, low: float, high: float, default: float) -> float:
    return min(max(float(value), low), high) if isinstance(value, int | float) else default


def _span(said: object) -> tuple[float, float] | None:
    match said:
        case [int() | float() as low, int() | float() as high] if high > low:
            return float(low), float(high)
    return None
