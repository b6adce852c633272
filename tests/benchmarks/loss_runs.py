"""Verdicts on generated SFT runs, beside the noise-free truth."""

import time
from collections import Counter
from dataclasses import dataclass

import numpy as np

from analysis import diagnose
from tests.benchmarks.curves import draw_truth
from tests.benchmarks.labels import LABELS
from tests.benchmarks.logs import log_run
from tests.benchmarks.naive import naive_label, naive_step
from tests.benchmarks.scores import calibration, hits, mean_and_p95

SHORTEST, LONGEST = 20, 20_000  # steps
HEALTHY_SHARE = 0.2
MOST_ROWS = 2_000  # of a run whose time is told: as the bar says


@dataclass(frozen=True)
class Outcome:
    """What was true of one run, what was said, and what following it would cost."""

    true: str
    said: str
    naive: str
    probability: float
    border: bool
    regret: float
    naive_regret: float
    last_regret: float
    ms: float
    n_rows: int


def loss_outcome(seed: int, index: int) -> Outcome:
    """Return the outcome of one generated run."""
    rng = np.random.default_rng([seed, index])
    others = (1 - HEALTHY_SHARE) / (len(LABELS) - 1)
    label = str(rng.choice(LABELS, p=[HEALTHY_SHARE] + [others] * (len(LABELS) - 1)))
    n_steps = int(np.exp(rng.uniform(np.log(SHORTEST), np.log(LONGEST))))
    truth = draw_truth(label, rng, n_steps)
    case = log_run(truth, n_steps, rng)
    start = time.perf_counter()
    report = diagnose(case.run)
    ms = 1e3 * (time.perf_counter() - start)
    validated = truth.label != "no_validation"
    steps = (report.recommendation.step, naive_step(case.run), None)
    regrets = [case.regret_of(step) if validated else np.nan for step in steps]
    return Outcome(
        truth.label, report.headline.label, naive_label(case.run), report.headline.confidence,
        truth.border, *regrets, ms, len(case.run.frame),
    )  # fmt: skip


def loss_tables(outcomes: list[Outcome]) -> list[str]:
    """Return the figures as Markdown lines.

    Runs whose label would change if every threshold moved by 8 % are left out of labels and false
    alarms, for their label is a matter of taste; regret, calibration and time are of all.
    """
    clear = [o for o in outcomes if not o.border]
    return [*_labels(clear), "", *_summary(outcomes, clear), "", *_calibration(outcomes)]


def _labels(clear: list[Outcome]) -> list[str]:
    lines = [
        f"SFT: {len(clear)} runs of a clear label",
        "",
        "| label | runs | precision | recall | F1 | literal rules F1 | most taken for |",
        "|---|---|---|---|---|---|---|",
    ]
    ours, naive = [], []
    for label in LABELS:
        found = hits((o.said == label, o.true == label) for o in clear)
        literal = hits((o.naive == label, o.true == label) for o in clear)
        wrong = Counter(o.said for o in clear if o.true == label and o.said != label)
        taken = ", ".join(f"{name} {count}" for name, count in wrong.most_common(2))
        ours.append(found.f1)
        naive.append(literal.f1)
        lines.append(
            f"| {label} | {found.true} | {found.precision:.2f} | {found.recall:.2f} | "
            f"{found.f1:.2f} | {literal.f1:.2f} | {taken} |"
        )
    return [*lines, f"| **macro** | | | | **{np.mean(ours):.3f}** | {np.mean(naive):.3f} | |"]


def _summary(outcomes: list[Outcome], clear: list[Outcome]) -> list[str]:
    healthy = [o for o in clear if o.true == "healthy"]
    calm = {"healthy", "unclear"}
    validated = [o for o in clear if o.true != "no_validation"]
    over = hits((o.said.startswith("overfit"), o.true.startswith("overfit")) for o in validated)
    literal = hits((o.naive.startswith("overfit"), o.true.startswith("overfit")) for o in validated)
    chosen = [o for o in outcomes if np.isfinite(o.regret)]
    regret = mean_and_p95([o.regret for o in chosen], ".2%")
    naive = mean_and_p95([o.naive_regret for o in chosen], ".2%")
    last = mean_and_p95([o.last_regret for o in chosen], ".2%")
    ms = [o.ms for o in outcomes if o.n_rows <= MOST_ROWS]
    return [
        "| SFT | Goldilocks | literal rules |",
        "|---|---|---|",
        f"| false alarms on healthy runs | {np.mean([o.said not in calm for o in healthy]):.1%} | "
        f"{np.mean([o.naive != 'healthy' for o in healthy]):.1%} |",
        f"| overfitting, precision / recall | {over.precision:.2f} / {over.recall:.2f} | "
        f"{literal.precision:.2f} / {literal.recall:.2f} |",
        f"| regret of the chosen step, mean / p95 | {regret} | {naive} (last step {last}) |",
        f"| said `unclear` | {np.mean([o.said == 'unclear' for o in outcomes]):.1%} | never |",
        f"| ms per run of up to {MOST_ROWS:,} rows, median / p95 | "
        f"{np.median(ms):.0f} / {np.quantile(ms, 0.95):.0f} | |",
    ]


def _calibration(outcomes: list[Outcome]) -> list[str]:
    judged = [o for o in outcomes if o.said != "unclear"]
    error, rows = calibration([o.probability for o in judged], [o.said == o.true for o in judged])
    return [
        f"SFT: calibration error {error:.3f}",
        "",
        "| probability said | share that held | runs |",
        "|---|---|---|",
        *rows,
    ]
