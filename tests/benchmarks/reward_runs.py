"""Verdicts on generated RFT runs, beside the noise-free truth."""

import time
from dataclasses import dataclass

import numpy as np

from analysis import diagnose
from analysis.rules.rft.reward_hacking import WATCH
from tests.benchmarks.rewards import FLAGS, draw_reward_case
from tests.benchmarks.scores import calibration, hits, mean_and_p95


@dataclass(frozen=True)
class RewardOutcome:
    """What was true of one run, what was said, and what following it would cost."""

    true: frozenset[str]
    said: frozenset[str]
    probabilities: dict[str, float]
    border: bool
    regret: float
    peak_regret: float
    ms: float


def reward_outcome(seed: int, index: int) -> RewardOutcome:
    """Return the outcome of one generated run."""
    case = draw_reward_case(np.random.default_rng([seed, index]))
    start = time.perf_counter()
    report = diagnose(case.run)
    ms = 1e3 * (time.perf_counter() - start)
    validation = case.run.frame.set_index("step")["full_valid_mean_reward"].dropna()
    peak = max(case.choices(), key=lambda step: validation.get(step, -np.inf))
    # A gap that is only worth watching is no flag: its probability is not that of hacking.
    flagged = [v for v in report.verdicts if v.rule in FLAGS and v.label != WATCH]
    return RewardOutcome(
        frozenset(case.truth.flags),
        frozenset(v.rule for v in flagged if v.found),
        {v.rule: v.probability for v in flagged if v.probability is not None},
        case.truth.border,
        case.regret_of([c.step for c in report.recommendation.candidates]),
        case.regret_of([int(peak)]),
        ms,
    )


def reward_tables(outcomes: list[RewardOutcome]) -> list[str]:
    """Return the figures as Markdown lines; runs near a threshold count for regret only."""
    clear = [o for o in outcomes if not o.border]
    lines = [
        f"RFT: {len(clear)} runs of clear flags",
        "",
        "| flag | runs | precision | recall | F1 |",
        "|---|---|---|---|---|",
    ]
    scores = []
    for flag in FLAGS:
        found = hits((flag in o.said, flag in o.true) for o in clear)
        scores.append(found.f1)
        lines.append(
            f"| {flag} | {found.true} | {found.precision:.2f} | {found.recall:.2f} | "
            f"{found.f1:.2f} |"
        )
    lines.append(f"| **macro** | | | | **{np.mean(scores):.3f}** |")
    return [*lines, "", *_summary(outcomes, clear)]


def _summary(outcomes: list[RewardOutcome], clear: list[RewardOutcome]) -> list[str]:
    healthy = [o for o in clear if not o.true]
    pairs = [(p, flag in o.true) for o in outcomes for flag, p in o.probabilities.items()]
    error, _ = calibration([p for p, _ in pairs], [held for _, held in pairs])
    ms = [o.ms for o in outcomes]
    return [
        "| RFT | Goldilocks | highest logged |",
        "|---|---|---|",
        f"| false alarms on healthy runs | {np.mean([bool(o.said) for o in healthy]):.1%} | |",
        f"| regret of the best candidate, mean / p95 | "
        f"{mean_and_p95([o.regret for o in outcomes], '.4f')} | "
        f"{mean_and_p95([o.peak_regret for o in outcomes], '.4f')} |",
        f"| calibration error over all flags | {error:.3f} | |",
        f"| ms per run, median / p95 | {np.median(ms):.0f} / {np.quantile(ms, 0.95):.0f} | |",
    ]
