"""Noise-free SFT curves of every class, with targets hit by construction or rejected."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.labels import Quantities, is_border, label_of, quantities

Array = NDArray[np.float64]
Rng = np.random.Generator

GRID = np.linspace(0, 1, 2001)
BORDER_SHARE = 0.33  # border cases that are kept: they count for calibration, not for F1


@dataclass(frozen=True)
class Truth:
    """The noise-free curves behind a run.

    Attributes
    ----------
    label : str
        The label they earn by definition.
    border : bool
        Whether a small move of the thresholds would change it.
    train, valid : array, shape (2001,)
        Losses on an even grid of progress.
    n_epochs : int
        Passes over the data.
    found : Quantities
        What the definitions speak of.
    """

    label: str
    border: bool
    train: Array
    valid: Array
    n_epochs: int
    found: Quantities


@dataclass(frozen=True)
class Shape:
    """A falling loss: where it starts and ends, how fast, and in which steps."""

    start: float
    floor: float
    speed: float
    power: float
    format_share: float
    format_speed: float
    schedule: str
    stairs: float

    def clock(self) -> Array:
        """Return the training done by each share of the run, under the learning rate's schedule."""
        rate = {
            "constant": np.ones_like(GRID),
            "linear": 1.02 - GRID,
            "cosine": 0.5 * (1.02 + np.cos(np.pi * GRID)),
        }[self.schedule] * np.minimum(1.0, GRID / 0.03 + 0.05)
        done = np.cumsum(rate)
        return done / done[-1]

    def smooth(self) -> Array:
        """Return the loss without stairs."""
        clock = self.clock()
        slow = (1 + self.speed * clock) ** -self.power
        slow = (slow - slow[-1]) / (1 - slow[-1])
        fast = np.exp(-clock * self.format_speed)
        mix = self.format_share * fast + (1 - self.format_share) * slow
        return self.floor + (self.start - self.floor) * mix

    def stairs_of(self, n_epochs: int) -> Array:
        """Return the factor that training loss takes at epoch seams."""
        return (1 - self.stairs) ** seams_before(n_epochs)


def seams_before(n_epochs: int) -> Array:
    """Return how many epochs have ended before each place; the step that ends one belongs to it."""
    return np.clip(np.ceil(GRID * n_epochs - 1e-9) - 1, 0, n_epochs - 1)


def draw_truth(label: str, rng: Rng, n_steps: int) -> Truth:
    """Return curves that earn a label, drawn anew until they do."""
    wanted = "healthy" if label == "no_validation" else label
    fastest = max(n_steps / 3.0, 6.0)  # nothing falls faster than a few steps
    for _ in range(4000):
        n_epochs = _epochs(rng, n_steps, wanted)
        train, valid = MAKERS[wanted](rng, n_epochs, fastest)
        if train.min() < 1e-4 or valid.min() < 1e-4 or max(train.max(), valid.max()) > 40:
            continue
        found = quantities(GRID, train, valid, n_epochs)
        if label_of(found, n_epochs) != wanted:
            continue
        border = is_border(found, n_epochs)
        if border and rng.random() > BORDER_SHARE:
            continue
        truth = Truth(wanted, border, train, valid, n_epochs, found)
        return replace(truth, label=label, border=False) if label == "no_validation" else truth
    raise RuntimeError(f"no curves for {label} with {n_steps} steps")


def _epochs(rng: Rng, n_steps: int, label: str) -> int:
    most = max(1, min(10, n_steps // 6))
    least = 2 if label == "plateau_early" else 1
    return int(rng.integers(least, max(most, least) + 1))


def _shape(
    rng: Rng, drop: tuple[float, float], fastest: float, start: tuple[float, float] = (0.8, 3.5)
) -> Shape:
    top = float(np.exp(rng.uniform(*np.log(start))))
    return Shape(
        start=top,
        floor=top * (1 - rng.uniform(*drop)),
        speed=min(float(np.exp(rng.uniform(np.log(2), np.log(60)))), fastest),
        format_speed=min(60.0, fastest),
        power=float(rng.uniform(0.5, 1.5)),
        format_share=float(rng.choice([0.0, rng.uniform(0.05, 0.4)])),
        schedule=str(rng.choice(["constant", "linear", "cosine"])),
        stairs=0.0,
    )


def _overfit_term(rng: Rng, n_epochs: int) -> Array:
    """Return a term from 0 to 1 that sets in somewhere and grows to the end, smooth or stepped."""
    onset = rng.uniform(0.05, 0.7)
    place = GRID
    if n_epochs >= 3 and rng.random() < 0.35:
        place = seams_before(n_epochs) + 0.3 * (GRID * n_epochs - seams_before(n_epochs))
        place = place / place[-1]
    term = np.maximum(place - onset, 0) / (1 - onset)
    return term ** rng.uniform(0.8, 2.0)


def _healthy(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
    shape = _shape(rng, (0.2, 0.75), fastest)
    stairs = replace(shape, stairs=rng.uniform(0, 0.12) / n_epochs)
    base = shape.smooth()
    gap = rng.uniform(0.97, 1.12)
    valid = base * (1 + (gap - 1) * np.minimum(1, GRID * 4))
    return base * stairs.stairs_of(n_epochs), valid


def _overfit(low: float, high: float, rises: tuple[float, float]):
    def make(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
        shape = _shape(rng, (0.25, 0.7), fastest)
        base = shape.smooth()
        valid = base * rng.uniform(0.98, 1.1)
        rise = rng.uniform(*rises)
        term = _overfit_term(rng, n_epochs)
        valid = _with_rise(valid, term, rise)
        ratio = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        train_end = valid[-60:].mean() / ratio
        return _memorised(rng, base, train_end, n_epochs), valid

    return make


def _with_rise(valid: Array, term: Array, rise: float) -> Array:
    """Return the curve plus a multiple of the term so that it ends above its best by ``rise``."""
    low, high = 0.0, 40.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        lifted = valid + middle * valid[-1] * term
        end = lifted[-60:].mean()
        low, high = (middle, high) if end / min(lifted.min(), end) - 1 < rise else (low, middle)
    return valid + low * valid[-1] * term


def _memorised(rng: Rng, base: Array, end: float, n_epochs: int) -> Array:
    """Return training loss that leaves the base curve downwards to reach ``end``."""
    factor = end / base[-100:].mean()
    if n_epochs >= 2 and rng.random() < 0.7:
        seams = seams_before(n_epochs)
        within = 0.35 * (GRID * n_epochs - seams) * (seams >= 1)
        way = np.minimum((seams + within) / (n_epochs - 1), 1.0)
    else:
        way = np.clip((GRID - 0.08) / 0.92, 0, 1) ** rng.uniform(0.6, 1.3)
    return base * factor**way


def _underfit(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:  # noqa: ARG001
    shape = _shape(rng, (0.01, 0.135), fastest, (0.7, 3.0))
    base = shape.smooth()
    return base, base * rng.uniform(1.0, 1.12)


def _both_high(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:  # noqa: ARG001
    shape = replace(_shape(rng, (0.02, 0.135), fastest, (2.3, 6.0)), schedule="linear")
    base = replace(shape, speed=min(float(rng.uniform(20, 200)), fastest)).smooth()
    return base, base * rng.uniform(1.0, 1.12)


def _crash(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
    shape = _shape(rng, (0.25, 0.7), fastest)
    base = shape.smooth()
    end = float(np.exp(rng.uniform(np.log(0.001), np.log(0.045))))
    train = _crashing(rng, base, end)
    if rng.random() < 0.4:
        valid = np.maximum(train * rng.uniform(1.0, 1.6), rng.uniform(0.003, 0.05))
    else:
        valid = _with_rise(base * rng.uniform(1.0, 1.1), _overfit_term(rng, n_epochs),
                           rng.uniform(0, 0.08))  # fmt: skip
    return train, valid


def _crashing(rng: Rng, base: Array, end: float) -> Array:
    when = rng.uniform(0.1, 0.7)
    width = rng.uniform(0.03, 0.25)
    way = 1 / (1 + np.exp(-(GRID - when) / width))
    way = (way - way[0]) / (way[-1] - way[0])
    return base * (end / base[-1]) ** way


def _divergence(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:  # noqa: ARG001
    shape = _shape(rng, (0.2, 0.6), fastest)
    base = shape.smooth()
    when = rng.uniform(0.05, 0.75)
    width = rng.uniform(0.01, 0.12)
    way = np.clip((GRID - when) / width, 0, 1)
    rise = float(np.exp(rng.uniform(np.log(0.4), np.log(6))))
    settle = 1 - 0.3 * np.clip((GRID - when - width) / 0.5, 0, 1) * rng.random()
    factor = 1 + rise * way * settle
    return base * factor, base * rng.uniform(1.0, 1.1) * (
        1 + rise * way * settle * rng.uniform(0.8, 1.2)
    )


def _oscillation(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
    train, valid = _healthy(rng, n_epochs, fastest)
    cycles = rng.uniform(2.5, 9)
    wave = np.sin(2 * np.pi * (cycles * GRID + rng.random()))
    size = rng.uniform(0.07, 0.3)
    along = rng.uniform(0.3, 1.0) if rng.random() < 0.92 else 0.0
    return train * (1 + along * size * wave), valid * (1 + size * wave)


def _plateau(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
    speed = min(float(np.exp(rng.uniform(3, 6.5))), fastest)
    shape = replace(_shape(rng, (0.2, 0.7), fastest), speed=speed, power=1.5)
    base = shape.smooth()
    stairs = replace(shape, stairs=rng.uniform(0, 0.1) / n_epochs)
    return base * stairs.stairs_of(n_epochs), base * rng.uniform(0.98, 1.1)


def _gap(rng: Rng, n_epochs: int, fastest: float) -> tuple[Array, Array]:
    shape = _shape(rng, (0.25, 0.7), fastest)
    base = shape.smooth()
    gap = float(np.exp(rng.uniform(np.log(1.32), np.log(2.4))))
    reach = np.minimum(1, GRID * n_epochs * 8 + 0.5)
    valid = base * (1 + (gap - 1) * reach)
    fall = rng.uniform(0.0, 0.3)
    return base * (1 - fall * GRID * 0.3), valid


MAKERS = {
    "healthy": _healthy,
    "overfit_mild": _overfit(1.22, 1.48, (0.0, 0.19)),
    "overfit_moderate": _overfit(1.25, 2.6, (0.0, 0.48)),
    "overfit_severe": _overfit(1.6, 6.0, (0.02, 1.5)),
    "underfit": _underfit,
    "both_high": _both_high,
    "crash_zero": _crash,
    "divergence": _divergence,
    "oscillation": _oscillation,
    "plateau_early": _plateau,
    "gap_from_start": _gap,
}
