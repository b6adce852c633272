"""Crash to zero: training loss falls to nothing."""

import numpy as np

from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import rise, train_end, valid_end, visible
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of, valid_of
from analysis.run import Run
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="crash_zero",
    source="Microsoft fine-tuning skill, training curves: training loss crashes to about 0",
    good="Training loss does not crash to zero.",
    close="Training loss ends close to zero: too noisy to call a crash.",
    advice=(
        "Test the model on held-out tasks before anything else: it may only repeat its examples",
        "Lower the learning rate or the epochs, or add harder and more varied examples",
    ),
)
ADVICE_EASY = ("The task is easy for this model: fewer examples or one epoch may be enough",)


def crash_zero(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss, per visible token where that is known, ends below the level.

    A crash with validation rising by more than ``crash_rise`` is severe overfitting and left to
    that rule. Validation that follows training down (the label ``easy_task``) means an easy task.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = visible(train_end(train), curves.run)
    holds = end < thresholds.crash_level
    normal = f"over {thresholds.crash_level:g} nats per token"
    evidence = [measured("train_end", end, "Training loss at the end", normal)]
    easy, excluded = False, []
    if isinstance(valid, Curve):
        above = rise(valid, curves.run)
        excluded = [(holds & (above > thresholds.crash_rise), _harmful(float(np.median(above))))]
        holds = holds & (above <= thresholds.crash_rise)
        level = visible(valid_end(valid), curves.run)
        easy = bool((level < 2 * thresholds.crash_level).mean() > 0.5)
        evidence.append(measured("valid_end", level, "Validation loss at the end"))
    return CARD.judge(
        holds,
        thresholds,
        bad=(
            "Training loss falls to about zero and validation loss follows it: an easy task."
            if easy
            else "Training loss falls to about zero: the model may only repeat its examples."
        ),
        evidence=tuple(evidence),
        steps=(_first_below(curves.run, train, thresholds), curves.run.last_step),
        flips=f"training loss ends on the other side of {thresholds.crash_level:g} nats per token",
        label="easy_task" if easy else None,
        advice=ADVICE_EASY if easy else None,
        excluded=excluded,
    )


def _harmful(above: float) -> str:
    return (
        f"Training loss falls to about zero, but validation loss ends {above:.0%} above its best: "
        "that is overfitting, and judged there."
    )


def _first_below(run: Run, train: Curve, thresholds: Thresholds) -> int:
    """Return the first logged step at which the middle curve is below the crash level."""
    below = visible(train.at_readings, run) < thresholds.crash_level
    return int(train.readings.steps[below.argmax()] if below.any() else train.readings.steps[-1])
