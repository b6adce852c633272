"""The curves behind an SFT run: training and validation loss, and token accuracy."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curve import GRID, N_DRAWS, SEED, Curve
from analysis.curve.cycle import without_cycle
from analysis.curve.epochs import known_epochs, plausible_epochs
from analysis.curve.gaussian_process import draw_curves
from analysis.curve.kernel import BESIDE, TRAIN, VALID
from analysis.curve.points import Points, joined
from analysis.curve.readings import Readings, finite_readings, local_mean, readings_of
from analysis.curve.scale import LinearScale, LogScale
from analysis.curve.span import first_step_of
from analysis.run import Run
from analysis.schema import LOSSES

Array = NDArray[np.float64]

MAX_BINS = 40  # our choice: as fine as any rule looks, and it bounds the cost of a run
MAX_BINS_BESIDE = 32  # of batch validation beside full passes
AGREED = 0.6  # share of the draws that must agree on the epochs before seams are drawn

# A full pass reads the same examples each time and wobbles by 0.2-1.5 % in real runs, a prior
# that its own few readings could not better; single batches wobble by 3-50 %, and show it.
FULL_PASS_NOISE = 0.007
LEAST_NOISE, USUAL_NOISE = 0.004, 0.1
FLOOR_SHARE = 0.02  # of the losses' start: below it differences hardly matter to anyone

ACCURACY_SCALE = LinearScale(unit=0.35, least_noise=0.002, usual_noise=0.03)
FULL_ACCURACY_NOISE = 0.004  # of a full pass, in token accuracy


@dataclass(frozen=True, eq=False)
class LossCurves:
    """Everything the SFT rules look at.

    Attributes
    ----------
    run : Run
        The run itself.
    train, valid : Curve or None
        Training and validation loss; None when never logged as a finite value.
    accuracy : Curve or None
        Validation token accuracy.
    n_epochs : float or None
        Passes over the data, from the job or the file itself.
    epochs : array, shape (256,)
        Passes over the data in every draw: the known number, or plausible ones.
    lost_from : int or None
        Step from which a loss is infinite to the end; None when none is.
    """

    run: Run
    train: Curve | None
    valid: Curve | None
    accuracy: Curve | None
    n_epochs: float | None
    epochs: Array
    lost_from: int | None

    @property
    def fitted(self) -> tuple[Curve, ...]:
        """Every curve there is, of training first."""
        return tuple(c for c in (self.train, self.valid, self.accuracy) if c is not None)


def loss_curves(run: Run) -> LossCurves:
    """Return the curves behind an SFT run.

    Full validation outranks batch validation: it sets the level. Batches, their cycle folded,
    only add shape, at an unknown distance from it, because they may weigh tokens otherwise.
    """
    train, batch, full = (finite_readings(run.frame, name) for name in LOSSES)
    logged = [r for r in (train, batch, full) if r is not None]
    scale, first = _loss_scale(logged), first_step_of(logged, run.last_step)
    points = _points(scale, train, batch, full, (first, run.last_step))
    n_epochs = run.n_epochs or known_epochs(run.frame)
    epochs = np.full(N_DRAWS, n_epochs) if n_epochs else plausible_epochs(points, N_DRAWS)
    main = full if full is not None else batch
    train_draws = valid_draws = None
    if points is not None:
        seams = None if first > 0 else n_epochs or _agreed(epochs)
        logs = draw_curves(points, GRID, n_epochs=seams, n_draws=N_DRAWS, seed=SEED)
        train_draws, valid_draws = (scale.back(log) for log in logs)
    return LossCurves(
        run=run,
        train=_curve(train, train_draws, (first, run.last_step)),
        valid=_curve(
            main, valid_draws, (first, run.last_step), batch if full is not None else None
        ),
        accuracy=_accuracy(run),
        n_epochs=n_epochs,
        epochs=epochs,
        lost_from=_lost_from(run),
    )


def _curve(
    readings: Readings | None,
    draws: Array | None,
    span: tuple[int, int],
    beside: Readings | None = None,
) -> Curve | None:
    if readings is None or draws is None:
        return None
    first, last = span
    return Curve(readings, draws, last, beside, first)


def _loss_scale(logged: list[Readings]) -> LogScale:
    """Return a scale whose floor is little against where the run's losses start."""
    starts = [float(np.mean(r.values[: max(3, len(r) // 20)])) for r in logged]
    return LogScale(FLOOR_SHARE * max([*starts, 1e-9]), LEAST_NOISE, USUAL_NOISE)


def _points(
    scale: LogScale,
    train: Readings | None,
    batch: Readings | None,
    full: Readings | None,
    span: tuple[int, int],
) -> Points | None:
    """Return the points of every loss column; None when no finite value was logged."""
    first, last = span
    parts = []
    if train is not None:
        parts.append(scale.points(train, last, TRAIN, MAX_BINS, first))
    if full is not None:
        points = scale.points(full, last, VALID, MAX_BINS, first)
        parts.append(points.with_noise(FULL_PASS_NOISE))
    if batch is not None:
        folded = folded_validation(batch, train)
        kind, most = (BESIDE, MAX_BINS_BESIDE) if full is not None else (VALID, MAX_BINS)
        parts.append(scale.points(folded, last, kind, most, first))
    return joined(parts) if parts else None


def folded_validation(batch: Readings, train: Readings | None) -> Readings:
    """Return batch validation with the cycle of its batches divided out."""
    around = None
    if train is not None and len(train) >= len(batch):
        level = local_mean(train.values, len(train) // len(batch))
        around = np.interp(batch.steps, train.steps, level)
    values, _ = without_cycle(batch.steps, np.maximum(batch.values, 1e-9), around)
    return replace(batch, values=values)


def _accuracy(run: Run) -> Curve | None:
    """Return validation token accuracy; of both columns, full passes set the level."""
    full = finite_readings(run.frame, "full_valid_mean_token_accuracy")
    batch = finite_readings(run.frame, "valid_mean_token_accuracy")
    main = full if full is not None else batch
    if main is None:
        return None
    first = first_step_of([r for r in (full, batch) if r is not None], run.last_step)
    parts = []
    if full is not None:
        noise = FULL_ACCURACY_NOISE / ACCURACY_SCALE.unit
        points = ACCURACY_SCALE.points(full, run.last_step, VALID, MAX_BINS, first)
        parts.append(points.with_noise(noise))
    if batch is not None:
        kind = BESIDE if full is not None else VALID
        points = ACCURACY_SCALE.points(batch, run.last_step, kind, MAX_BINS_BESIDE, first)
        parts.append(points)
    _, draws = draw_curves(
        joined(parts), GRID, n_epochs=None, n_draws=N_DRAWS, seed=SEED, falls=False, plain=True
    )
    shares = np.clip(ACCURACY_SCALE.back(draws), 0.0, 1.0)
    return Curve(main, shares, run.last_step, batch if full is not None else None, first)


def _lost_from(run: Run) -> int | None:
    logged = [readings_of(run.frame, name) for name in LOSSES]
    lost = [readings.lost_from for readings in logged if readings is not None]
    return min((step for step in lost if step is not None), default=None)


def _agreed(epochs: Array) -> float | None:
    """Return the number of epochs that most draws have; None when they disagree."""
    values, counts = np.unique(epochs, return_counts=True)
    top = int(counts.argmax())
    return float(values[top]) if counts[top] >= AGREED * len(epochs) else None
