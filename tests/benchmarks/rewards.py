"""Generated RFT runs: noise-free rewards of every kind, and what a platform would log of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import Run, run_from_frame

Array = NDArray[np.float64]
Rng = np.random.Generator

GRID = np.linspace(0, 1, 2001)
FLAGS = (
    "flat_zero", "always_negative", "too_lenient", "reward_hacking", "valid_degrades", "collapse",
    "unstable_variance", "token_explosion", "logic_errors", "unresponsive", "plateau",
)  # fmt: skip
MAIN = ("healthy", "flat_zero", "always_negative", "too_lenient", "reward_hacking",
        "valid_degrades", "collapse", "plateau")  # fmt: skip
EXTRA = ("unstable_variance", "token_explosion", "logic_errors", "unresponsive")


@dataclass(frozen=True)
class RewardTruth:
    """Noise-free rewards on an even grid of progress, and the flags they earn."""

    flags: frozenset[str]
    border: bool
    train: Array
    valid: Array
    growth: float
    spread: float


@dataclass(frozen=True)
class RewardCase:
    """A logged RFT run and the truth behind it."""

    run: Run
    truth: RewardTruth

    def regret_of(self, steps: list[int]) -> float:
        """Return how far the best of some steps lies below the best choice, in true reward."""
        choices = self.choices()
        best = float(self.valid_at(choices).max())
        return max(best - float(self.valid_at(np.array(steps)).max()), 0.0)

    def choices(self) -> NDArray[np.int64]:
        """Return the steps that could be chosen: the saved ones, else the evaluated ones."""
        saved = [checkpoint.step for checkpoint in self.run.checkpoints]
        if saved:
            return np.array(saved)
        return self.run.frame.dropna(subset=["full_valid_mean_reward"])["step"].to_numpy()

    def valid_at(self, steps: NDArray[np.int64]) -> Array:
        """Return the noise-free validation reward at steps."""
        return np.interp(steps / self.run.last_step, GRID, self.truth.valid)


def draw_reward_case(rng: Rng) -> RewardCase:
    """Return a generated run; a third are healthy."""
    main = "healthy" if rng.random() < 0.3 else str(rng.choice(MAIN[1:]))
    while True:
        train, valid = _curves(main, rng)
        if train is None or np.abs(valid).max() > 1.0 or np.abs(train).max() > 1.0:
            continue
        main_flags = _flags_of(train, valid)
        if not main_flags if main == "healthy" else main in main_flags:
            break
    flags = set(main_flags)
    extra = str(rng.choice(EXTRA)) if rng.random() < (0.0 if main == "healthy" else 0.2) else ""
    if main == "healthy" and rng.random() < 0.5:
        extra = str(rng.choice(EXTRA))
    if main == "flat_zero" and extra == "unstable_variance":
        extra = ""
    if extra:
        flags.add(extra)
        flags.discard("plateau")
    growth = rng.uniform(3.3, 8) if extra == "token_explosion" else float(
        np.exp(rng.uniform(np.log(0.6), np.log(2.6))))  # fmt: skip
    spread = rng.uniform(2.3, 4.5) if extra == "unstable_variance" else rng.uniform(0.8, 1.25)
    border = any(_flags_of(train, valid, s) != main_flags for s in (-0.12, 0.12))
    truth = RewardTruth(frozenset(flags), border, train, valid, growth, spread)
    return RewardCase(log_rewards(truth, extra, rng), truth)


def _flags_of(train: Array, valid: Array, slack: float = 0.0) -> set[str]:
    """Return the flags that noise-free curves earn, straight from their definitions."""
    up = 1 + slack
    r_end, v_end = _mean(train, 0.95, 1), _mean(valid, 0.95, 1)
    parts = [_mean(train, a, a + 0.1) for a in np.arange(0, 0.95, 0.1)]
    flags = set()
    if max(abs(part) for part in parts) < 0.02 * up:
        return {"flat_zero"}
    if max(parts) < -0.02 * up:
        return {"always_negative"}
    bottom = min(0.0, float(train.min()))
    if train.max() - r_end > up * max(0.12, 0.35 * (train.max() - bottom)):
        flags.add("collapse")
    gap_end, gap_start = _mean(train - valid, 0.85, 1), _mean(train - valid, 0, 0.15)
    if gap_end > 0.10 * up and gap_end - gap_start > 0.06 * up:
        flags.add("reward_hacking")
    peak = int(valid.argmax())
    fell = train[max(peak - 50, 0) : peak + 50].mean() - r_end
    if valid.max() - v_end > 0.06 * up and fell < 0.05:
        flags.add("valid_degrades")
    if train[:80].mean() >= 0.885 / (1 + slack * 0.1) and np.ptp(train) < 0.06 * up:
        flags.add("too_lenient")
    if not flags and abs(r_end - _mean(train, 0.36, 0.44)) < 0.02 * up and r_end < 0.8:
        flags.add("plateau")
    return flags


def _mean(curve: Array, low: float, high: float) -> float:
    return float(curve[(low <= GRID) & (high >= GRID)].mean())


def _rise(rng: Rng, by: float = 1.0) -> Array:
    """Return a rise from 0 to 1, most of it done by a share of the run; some bloom late."""
    kind = rng.random()
    if kind < 0.5:
        speed = rng.uniform(1.5, 5) / by
        curve = 1 - np.exp(-speed * GRID)
    else:
        middle = rng.uniform(0.2, 0.65) * by
        width = rng.uniform(0.06, 0.16) * by
        curve = 1 / (1 + np.exp(-(GRID - middle) / width))
    return (curve - curve[0]) / (curve[-1] - curve[0])


def _curves(kind: str, rng: Rng) -> tuple[Array, Array]:
    start = rng.uniform(0.05, 0.55)
    top = min(start + rng.uniform(0.12, 0.55), 0.96)
    train = start + (top - start) * _rise(rng)
    offset = rng.uniform(-0.06, 0.12)
    if kind == "flat_zero":
        flat = np.full_like(GRID, rng.uniform(0.0, 0.012))
        return flat, flat * rng.uniform(0.5, 1.2)
    if kind == "always_negative":
        train = -rng.uniform(0.15, 0.9) + rng.uniform(0, 0.1) * _rise(rng)
        return train, train - offset * 0.5
    if kind == "too_lenient":
        train = rng.uniform(0.9, 0.97) + rng.uniform(-0.02, 0.04) * _rise(rng)
        return train, train - abs(offset) * 0.5
    if kind == "plateau":
        train = start + (min(top, 0.74) - start) * _rise(rng, 0.25)
        return train, train - offset
    onset = rng.uniform(0.15, 0.7)
    term = np.maximum(GRID - onset, 0) / (1 - onset)
    if kind == "reward_hacking":
        valid = train - offset
        at = valid[int(onset * 2000)]
        away = at + (valid - at) * rng.uniform(-0.2, 0.3)
        return train, np.where(onset < GRID, away, valid)
    if kind == "valid_degrades":
        valid = train - offset - rng.uniform(0.1, 0.5) * term
        return train, valid
    if kind == "collapse":
        fall = rng.uniform(0.2, 0.8) * np.clip(term / rng.uniform(0.1, 0.9), 0, 1)
        train = np.maximum(train - fall, 0.0)
        return train, np.maximum(train - offset, 0.0)
    return train, train - offset


def log_rewards(truth: RewardTruth, extra: str, rng: Rng) -> Run:
    """Return what a platform would log of noise-free rewards."""
    n_steps = int(np.exp(rng.uniform(np.log(20), np.log(2000))))
    steps = np.arange(1, n_steps + 1)
    prompts, rollouts = rng.integers(8, 129), rng.integers(4, 17)
    share = 0.6 / prompts + 0.4 / (prompts * rollouts)
    widen = 1 + (truth.spread - 1) * np.clip(steps / n_steps * 1.5 - 0.25, 0, 1)
    rho = float(rng.choice([0.0, 0.3, 0.6]))
    train = np.interp(steps / n_steps, GRID, truth.train)
    sign = -1.0 if "always_negative" in truth.flags else 1.0
    noise = np.sqrt(np.maximum(np.abs(train) * (1 - np.abs(train)), 0.0004) * share) * widen
    wobble = _autocorrelated(len(steps), rho, rng)
    low, high = (-1.0, 1.0) if sign < 0 else (0.0, 1.0)
    reward = np.clip(train + noise * wobble, low, high)
    frame = pd.DataFrame({"step": steps, "train_mean_reward": reward})
    if extra == "unresponsive":
        frame["mean_unresponsive_rewards"] = np.clip(
            rng.uniform(0.14, 0.5) + 0.03 * rng.standard_normal(n_steps), 0, 1)  # fmt: skip
    elif rng.random() < 0.5:
        frame["mean_unresponsive_rewards"] = rng.uniform(0, 0.05, n_steps)
    _add_tokens(frame, truth.growth, rng)
    _add_errors(frame, extra, int(prompts * rollouts), rng)
    every = max(1, int(n_steps / rng.integers(5, 31)))
    at = np.unique([1, *np.arange(every, n_steps + 1, every)])
    level = np.interp(at / n_steps, GRID, truth.valid)
    samples = int(np.exp(rng.uniform(np.log(10), np.log(200))))
    spread = np.sqrt(np.maximum(np.abs(level) * (1 - np.abs(level)), 0.0004) * 0.7 / samples)
    valid = np.clip(level + spread * rng.standard_normal(len(at)), low, high)
    frame = frame.merge(
        pd.DataFrame({"step": at, "full_valid_mean_reward": valid}), on="step", how="left"
    )
    kept = _checkpoints(at, valid, rng)
    return run_from_frame(frame.round(5), method="rft", name="generated", checkpoints=kept)


def _autocorrelated(n: int, rho: float, rng: Rng) -> Array:
    wobble = rng.standard_normal(n)
    for i in range(1, n):
        wobble[i] = rho * wobble[i - 1] + np.sqrt(1 - rho**2) * wobble[i]
    return wobble


def _add_tokens(frame: pd.DataFrame, growth: float, rng: Rng) -> None:
    base = np.exp(rng.uniform(np.log(80), np.log(3000)))
    curve = base * growth ** _rise(rng)
    at = np.interp(frame["step"] / len(frame), GRID, curve)
    frame["completion_tokens_mean"] = at * np.exp(0.06 * rng.standard_normal(len(frame)))


def _add_errors(frame: pd.DataFrame, extra: str, graded: int, rng: Rng) -> None:
    n = len(frame)
    if rng.random() < 0.25:  # Azure: the count is the number graded
        count = graded - rng.integers(0, max(graded // 20, 1) + 1, n)
        frame["train_sample_parse_error_count"] = frame["train_other_error_count"] = count
        frame["train_sample_parse_error_mean"] = np.zeros(n)
        frame["train_other_error_mean"] = np.zeros(n)
        if extra == "logic_errors":
            frame["train_other_error_mean"] = rng.uniform(0.01, 0.2, n) * (rng.random(n) < 0.5)
    else:
        frame["train_other_error_count"] = np.zeros(n)
        frame["train_sample_parse_error_count"] = rng.integers(0, 3, n)
        if extra == "logic_errors":
            frame["train_other_error_count"] = rng.integers(0, 4, n) + (rng.random(n) < 0.3)


def _checkpoints(at: Array, valid: Array, rng: Rng) -> list[int]:
    kind = rng.random()
    if kind < 0.4:  # OpenAI keeps the three best by validation reward
        return sorted(int(step) for step in at[np.argsort(-valid)[:3]])
    if kind < 0.7:
        return [int(step) for step in at[1:]]
    return []
