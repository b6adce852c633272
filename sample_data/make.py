"""Make the sample runs: ``python sample_data/make.py`` writes the same bytes each time.

Every sample is a noise-free curve, which README.md states as the truth, plus the noise that real
jobs show, in the shape of the files that OpenAI's API delivers.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FOLDER = Path(__file__).parent
KEPT_EPOCHS = 3  # OpenAI keeps the checkpoints of the last three epochs
KEPT_PEAKS = 3  # and, of reinforcement runs, the three of highest validation reward


@dataclass(frozen=True)
class Sample:
    """A run to make.

    Attributes
    ----------
    name : str
        Name of its files.
    n_epochs, steps_per_epoch : int
        Length of the run.
    train, valid : callable
        Noise-free loss by epochs passed; no ``valid`` means no validation file.
    train_noise, valid_noise : float
        Noise of one batch, as a share of the loss.
    every : int
        Steps between two validation batches.
    skew : bool
        Whether batch losses are skewed, as they are with one or two examples a batch.
    """

    name: str
    n_epochs: int
    steps_per_epoch: int
    train: Callable[[Array], Array]
    valid: Callable[[Array], Array] | None
    train_noise: float = 0.08
    valid_noise: float = 0.08
    every: int = 10
    skew: bool = False


def _falling(start: float, end: float, speed: float) -> Callable[[Array], Array]:
    return lambda epochs: end + (start - end) * (1.0 + speed * epochs) ** -1.5


def _settling(start: float, end: float, speed: float) -> Callable[[Array], Array]:
    return lambda epochs: end + (start - end) * np.exp(-speed * epochs)


def _staircase(start: float, end: float, speed: float, drop: float) -> Callable[[Array], Array]:
    """Fall in steps at the ends of epochs, as training loss does when examples are memorised."""
    smooth = _falling(start, end, speed)
    return lambda epochs: smooth(epochs) * drop ** np.floor(np.minimum(epochs, 1e9))


def _turning(start: float, best: float, speed: float, turn: float, rise: float):  # noqa: ANN202
    """Fall, then rise from the epoch ``turn`` on by ``rise`` an epoch, as a share of the best."""
    smooth = _falling(start, best, speed)
    return lambda epochs: smooth(epochs) + best * rise * np.maximum(epochs - turn, 0.0)


SAMPLES = (
    Sample("healthy", 3, 120, _settling(1.95, 0.58, 2.2), _settling(1.98, 0.62, 2.2)),
    Sample(
        "overfit", 6, 50,
        _staircase(1.8, 0.75, 8.0, 0.8), _turning(1.82, 0.78, 8.0, 1.6, 0.11),
    ),
    Sample("underfit", 2, 100, _falling(1.61, 1.49, 1.0), _falling(1.63, 1.52, 1.0)),
    Sample(
        "noisy_tiny_batch", 3, 150, _settling(1.6, 0.52, 2.2), _settling(1.62, 0.55, 2.2),
        train_noise=0.55, valid_noise=0.40, every=5, skew=True,
    ),
    Sample("no_validation", 4, 60, _staircase(1.4, 0.06, 7.0, 0.55), None, train_noise=0.12),
)  # fmt: skip


@dataclass(frozen=True)
class RewardSample:
    """A reinforcement run to make.

    Attributes
    ----------
    name : str
        Name of its files.
    n_steps, every : int
        Its length, and the steps between two validations.
    train, valid, tokens : callable
        Noise-free rewards and tokens of an answer, by share of the run.
    """

    name: str
    n_steps: int
    every: int
    train: Callable[[Array], Array]
    valid: Callable[[Array], Array]
    tokens: Callable[[Array], Array]


def _climbing(low: float, high: float, speed: float) -> Callable[[Array], Array]:
    return lambda share: low + (high - low) * (1.0 - np.exp(-speed * share))


def _turning_back(low: float, high: float, speed: float, turn: float, loss: float):  # noqa: ANN202
    """Climb, then give back up to ``loss`` from the share ``turn`` of the run on."""
    climb = _climbing(low, high, speed)
    return lambda share: (
        climb(np.minimum(share, turn)) - loss * np.maximum(share - turn, 0.0) / (1.0 - turn)
    )


REWARD_SAMPLE = RewardSample(
    "hacked_grader", 160, 10,
    _climbing(0.24, 0.92, 2.6),
    _turning_back(0.23, 0.86, 2.6, 0.45, 0.24),
    lambda share: 380.0 * (1.0 + 1.3 * share),
)  # fmt: skip


def main() -> None:
    """Write every sample's result file and checkpoint list."""
    _write_reward_sample(REWARD_SAMPLE, np.random.default_rng(101))
    for seed, sample in enumerate(SAMPLES, 1):
        rng = np.random.default_rng(seed)
        rows = _rows(sample, rng)
        header = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
        if sample.valid:
            header += ",full_valid_loss,full_valid_mean_token_accuracy"
        lines = [header, *(",".join(row[: header.count(",") + 1]) for row in rows)]
        (FOLDER / f"{sample.name}.csv").write_text("\n".join(lines) + "\n", newline="\n")
        text = json.dumps(_checkpoints(sample, rows), indent=1)
        (FOLDER / f"{sample.name}.checkpoints.json").write_text(text + "\n", newline="\n")


def _write_reward_sample(sample: RewardSample, rng: np.random.Generator) -> None:
    steps = np.arange(1, sample.n_steps + 1)
    share = steps / sample.n_steps
    evaluated = (steps == 1) | (steps % sample.every == 0)
    train = sample.train(share) + 0.045 * rng.standard_normal(len(steps))
    valid = sample.valid(share) + 0.018 * rng.standard_normal(len(steps))
    tokens = sample.tokens(share) * (1.0 + 0.05 * rng.standard_normal(len(steps)))
    lines = [
        "step,train_mean_reward,full_valid_mean_reward,completion_tokens_mean,"
        "reasoning_tokens_mean,mean_unresponsive_rewards"
    ]
    lines += [
        f"{step},{t:.5f},{f'{v:.5f}' if kept else ''},{n:.2f},{0.8 * n:.2f},0"
        for step, t, v, kept, n in zip(steps, train, valid, evaluated, tokens, strict=True)
    ]
    (FOLDER / f"{sample.name}.csv").write_text("\n".join(lines) + "\n", newline="\n")
    kept = np.sort(sorted(steps[evaluated], key=lambda step: -valid[step - 1])[:KEPT_PEAKS])
    data = [_reward_checkpoint(sample, int(step), valid[step - 1]) for step in kept]
    text = json.dumps({"object": "list", "data": data[::-1], "has_more": False}, indent=1)
    (FOLDER / f"{sample.name}.checkpoints.json").write_text(text + "\n", newline="\n")


def _reward_checkpoint(sample: RewardSample, step: int, reward: float) -> dict[str, object]:
    label = sample.name.replace("_", "-")
    metrics = {"step": float(step), "full_valid_mean_reward": round(float(reward), 5)}
    model = f"o4-mini-2025-04-16:samples:{label}:Sample{np.base_repr(9_973 * step, 36).title()}"
    return _listed(label, f"ft:{model}", step, sample.n_steps, metrics)


def _rows(sample: Sample, rng: np.random.Generator) -> list[list[str]]:
    n_steps = sample.n_epochs * sample.steps_per_epoch
    steps = np.arange(1, n_steps + 1)
    passed = (steps - 0.5) / sample.steps_per_epoch
    train = _noisy(sample.train(passed), sample.train_noise, sample.skew, rng)
    rows = [
        [str(step), *_pair(loss), "", "", "", ""] for step, loss in zip(steps, train, strict=True)
    ]
    if sample.valid is None:
        return rows
    truth = sample.valid(steps / sample.steps_per_epoch)
    batches = _noisy(truth, sample.valid_noise, sample.skew, rng)
    full = truth * (1.0 + 0.004 * rng.standard_normal(n_steps))
    for index, step in enumerate(steps):
        if step == 1 or step % sample.every == 0:
            rows[index][3:5] = _pair(batches[index])
        if step % sample.steps_per_epoch == 0:
            rows[index][5:7] = _pair(full[index])
    return rows


def _noisy(loss: Array, noise: float, skew: bool, rng: np.random.Generator) -> Array:
    if skew:
        return loss * rng.gamma(noise**-2, noise**2, len(loss))
    return loss * np.maximum(1.0 + noise * rng.standard_t(5, len(loss)) / np.sqrt(5 / 3), 0.05)


def _pair(loss: float) -> list[str]:
    """Return loss and a token accuracy that goes with it, as OpenAI rounds them."""
    return [f"{loss:.5f}", f"{min(1.0, float(np.exp(-0.42 * loss))):.5f}"]


def _checkpoints(sample: Sample, rows: list[list[str]]) -> dict[str, object]:
    """Return the list the API gives: newest first, the last three epochs, the final one bare."""
    ends = [epoch * sample.steps_per_epoch for epoch in range(1, sample.n_epochs + 1)]
    kept = [_checkpoint(sample, rows[step - 1], step, ends[-1]) for step in ends[-KEPT_EPOCHS:]]
    return {"object": "list", "data": kept[::-1], "has_more": False}


def _checkpoint(sample: Sample, row: list[str], step: int, last: int) -> dict[str, object]:
    names = ("train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy",
             "full_valid_loss", "full_valid_mean_token_accuracy")  # fmt: skip
    metrics = {name: float(cell) for name, cell in zip(names, row[1:], strict=True) if cell}
    label = sample.name.replace("_", "-")
    own = f"Sample{np.base_repr(1_000_000 + 7_919 * step + len(label), 36).title()}"
    model = f"ft:gpt-4.1-mini-2025-04-14:samples:{label}:{own}"
    return _listed(label, model, step, last, {"step": float(step), **metrics})


def _listed(
    label: str, model: str, step: int, last: int, metrics: dict[str, float]
) -> dict[str, object]:
    """Return a checkpoint as the API lists it; the final one bears the model's own name."""
    return {
        "object": "fine_tuning.job.checkpoint",
        "id": f"ftckpt_{label}_{step}",
        "fine_tuned_model_checkpoint": model if step == last else f"{model}:ckpt-step-{step}",
        "fine_tuning_job_id": f"ftjob-sample-{label}",
        "step_number": step,
        "metrics": metrics,
    }


if __name__ == "__main__":
    main()
