"""Interval: a difference with its 95 % interval as a small SVG picture around no difference."""

from analysis import Difference
from pages.shared.theme import NEUTRAL

WIDTH, HEIGHT, MARGIN = 320, 34, 12


def interval_picture(found: Difference, colour: str) -> str:
    """Return the interval as SVG: a bar for it, a dot for the estimate, a line at no difference.

    Nothing in it comes from a file but numbers.
    """
    reach = max(abs(found.low), abs(found.high), 1e-12)

    def x(value: float) -> float:
        return WIDTH / 2 + value / reach * (WIDTH / 2 - MARGIN)

    middle = HEIGHT / 2
    body = (
        f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{middle}" y2="{middle}" '
        f'stroke="{NEUTRAL}" stroke-opacity="0.35"/>'
        f'<line x1="{WIDTH / 2}" x2="{WIDTH / 2}" y1="3" y2="{HEIGHT - 3}" stroke="{NEUTRAL}" '
        'stroke-width="2" stroke-dasharray="3 3"/>'
        f'<line x1="{x(found.low):.1f}" x2="{x(found.high):.1f}" y1="{middle}" y2="{middle}" '
        f'stroke="{colour}" stroke-width="7" stroke-linecap="round" stroke-opacity="0.55"/>'
        f'<circle cx="{x(found.estimate):.1f}" cy="{middle}" r="6" fill="{colour}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'
    )
