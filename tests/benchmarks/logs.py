"""What a platform would log of noise-free SFT curves: batches, full passes, gaps and faults."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import Run, run_from_frame
from tests.benchmarks.curves import GRID, Truth

Array = NDArray[np.float64]
Rng = np.random.Generator


@dataclass(frozen=True)
class Noise:
    """How one batch differs from the next: as a share of the loss, in heavy tails or skewed."""

    size: float
    skewed: bool

    def scaled(self, by: float) -> "Noise":
        """Return noise of another size."""
        return Noise(self.size * by, self.skewed)


@dataclass(frozen=True)
class Case:
    """A logged run and the truth behind it."""

    run: Run
    truth: Truth
    style: str
    noise: Noise

    def regret_of(self, step: int | None) -> float:
        """Return how much worse the true validation loss of a step is than the best choice's."""
        steps = self.choices()
        levels = self.valid_at(steps)
        chosen = levels[-1] if step is None else float(self.valid_at(np.array([step]))[0])
        return max(chosen / float(levels.min()) - 1.0, 0.0)

    def choices(self) -> NDArray[np.int64]:
        """Return the steps that could be chosen: the saved ones, else the evaluated ones."""
        saved = [checkpoint.step for checkpoint in self.run.checkpoints]
        return np.array(saved) if saved else self.evaluated()

    def evaluated(self) -> NDArray[np.int64]:
        """Return the steps with a validation value."""
        columns = [c for c in ("valid_loss", "full_valid_loss") if c in self.run.frame]
        rows = self.run.frame.dropna(subset=columns, how="all")
        return rows["step"].to_numpy()

    def valid_at(self, steps: NDArray[np.int64]) -> Array:
        """Return the noise-free validation loss at steps."""
        return np.interp(steps / self.run.last_step, GRID, self.truth.valid)


def log_run(truth: Truth, n_steps: int, rng: Rng) -> Case:
    """Return what would have been logged; of a swing, mostly often enough to be seen."""
    case = _log_run(truth, n_steps, rng)
    if truth.label == "oscillation" and rng.random() < 0.85:
        needed = min(1.25 * truth.found.reversals, n_steps / 2)
        for _ in range(20):
            if len(case.evaluated()) >= needed:
                break
            case = _log_run(truth, n_steps, rng)
    return case


def _log_run(truth: Truth, n_steps: int, rng: Rng) -> Case:
    style = str(rng.choice(["openai", "huggingface", "epochs"], p=[0.55, 0.33, 0.12]))
    if style == "epochs" and truth.n_epochs < 4:
        style = "openai"
    size = float(np.exp(rng.uniform(np.log(0.03), np.log(0.5))))
    noise = Noise(size, skewed=bool(rng.random() < 0.15))
    steps = np.arange(1, n_steps + 1)
    frame = pd.DataFrame({"step": steps})
    train = np.interp(steps / n_steps, GRID, truth.train)
    frame["train_loss"] = _batches(train, noise, rng)
    _faults(frame, truth.n_epochs, rng)
    if truth.label == "divergence" and rng.random() < 0.3:
        _lose(frame, rng)
    if style == "huggingface":
        frame = _averaged(frame, rng)
    if truth.label != "no_validation":
        frame = _with_validation(frame, truth, style, noise, n_steps, rng)
    frame = _with_gaps(frame, rng)
    known = rng.random() < 0.6
    run = run_from_frame(
        frame.round(5), method="sft", name=truth.label,
        checkpoints=_checkpoints(truth, n_steps, rng),
        n_epochs=truth.n_epochs if known else None,
    )  # fmt: skip
    return Case(run, truth, style, noise)


def _batches(curve: Array, noise: Noise, rng: Rng) -> Array:
    if noise.skewed:
        spread = max(noise.size, 0.35) * rng.uniform(1, 2.2)
        return curve * rng.gamma(spread**-2, spread**2, len(curve))
    wobble = rng.standard_t(4, len(curve)) / np.sqrt(2.0)
    return curve * np.maximum(1 + noise.size * wobble, 0.02)


def _faults(frame: pd.DataFrame, n_epochs: int, rng: Rng) -> None:
    loss = frame["train_loss"].to_numpy(copy=True)
    if rng.random() < 0.3:
        wild = rng.random(len(loss)) < 0.004
        loss[wild] *= rng.uniform(2, 8, int(wild.sum()))
    if rng.random() < 0.15 and n_epochs > 1:
        ends = (np.arange(1, n_epochs + 1) * len(loss) / n_epochs).astype(int) - 1
        loss[ends] *= rng.uniform(0.2, 1.8)
    if rng.random() < 0.12 and len(loss) > 60:
        at, length = int(rng.uniform(0.15, 0.8) * len(loss)), int(rng.integers(3, 9))
        loss[at : at + length] *= rng.uniform(1.6, 4)
    frame["train_loss"] = loss


def _lose(frame: pd.DataFrame, rng: Rng) -> None:
    """Let the loss overflow near the end of a run that diverges."""
    first = int(len(frame) * rng.uniform(0.8, 0.95))
    frame.loc[first:, "train_loss"] = np.inf


def _averaged(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Return the rows a trainer logs every so many steps, each the mean since the last."""
    every = max(1, int(len(frame) / rng.uniform(15, 250)))
    group = (frame["step"] - 1) // every
    means = frame.groupby(group)["train_loss"].mean()
    last = frame.groupby(group)["step"].max()
    return pd.DataFrame({"step": last.to_numpy(), "train_loss": means.to_numpy()})


def _with_validation(
    frame: pd.DataFrame, truth: Truth, style: str, noise: Noise, n_steps: int, rng: Rng
) -> pd.DataFrame:
    ends = np.unique(
        np.rint(np.arange(1, truth.n_epochs + 1) * n_steps / truth.n_epochs).astype(int)
    )
    parts = []
    if style == "openai":
        has_full = truth.n_epochs >= 2 and rng.random() < 0.6
        parts.append(_batch_part(truth, noise, n_steps, rng, has_full=has_full))
        if has_full:
            parts.append(_full_part("full_valid_loss", truth, ends, n_steps, rng))
    elif style == "huggingface":
        n_evaluations = int(min(rng.integers(5, 41), n_steps // 3))
        at = np.unique(np.rint(np.linspace(0, n_steps, n_evaluations + 1)[1:]).astype(int))
        column = str(rng.choice(["full_valid_loss", "valid_loss"]))
        parts.append(_full_part(column, truth, at, n_steps, rng))
    else:
        parts.append(_full_part("full_valid_loss", truth, ends, n_steps, rng))
    for part in parts:
        frame = frame.merge(part, on="step", how="outer")
    return frame.sort_values("step", ignore_index=True)


def _full_part(column: str, truth: Truth, steps: Array, n_steps: int, rng: Rng) -> pd.DataFrame:
    level = np.interp(steps / n_steps, GRID, truth.valid)
    jitter = rng.uniform(0.0015, 0.012)
    drift = np.cumsum(rng.standard_normal(len(steps))) / np.sqrt(len(steps))
    wobble = 1 + jitter * rng.standard_normal(len(steps)) + 0.3 * jitter * drift
    return pd.DataFrame({"step": steps, column: level * wobble})


def _batch_part(
    truth: Truth, noise: Noise, n_steps: int, rng: Rng, *, has_full: bool
) -> pd.DataFrame:
    every = int(rng.choice([1, 1, 5, 10, max(1, n_steps // 40), max(1, n_steps // 20)]))
    every = min(every, max(1, n_steps // 8))
    steps = np.arange(every, n_steps + 1, every)
    level = np.interp(steps / n_steps, GRID, truth.valid)
    own = noise.scaled(rng.uniform(0.6, 1.2))
    if rng.random() < 0.6:
        values = level * _cycle(len(steps), own.size, rng)
        values = _batches(values, Noise(min(own.size * 0.2, 0.08), skewed=False), rng)
    else:
        values = _batches(level, own, rng)
    if has_full:
        values = values * float(np.exp(rng.uniform(-0.15, 0.25)))
    if rng.random() < 0.3:
        values[-1] = np.nan
    return pd.DataFrame({"step": steps, "valid_loss": values})


def _cycle(n: int, noise: float, rng: Rng) -> Array:
    """Return the factors of a fixed validation set that is walked batch by batch."""
    period = int(rng.integers(4, 60))
    factors = np.exp(noise * rng.standard_normal(period))
    if rng.random() < 0.15:
        factors[rng.integers(period)] *= rng.uniform(3, 7)
    factors /= factors.mean()
    return factors[np.arange(n) % period]


def _with_gaps(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Return the frame with rows missing here and there, and some written twice."""
    if rng.random() < 0.4:
        kept = rng.random(len(frame)) > rng.uniform(0, 0.1)
        kept[-1] = True
        frame = frame[kept]
    if rng.random() < 0.08 and len(frame) > 30:
        start = int(len(frame) * rng.uniform(0.2, 0.7))
        again = frame.iloc[start : start + len(frame) // 10]
        frame = pd.concat(
            [frame.iloc[: start + len(again)], again, frame.iloc[start + len(again) :]]
        )
    return frame.reset_index(drop=True)


def _checkpoints(truth: Truth, n_steps: int, rng: Rng) -> list[int]:
    kind = rng.random()
    if kind < 0.35:
        ends = np.arange(1, truth.n_epochs + 1) * n_steps / truth.n_epochs
        return sorted({round(end) for end in ends[-3:]})
    if kind < 0.65:
        return sorted({round(x) for x in np.linspace(0, n_steps, 13)[1:]} - {0})
    return []
