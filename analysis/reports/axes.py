"""Axes: where steps and values lie in a drawing, and its ticks."""

from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDTH, HEIGHT = 760, 320  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 34, 44  # free around the values
MARGIN = 0.06  # free above and below the values, as a share of their span
STRIDES = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axes:
    """A drawing's two axes.

    Attributes
    ----------
    last_step : int
        Step at the right end; the left end is 0.
    low, high : float
        Values at the bottom and the top.
    """

    last_step: int
    low: float
    high: float

    left, top, bottom = LEFT, TOP, HEIGHT - BOTTOM
    middle = (LEFT + WIDTH - RIGHT) / 2

    def x(self, steps: Array) -> Array:
        """Return where steps lie from the left."""
        return np.asarray(LEFT + steps / max(self.last_step, 1) * (WIDTH - LEFT - RIGHT))

    def y(self, values: Array) -> Array:
        """Return where values lie from the top."""
        share = (values - self.low) / (self.high - self.low)
        return np.asarray(self.bottom - share * (self.bottom - self.top))

    def frame(self, title: str) -> str:
        """Return grid lines, ticks and titles."""
        parts = []
        for value in ticks(self.low, self.high):
            y = float(self.y(np.array([value]))[0])
            parts.append(
                f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
                f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{value:.4g}</text>"
            )
        for step in ticks(0, self.last_step):
            x = float(self.x(np.array([step]))[0])
            parts.append(
                f'<text class="tick" x="{x:.1f}" y="{self.bottom + 18}" text-anchor="middle">'
                f"{int(step):,}</text>"
            )
        upright = f'transform="translate(14 {(self.top + self.bottom) / 2:g}) rotate(-90)"'
        parts.append(f'<text class="axis" {upright} text-anchor="middle">{escape(title)}</text>')
        parts.append(
            f'<text class="axis" x="{self.middle:g}" y="{HEIGHT - 6}" text-anchor="middle">'
            "Step</text>"
        )
        return "".join(parts)

    def svg(self, body: str) -> str:
        """Return the drawing around its parts."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
            f"{body}</svg>"
        )


def axes_of(last_step: int, low: float, high: float) -> Axes:
    """Return axes that hold the values with some room around them."""
    room = MARGIN * ((high - low) or abs(high) or 1.0)
    bottom = low - room
    return Axes(last_step, max(0.0, bottom) if low >= 0 else bottom, high + room)


def ticks(low: float, high: float, about: int = 6) -> tuple[float, ...]:
    """Return round numbers from low to high, at most about so many."""
    rough = (high - low) / about
    unit = 10.0 ** floor(log10(rough))
    stride = next(step * unit for step in STRIDES if step * unit >= rough * 0.999)
    first, last = ceil(low / stride - 1e-9), floor(high / stride + 1e-9)
    return tuple(round(place * stride, 12) for place in range(first, last + 1))
