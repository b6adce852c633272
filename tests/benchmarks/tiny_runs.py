"""Choices on tiny models trained for real, whose true scores were measured with many examples."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from analysis import Run, diagnose, read
from analysis.recommendation import Action
from tests.benchmarks.naive import naive_step

# Where validation itself misleads (it leaks, or is of another kind), no reader of it can know.
MISLED = frozenset({"valid_leak", "valid_unrepresentative"})
LEAST_DIFFERENCE = 0.005  # nats: below it no one cares
CLOSE = 0.02  # of the best true loss


def tiny_tables(folder: Path) -> list[str]:
    """Return the figures as Markdown lines."""
    truths = json.loads((folder / "truth.json").read_text())
    truths = [t for t in truths if not MISLED & set(t["labels"])]
    runs = {t["id"]: _run(folder, t["id"]) for t in truths}
    return [*_loss_table(truths, runs), "", *_reward_table(truths, runs)]


def _run(folder: Path, name: str) -> Run:
    run, *_ = read(folder / "runs" / f"{name}.csv")
    return run


def _loss_table(truths: list[dict[str, Any]], runs: dict[str, Run]) -> list[str]:
    chosen = [t for t in truths if t["method"] == "sft"]
    named = (
        ("Goldilocks", lambda run: diagnose(run).recommendation.step or run.last_step),
        ("lowest validation", naive_step),
        ("last step", lambda run: run.last_step),
    )
    lines = [
        f"Tiny SFT: {len(chosen)} trained runs",
        "",
        "| choice | within 2 % of the best true loss | regret mean / p95 |",
        "|---|---|---|",
    ]
    for name, choose in named:
        regrets = [_loss_regret(t, choose(runs[t["id"]])) for t in chosen]
        close = np.mean([regret <= CLOSE for regret in regrets])
        lines.append(
            f"| {name} | {close:.0%} | {np.mean(regrets):.1%} / {np.quantile(regrets, 0.95):.1%} |"
        )
    return lines


def _loss_regret(truth: dict[str, Any], step: int) -> float:
    best = min(row[1] for row in truth["true_curve"])
    excess = _true_at(truth, step) - best
    return 0.0 if excess < LEAST_DIFFERENCE else excess / best


def _true_at(truth: dict[str, Any], step: int) -> float:
    steps, levels = zip(*((row[0], row[1]) for row in truth["true_curve"]), strict=True)
    return float(np.interp(step, steps, levels))


def _reward_table(truths: list[dict[str, Any]], runs: dict[str, Run]) -> list[str]:
    chosen = [t for t in truths if t["method"] == "rft"]
    named = (
        ("Goldilocks", _step_or_base),
        ("highest validation", _highest_validation),
        ("last step", lambda run: run.last_step),
        ("base model", lambda _: None),
    )
    lines = [
        f"Tiny RFT: {len(chosen)} trained runs, keeping the base model allowed",
        "",
        "| choice | regret in points of true score, mean |",
        "|---|---|",
    ]
    for name, choose in named:
        regrets = [_reward_regret(t, choose(runs[t["id"]])) for t in chosen]
        lines.append(f"| {name} | {np.mean(regrets):.3f} |")
    return lines


def _step_or_base(run: Run) -> int | None:
    recommendation = diagnose(run).recommendation
    if recommendation.action is Action.NONE:
        return None
    return recommendation.step or run.last_step


def _highest_validation(run: Run) -> int:
    if not run.has("full_valid_mean_reward"):
        return run.last_step
    frame = run.frame
    return int(frame.loc[frame["full_valid_mean_reward"].idxmax(), "step"])


def _reward_regret(truth: dict[str, Any], step: int | None) -> float:
    base = float(truth["base"]["true_score"])
    best = max(base, *(row[1] for row in truth["true_curve"]))
    return best - (base if step is None else _true_at(truth, step))
