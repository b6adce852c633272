"""Sparklines: a run's loss curves as a small SVG picture, drawn without the chart library."""

import numpy as np
from numpy.typing import NDArray

from analysis import Method, Report
from analysis.curve.curve import GRID, Curve
from pages.shared.theme import ACCENT, LINES

Array = NDArray[np.float64]

WIDTH, HEIGHT, MARGIN = 220, 56, 5
LEAST_SPAN = 0.3  # of the values' level: a curve that hardly moves must look so


def sparkline(report: Report) -> str | None:
    """Return the run's fitted curves with the recommended step as SVG; None without curves.

    Nothing in it comes from a file but numbers.
    """
    curves = report.curves
    shown = [curve for curve in (curves.train, curves.valid) if curve]
    if not shown:
        return None
    middles = {curve.column: np.median(curve.draws, axis=0) for curve in shown}
    low = min(float(middle.min()) for middle in middles.values())
    high = max(float(middle.max()) for middle in middles.values())
    high = max(high, low + LEAST_SPAN * abs(high))
    parts = [_line(curve, middles[curve.column], low, high) for curve in shown]
    step = report.recommendation.step
    if step is not None and curves.valid:
        place = np.array([step / max(report.run.last_step, 1)])
        level = np.median(curves.valid.at_progress(place), axis=0)
        x, y = _x(place)[0], _y(level, low, high)[0]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{ACCENT}"/>')
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'
    )


def sparkline_text(report: Report) -> str:
    """Return the sparkline in words."""
    step = report.recommendation.step
    marked = f", step {step} marked" if step is not None else ""
    metric = "Reward" if report.run.method is Method.RFT else "Loss"
    return f"{metric} curves over {report.run.last_step:,} steps{marked}"


def _line(curve: Curve, middle: Array, low: float, high: float) -> str:
    first, last = (step / max(curve.last_step, 1) for step in curve.span)
    inside = (first <= GRID) & (last >= GRID)
    xs, ys = _x(GRID[inside]), _y(middle[inside], low, high)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    look = LINES[curve.column]
    dash = f' stroke-dasharray="{" ".join(map(str, look.dash))}"' if look.dash else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{look.colour}" stroke-width="2.2"{dash}/>'
    )


def _x(places: Array) -> Array:
    return MARGIN + places * (WIDTH - 2 * MARGIN)


def _y(values: Array, low: float, high: float) -> Array:
    share = (values - low) / ((high - low) or 1.0)
    return MARGIN + (1.0 - share) * (HEIGHT - 2 * MARGIN)
