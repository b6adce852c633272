"""The labels of noise-free SFT curves, straight from their definitions.

Written apart from the engine, so that the engine is not its own judge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LABELS = (
    "healthy", "overfit_mild", "overfit_moderate", "overfit_severe", "underfit", "crash_zero",
    "divergence", "oscillation", "plateau_early", "both_high", "gap_from_start", "no_validation",
)  # fmt: skip


@dataclass(frozen=True)
class Quantities:
    """What the definitions speak of, on noise-free curves."""

    q: float
    rise: float
    train_end: float
    valid_end: float
    drop: float
    train_rise: float
    q1: float
    share1: float
    reversals: int
    train_reversals: int
    late_drop: float
    late_share: float


def quantities(p: Array, train: Array, valid: Array, n_epochs: float) -> Quantities:
    """Return the quantities of curves given on an even grid of progress."""
    first = min(0.04, 0.3 / n_epochs)
    t0, v0 = mean(p, train, 0, first), mean(p, valid, 0, first)
    t_end, v_end = mean(p, train, 0.95, 1), mean(p, valid, 0.97, 1)
    v_min = min(float(valid.min()), v_end)
    end1 = 1 / n_epochs
    v1 = mean(p, valid, end1 * 0.97, end1 * 1.0)
    gained = max(v0 - v_min, 1e-9)
    return Quantities(
        q=v_end / t_end,
        rise=v_end / v_min - 1,
        train_end=t_end,
        valid_end=v_end,
        drop=1 - t_end / t0,
        train_rise=t_end / min(float(train.min()), t_end) - 1,
        q1=mean(p, valid, 0, end1) / mean(p, train, 0, end1),
        share1=(v0 - v1) / gained,
        reversals=count_reversals(valid[p >= first], 0.085),
        train_reversals=count_reversals(train[p >= first], 0.06),
        late_drop=(mean(p, valid, 0.76, 0.84) - v_end) / v_end,
        late_share=(mean(p, valid, 0.6, 0.7) - v_end) / gained,
    )


def label_of(found: Quantities, n_epochs: float, slack: float = 0.0) -> str:
    """Return the headline label; ``slack`` moves every threshold by that share."""
    up = 1 + slack
    if found.train_rise > 0.3 * up and found.rise > 0.25 * up and found.train_end > 0.3:
        return "divergence"
    severe_crash = found.rise > 0.1 * up
    if found.train_end < 0.05 / up and not severe_crash:
        return "crash_zero"
    if oscillates(found):
        return "oscillation"
    if (
        found.q1 > 1.25 * up
        and found.q > 1.2
        and np.log(found.q) < 1.45 / up * np.log(found.q1)
        and found.rise < 0.08 / up
    ):
        return "gap_from_start"
    band = band_of(found, up)
    if band:
        return f"overfit_{band}"
    if found.drop < 0.145 / up:
        flat = found.late_share < 0.35
        high = min(found.valid_end, found.train_end) > 2.0 * up
        return "both_high" if flat and high else "underfit"
    if n_epochs >= 2 and found.share1 > 1 - 0.085 / up and found.q < 1.2:
        return "plateau_early"
    return "healthy"


def oscillates(found: Quantities) -> bool:
    """Return whether the validation curve swings."""
    return found.reversals >= 5 or (found.reversals >= 2 and found.train_reversals >= 4)


def band_of(found: Quantities, up: float) -> str:
    """Return the band of overfitting, or nothing."""
    band = int(np.searchsorted([1.2 * up, 1.5 * up, 2.0 * up], found.q))
    if found.rise > 0.2 * up:
        band = max(band, 2)
    if found.rise > 0.5 * up:
        band = 3
    if found.rise < 0.02:
        band = min(band, 2)
    if found.train_end < 0.05 and found.rise > 0.1 * up:
        band = 3
    return ("", "mild", "moderate", "severe")[band]


def is_border(found: Quantities, n_epochs: float, slack: float = 0.08) -> bool:
    """Return whether moving the thresholds a little would change the label."""
    label = label_of(found, n_epochs)
    return any(label_of(found, n_epochs, s) != label for s in (-slack, slack))


def count_reversals(curve: Array, size: float) -> int:
    """Return how often a curve turns after moving by more than a share of its level."""
    turns, direction, extreme = 0, 0, curve[0]
    for value in curve:
        if (direction >= 0 and value > extreme) or (direction <= 0 and value < extreme):
            if direction == 0 and abs(value / extreme - 1) > size:
                direction = 1 if value > extreme else -1
                extreme = value
            elif direction != 0:
                extreme = value
        elif direction != 0 and abs(value / extreme - 1) > size:
            turns, direction, extreme = turns + 1, -direction, value
    return turns


def mean(p: Array, curve: Array, low: float, high: float) -> float:
    """Return the mean of a curve between two shares of the run."""
    inside = (p >= low) & (p <= high)
    return float(curve[inside].mean()) if inside.any() else float(np.interp(high, p, curve))
