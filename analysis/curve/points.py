"""Points: what a run logged of its losses, on a log scale, ready to be fitted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.curve.cycle import without_cycle
from analysis.curve.gaussian_process import Points
from analysis.curve.kernel import BESIDE, TRAIN, VALID, Places
from analysis.curve.readings import Readings, bins_of, local_mean

Array = NDArray[np.float64]

MAX_BINS = 40  # our choice: as fine as any rule looks, and it bounds the cost of a run
MAX_BINS_BESIDE = 32  # of batch validation beside full passes

# A full pass reads the same examples each time and wobbles by 0.2-1.5 % in real runs, a prior
# that its own few readings could not better; single batches wobble by 3-50 %, and show it.
FULL_PASS_NOISE = 0.007
LEAST_NOISE = 0.004
MIN_OWN = 4  # readings from which noise is measured
UNKNOWN_NOISE = 0.1  # of a batch, when too few readings show it
FLOOR_SHARE = 0.02  # of the losses' start: below it differences hardly matter to anyone


@dataclass(frozen=True, eq=False)
class LossPoints:
    """Training and validation loss as points.

    Attributes
    ----------
    points : Points
        Logarithms of mean losses plus the floor.
    floor : float
        What was added before the logarithm, nats per token.
    train, valid : Readings or None
        The readings behind them; for validation those that set the level.
    """

    points: Points
    floor: float
    train: Readings | None
    valid: Readings | None


def loss_points(logged: Mapping[str, Readings | None], last_step: int) -> LossPoints | None:
    """Return the points of every loss column; None when no finite value was logged.

    Parameters
    ----------
    logged : mapping of str to Readings or None
        The three canonical loss columns.
    last_step : int
        The run's last step: progress 1.
    """
    train, batch, full = (
        _finite(logged[name]) for name in ("train_loss", "valid_loss", "full_valid_loss")
    )
    floor = _floor([readings for readings in (train, full, batch) if readings is not None])
    parts = []
    if train is not None:
        parts.append(_part(train, last_step, TRAIN, MAX_BINS, floor))
    if full is not None:
        part = _part(full, last_step, VALID, MAX_BINS, floor)
        parts.append(replace(part, noise=np.full_like(part.noise, FULL_PASS_NOISE)))
    if batch is not None:
        kind, most = (BESIDE, MAX_BINS_BESIDE) if full is not None else (VALID, MAX_BINS)
        parts.append(_part(_folded(batch, train), last_step, kind, most, floor))
    if not parts:
        return None
    points = Points(
        Places(
            np.concatenate([part.places.x for part in parts]),
            np.concatenate([part.places.kind for part in parts]),
        ),
        np.concatenate([part.y for part in parts]),
        np.concatenate([part.noise for part in parts]),
    )
    return LossPoints(points, floor, train, full if full is not None else batch)


def _finite(readings: Readings | None) -> Readings | None:
    return readings if readings is not None and len(readings) else None


def _floor(logged: list[Readings]) -> float:
    """Return what to add before the logarithm: little against where the run's losses start."""
    starts = [float(np.mean(r.values[: max(3, len(r) // 20)])) for r in logged]
    return FLOOR_SHARE * max([*starts, 1e-9])


def _folded(batch: Readings, train: Readings | None) -> Readings:
    """Return batch validation with the cycle of its batches divided out."""
    around = None
    if train is not None and len(train) >= len(batch):
        level = local_mean(train.values, len(train) // len(batch))
        around = np.interp(batch.steps, train.steps, level)
    values, _ = without_cycle(batch.steps, np.maximum(batch.values, 1e-9), around)
    return replace(batch, values=values)


def _part(readings: Readings, last_step: int, kind: int, most: int, floor: float) -> Points:
    """Return one column's bins as points."""
    least = LEAST_NOISE if len(readings) >= MIN_OWN else UNKNOWN_NOISE
    bins = bins_of(readings.steps, readings.values, last_step, most=most, least=least, floor=floor)
    places = Places(bins.x, np.full(len(bins.x), kind, dtype=np.int8))
    return Points(places, bins.y, bins.noise)
