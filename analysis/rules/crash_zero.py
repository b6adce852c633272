"""Crash to zero: training loss falls to nothing."""

from analysis.curve.curves import Curve, Curves
from analysis.curve.quantities import rise, train_end, valid_end
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict, measured, status_of

RULE = "crash_zero"
SOURCE = "Microsoft fine-tuning skill, training curves: training loss crashes to about 0"
ADVICE = (
    "Test the model on held-out tasks before anything else: it may only repeat its examples",
    "Lower the learning rate or the number of epochs, or add harder and more varied examples",
)
ADVICE_EASY = ("The task is easy for this model: fewer examples or one epoch may be enough",)


def crash_zero(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss ends below ``crash_level``.

    A crash with validation rising by more than ``crash_rise`` is severe overfitting and left to
    that rule. Validation that follows training down (the label ``easy_task``) means an easy task.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    holds = train_end(train) < thresholds.crash_level
    evidence = [_level(train, thresholds)]
    easy = False
    if isinstance(valid, Curve):
        holds = holds & (rise(valid) <= thresholds.crash_rise)
        easy = bool((valid_end(valid) < 2 * thresholds.crash_level).mean() > 0.5)
        evidence.append(measured("valid_end", valid_end(valid), "Validation loss at the end", ""))
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: (
            "Training loss falls to about zero and validation loss follows it: an easy task."
            if easy
            else "Training loss falls to about zero: the model may only repeat its examples."
        ),
        Status.PASS: "Training loss does not crash to zero.",
        Status.INSUFFICIENT_DATA: "Training loss ends close to zero: too noisy to call a crash.",
    }
    crashed = status is Status.WARN
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        label="easy_task" if crashed and easy else None,
        probability=probability,
        evidence=tuple(evidence),
        steps=(_first_below(train, thresholds), curves.run.last_step) if crashed else (),
        advice=(ADVICE_EASY if easy else ADVICE) if crashed else (),
        flips=f"training loss ends on the other side of {thresholds.crash_level:g} nats per token",
        source=SOURCE,
        holds=holds,
    )


def _level(train: Curve, thresholds: Thresholds) -> Evidence:
    normal = f"over {thresholds.crash_level:g} nats per token"
    return measured("train_end", train_end(train), "Training loss at the end", normal)


def _first_below(train: Curve, thresholds: Thresholds) -> int:
    """Return the first logged step at which the middle curve is below the crash level."""
    middle = train.middle(train.readings.steps)
    below = middle < thresholds.crash_level
    return int(train.readings.steps[below.argmax()] if below.any() else train.readings.steps[-1])
