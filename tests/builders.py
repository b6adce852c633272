"""Builders: runs whose underlying curves are known."""

import io
import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import Run, run_from_frame

N_STEPS = 300
AZURE = "o4-mini-2025-04-16.ft-0123456789abcdef0123456789abcdef"


def progress(n_steps: int = N_STEPS) -> np.ndarray:
    """Return the share of the run that has passed at each step."""
    return np.arange(1, n_steps + 1) / n_steps


def falling(start: float = 2.0, end: float = 0.8, n_steps: int = N_STEPS) -> np.ndarray:
    """Return a loss that falls fast, then levels off."""
    return end + (start - end) * np.exp(-9.0 * progress(n_steps))


def turning(best: float = 0.8, rise: float = 0.4, n_steps: int = N_STEPS) -> np.ndarray:
    """Return a loss that falls to its best at a third of the run and rises again by a share."""
    late = np.maximum(progress(n_steps) - 1 / 3, 0.0) * 1.5
    return falling(2.0, best, n_steps) + best * rise * late


def noisy(curve: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """Return a curve as single batches would show it."""
    rng = np.random.default_rng(seed)
    return curve * np.maximum(1.0 + noise * rng.standard_normal(len(curve)), 0.02)


def sparse(values: np.ndarray, every: int) -> np.ndarray:
    """Return the values with all but each ``every``-th blank; the last is kept."""
    steps = np.arange(1, len(values) + 1)
    return np.where((steps % every == 0) | (steps == len(values)), values, np.nan)


def make_frame(**columns: Sequence[float] | np.ndarray) -> pd.DataFrame:
    """Return a frame with steps from 1 and these columns."""
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"step": np.arange(1, length + 1), **columns})


def make_run(
    train: np.ndarray | None = None,
    valid: np.ndarray | None = None,
    full: np.ndarray | None = None,
    *,
    noise: float = 0.05,
    every: int = 5,
    seed: int = 0,
    checkpoints: Sequence[int] = (),
    n_epochs: float | None = None,
) -> Run:
    """Return an SFT run with noise on its training and batch validation loss."""
    columns = {}
    if train is not None:
        columns["train_loss"] = noisy(train, noise, seed)
    if valid is not None:
        columns["valid_loss"] = sparse(noisy(valid, noise, seed + 1), every)
    if full is not None:
        columns["full_valid_loss"] = sparse(noisy(full, 0.003, seed + 2), len(full) // 6)
    frame = make_frame(**columns)
    return run_from_frame(frame, name="built", checkpoints=checkpoints, n_epochs=n_epochs)


def csv_of(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a CSV file."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue().encode()


def azure_rewards(
    top: float = 0.8, *, n_steps: int = 60, every: int = 5, graded: int = 150, seed: int = 0
) -> pd.DataFrame:
    """Return an RFT run as Azure's result file tells it: ungraded rollouts count as -1.

    Validation climbs from 0.25 to ``top`` and rests on ``graded`` samples; a tool is called.
    """
    rng = np.random.default_rng(seed)
    steps = np.arange(1, n_steps + 1)
    climb = (1.0 - np.exp(-4.0 * progress(n_steps))) / (1.0 - np.exp(-4.0))
    level = 0.25 + (top - 0.25) * climb
    seen = (steps == 1) | (steps % every == 0)
    lost = rng.integers(10, 60, n_steps)
    kept = 768 - lost
    reward = level + 0.03 * rng.standard_normal(n_steps)
    spread = np.sqrt(level * (1.0 - level) * 0.5 / graded)
    grader, tool = "graders/python/order grader", "get_order"
    valid = np.where(seen, level + spread * rng.standard_normal(n_steps), np.nan)
    tokens = 250.0 * (1.0 + climb) * np.exp(0.04 * rng.standard_normal(n_steps))
    return make_frame(
        **{
            "train_mean_reward": (reward * kept - lost) / 768,
            "full_valid_mean_reward": valid,
            "completion_tokens_mean": tokens,
            "mean_unresponsive_rewards": np.zeros(n_steps),
            "reasoning_tokens_mean": 0.8 * tokens,
            "sampling_duration": 60.0 + 5.0 * rng.random(n_steps),
            "training_duration": 62.0 + 5.0 * rng.random(n_steps),
            f"errors/{grader}/errors/train_sample_parse_error_mean": 0.02 * rng.random(n_steps),
            f"errors/{grader}/errors/train_sample_parse_error_count": kept.astype(float),
            f"errors/{grader}/errors/train_other_error_mean": np.zeros(n_steps),
            f"errors/{grader}/errors/train_other_error_count": kept.astype(float),
            f"errors/{grader}/errors/valid_other_error_count": np.where(seen, graded, np.nan),
            f"scores/{grader}/train_reward_mean": reward,
            f"scores/{grader}/valid_reward_mean": valid,
            f"train_tool_calls_to_{tool}": np.rint(100.0 + 400.0 * climb),
            f"train_error_count_{tool}": 0.15 * (1.0 - 0.7 * climb),
        }
    )


def checkpoint_list(*steps: int, model: str = AZURE) -> bytes:
    """Return the checkpoint list of an Azure job that saved these steps."""
    data = [
        {
            "object": "fine_tuning.job.checkpoint",
            "id": f"ftchkpt-{step:032x}",
            "created_at": 1_773_000_000 + step,
            "fine_tuned_model_checkpoint": f"{model}:ckpt-step-{step}",
            "fine_tuning_job_id": "ftjob-00000000000000000000000000000001",
            "metrics": {"step": float(step)},
            "step_number": step,
        }
        for step in steps
    ]
    return json.dumps({"object": "list", "data": data, "has_more": False}).encode()
