"""Looks at a job whose reports say what a test wants."""

from dataclasses import replace
from functools import cache

import numpy as np

from analysis import Report, Status, diagnose
from analysis.headline import Headline
from analysis.watching.look import Look
from tests.builders import falling, make_run, turning

GRAVITY = {
    "healthy": Status.PASS, "unclear": Status.INSUFFICIENT_DATA, "overfit_severe": Status.FAIL,
    "divergence": Status.FAIL,
}  # fmt: skip


@cache
def healthy(n_steps: int = 120) -> Report:
    train, valid = falling(2.0, 0.8, n_steps), falling(2.05, 0.85, n_steps)
    return diagnose(make_run(train, valid, noise=0.02, n_epochs=3))


@cache
def overfit(n_steps: int = 240) -> Report:
    train, valid = falling(2.0, 0.3, n_steps), turning(0.8, 0.6, n_steps)
    return diagnose(make_run(train, valid, noise=0.02, n_epochs=6))


def look(label: str, readings: int, *, planned: int | None = None, **fields) -> Look:
    """Return a look at a running job with this verdict, resting on so many validation values."""
    report = healthy()
    status = GRAVITY.get(label, Status.WARN)
    curves = report.curves
    steps = np.arange(1, readings + 1)
    valid = replace(curves.valid, readings=replace(curves.valid.readings, steps=steps))
    said = replace(
        report,
        headline=Headline(label, f"It is {label}.", 0.9, status),
        curves=replace(curves, valid=valid),
        verdicts=(),
    )
    return Look(fields.pop("status", "running"), report=said, planned=planned, **fields)
