"""Pairs of checkpoints whose true difference is known: what was said of each, and what was true."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from analysis import Difference, Run, read
from analysis.choices import LEAST_LEVEL
from analysis.comparison import compare_curves
from analysis.curve.losses import LossCurves, loss_curves
from analysis.curve.rewards import RewardCurves, reward_curves
from tests.benchmarks.curves import draw_truth
from tests.benchmarks.labels import LABELS
from tests.benchmarks.logs import Case, log_run
from tests.benchmarks.rewards import RewardCase, draw_reward_case, log_rewards
from tests.benchmarks.tiny_runs import MISLED

SHORTEST, LONGEST = 20, 2_000  # steps of generated runs
N_WITHIN, N_BETWEEN = 3, 2  # pairs of each generated run
N_TINY = 30  # pairs of each tiny run, and of each two of one task
SIBLING_LOSS, SIBLING_REWARD = 0.1, 0.06  # how far a run's sibling lies apart, one deviation
LARGE = 0.05  # of the loss, or of reward
WITHIN, BETWEEN = "one run", "two runs"

Rng = np.random.Generator


@dataclass(frozen=True)
class Outcome:
    """What was said of one pair of checkpoints, and what was true.

    Attributes
    ----------
    kind : str
        Where the pair comes from.
    said : bool
        Whether one was called better.
    wrong : bool
        Whether that one is not.
    large : bool
        Whether the true difference is over 5 %.
    covered : bool
        Whether the interval holds the true difference.
    """

    kind: str
    said: bool
    wrong: bool
    large: bool
    covered: bool


@dataclass(frozen=True)
class Known:
    """A run's curves, and the true value of its metric at every evaluated step."""

    curves: LossCurves | RewardCurves
    truth: Mapping[int, float]


def loss_outcomes(seed: int, index: int) -> list[Outcome]:
    """Return the outcomes of one generated SFT run and its sibling."""
    rng = np.random.default_rng([seed, index])
    labels = [label for label in LABELS if label != "no_validation"]
    n_steps = int(np.exp(rng.uniform(np.log(SHORTEST), np.log(LONGEST))))
    truth = draw_truth(str(rng.choice(labels)), rng, n_steps)
    apart = float(np.exp(SIBLING_LOSS * rng.standard_normal()))
    other = replace(truth, train=truth.train * apart, valid=truth.valid * apart)
    cases = [log_run(each, n_steps, rng) for each in (truth, other)]
    known = [Known(loss_curves(case.run), _true(case, case.evaluated())) for case in cases]
    return list(_outcomes("SFT", known, rng))


def reward_outcomes(seed: int, index: int) -> list[Outcome]:
    """Return the outcomes of one generated RFT run and its sibling."""
    rng = np.random.default_rng([seed, index])
    case = draw_reward_case(rng)
    apart = SIBLING_REWARD * float(rng.standard_normal())
    truth = replace(
        case.truth,
        train=np.clip(case.truth.train + apart, -1.0, 1.0),
        valid=np.clip(case.truth.valid + apart, -1.0, 1.0),
    )
    cases = [case, RewardCase(log_rewards(truth, "", rng), truth)]
    known = [Known(reward_curves(each.run), _true(each, _validated(each.run))) for each in cases]
    return list(_outcomes("RFT", known, rng))


def _true(case: Case | RewardCase, steps: np.ndarray) -> dict[int, float]:
    return {int(s): float(v) for s, v in zip(steps, case.valid_at(steps), strict=True)}


def _validated(run: Run) -> np.ndarray:
    return run.frame.dropna(subset=["full_valid_mean_reward"])["step"].to_numpy()


def _outcomes(method: str, known: Sequence[Known], rng: Rng) -> Iterator[Outcome]:
    """Yield pairs of steps of the first run, then of the first and the second."""
    yield from _drawn(f"{method}, {WITHIN}", known[0], known[0], N_WITHIN, rng)
    yield from _drawn(f"{method}, {BETWEEN}", known[0], known[1], N_BETWEEN, rng)


def _drawn(kind: str, one: Known, other: Known, number: int, rng: Rng) -> Iterator[Outcome]:
    for _ in range(number):
        a, b = int(rng.choice(list(one.truth))), int(rng.choice(list(other.truth)))
        if one is not other or a != b:
            found = compare_curves(one.curves, a, other.curves, b)
            by_reward = isinstance(one.curves, RewardCurves)
            yield _outcome(kind, found, one.truth[a], other.truth[b], up=by_reward)


def _outcome(kind: str, found: Difference, a: float, b: float, *, up: bool) -> Outcome:
    said, truth = found.verdict != "cannot_tell", a - b
    a_better = truth > 0 if up else truth < 0
    b_better = truth < 0 if up else truth > 0
    right = a_better if found.verdict == "a_better" else b_better
    share = truth if up else truth / max(min(a, b), LEAST_LEVEL)
    covered = found.low - 1e-9 <= truth <= found.high + 1e-9
    return Outcome(kind, said, said and not right, abs(share) > LARGE, covered)


def tiny_outcomes(folder: Path) -> list[Outcome]:
    """Return the outcomes of tiny trained runs, alone and against others of their task.

    The truth of an RFT run is its grader's reward on many held-out prompts: what validation
    reward estimates. Runs whose validation is of another kind than the truth are left out.
    """
    rng = np.random.default_rng(0)
    truths = [t for t in json.loads((folder / "truth.json").read_text()) if _is_told(t)]
    known = {t["id"]: _known(folder, t) for t in truths}
    pairs = [(t, t) for t in truths]
    pairs += [(t, u) for t, u in combinations(truths, 2) if _task(t) == _task(u)]
    return [
        outcome
        for one, other in pairs
        for outcome in _drawn(
            f"tiny {one['method'].upper()}, {WITHIN if one is other else BETWEEN}",
            known[one["id"]], known[other["id"]], N_TINY, rng,
        )
    ]  # fmt: skip


def _known(folder: Path, truth: Mapping[str, Any]) -> Known:
    run, *_ = read(folder / "runs" / f"{truth['id']}.csv")
    if truth["method"] == "sft":
        return Known(loss_curves(run), _curve(truth["true_curve"]))
    return Known(reward_curves(run), _curve(truth["proxy_reward_heldout_curve"]))


def _curve(rows: Sequence[Sequence[float]]) -> dict[int, float]:
    return {int(row[0]): float(row[1]) for row in rows}


def _is_told(truth: Mapping[str, Any]) -> bool:
    misled = MISLED | {"valid_grader_stricter", "grader_errors", "no_validation"}
    return truth["hyperparameters"].get("n_valid") != 0 and not misled & set(truth["labels"])


def _task(truth: Mapping[str, Any]) -> tuple[str, str, str]:
    setup = truth["setup"]
    return truth["method"], setup["task"], setup.get("grader", "")
