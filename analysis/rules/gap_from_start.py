"""Gap from the start: validation differs from training before any example repeats."""

import numpy as np

from analysis.curve.curves import Curves
from analysis.curve.quantities import first_epoch_ratio, ratio, rise
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "gap_from_start"
SOURCE = "Microsoft fine-tuning skill, training curves: large gap from the start"
ADVICE = (
    "Add diverse examples that look like the validation set",
    "Check that both sets come from the same source and the same prompt format",
)


def gap_from_start(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation lies above training already in epoch 1, and hardly further later.

    A gap that is there before any example repeats is a difference between the data sets; one that
    opens later is memorising, which is the business of the rule ``overfitting``.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    early, late = first_epoch_ratio(curves, train, valid), ratio(train, valid)
    grown = np.log(np.maximum(late, 1e-9)) < thresholds.gap_growth * np.log(np.maximum(early, 1.0))
    holds = (early > thresholds.gap_ratio) & grown & (rise(valid) < thresholds.gap_rise)
    holds = holds & (late > thresholds.ratio_mild)
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "Validation loss lies above training loss from the start: the data differ.",
        Status.PASS: "No gap between validation and training loss from the start.",
        Status.INSUFFICIENT_DATA: "There may be a gap from the start: too noisy to say.",
    }
    end = int(curves.run.last_step / float(np.median(curves.epochs)))
    normal = f"under {thresholds.gap_ratio:g}"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=(
            measured("first_epoch_ratio", early, "Validation over training, epoch 1", normal),
            measured("ratio", late, "Validation over training, end", "little more than in epoch 1"),
        ),
        steps=(int(valid.readings.steps[0]), end) if status is Status.WARN else (),
        advice=ADVICE if status is Status.WARN else (),
        flips=f"the ratio in epoch 1 crosses {thresholds.gap_ratio:g}",
        source=SOURCE,
        holds=holds,
    )
