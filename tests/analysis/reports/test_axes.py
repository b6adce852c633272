"""Axes: round ticks, and values where they belong."""

import numpy as np
import pytest

from analysis.reports.axes import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, axes_of, ticks


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 300, (0, 50, 100, 150, 200, 250, 300)),
        (0.43, 2.1, (0.5, 1.0, 1.5, 2.0)),
        (0, 0.012, (0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.012)),
        (-1.0, 1.0, (-1.0, -0.5, 0.0, 0.5, 1.0)),
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 1_000_000, (0, 200_000, 400_000, 600_000, 800_000, 1_000_000)),
    ],
)
def test_ticks_are_round_and_within(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


def test_values_lie_between_the_edges_and_the_better_is_higher():
    axes = axes_of(100, 0.5, 1.5)
    assert axes.x(np.array([0.0, 100.0])).tolist() == [LEFT, WIDTH - RIGHT]
    top, bottom = axes.y(np.array([1.5, 0.5]))
    assert TOP < top < bottom < HEIGHT - BOTTOM


@pytest.mark.parametrize("level", [0.0, 0.7, -2.0])
def test_a_constant_has_room_around_it(level):
    axes = axes_of(10, level, level)
    assert axes.low <= level < axes.high
    assert ticks(axes.low, axes.high)


def test_losses_do_not_go_below_zero():
    assert axes_of(10, 0.001, 2.0).low == 0.0
