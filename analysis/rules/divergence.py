"""Divergence: training itself went wrong, and the losses climb or are lost."""

import numpy as np

from analysis.curve.curves import N_DRAWS, Curve, Curves
from analysis.curve.quantities import rise, start_level, train_end, train_rise
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict, measured, status_of

RULE = "divergence"
SOURCE = "Microsoft fine-tuning skill, training curves; Protean AI, balancing model performance"
ADVICE = (
    "Lower the learning rate to a third or a tenth, and add warm-up steps",
    "Look for broken or extreme examples near the step where the loss turned",
)


def divergence(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss climbed for good, and validation loss with it.

    A loss that is infinite or not a number to the end is divergence outright. Otherwise training
    must end above its best by ``divergence_train`` and well above zero, and validation (where it
    can be judged) above its own by ``divergence_valid``: overfitting, where training still falls,
    never counts.
    """
    if curves.lost_from is not None:
        return _lost(curves.lost_from, curves.run.last_step)
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    high = train_end(train) > thresholds.divergence_floor * start_level(train, curves.epochs)
    holds = high & (train_rise(train) > thresholds.divergence_train)
    if isinstance(valid, Curve):
        holds &= rise(valid) > thresholds.divergence_valid
    probability = float(holds.mean())
    status = status_of(probability, Status.FAIL, thresholds)
    turn = int(np.median(train.step_of_least()))
    statements = {
        Status.FAIL: f"Training diverged: the loss climbs for good from about step {turn}.",
        Status.PASS: "Training loss does not climb for good.",
        Status.INSUFFICIENT_DATA: "Training loss may be climbing for good: too noisy to say.",
    }
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=_evidence(train, valid, thresholds),
        steps=(turn, curves.run.last_step) if status is Status.FAIL else (),
        advice=ADVICE if status is Status.FAIL else (),
        flips=(
            f"training loss ends {thresholds.divergence_train:.0%} and validation loss "
            f"{thresholds.divergence_valid:.0%} above their best"
        ),
        source=SOURCE,
        holds=holds,
    )


def _evidence(train: Curve, valid: Curve | Lacking, thresholds: Thresholds) -> tuple[Evidence, ...]:
    normal = f"under {thresholds.divergence_train:.0%}"
    label = "Training loss above its best"
    found = [measured("train_rise", train_rise(train), label, normal, as_share=True)]
    if isinstance(valid, Curve):
        normal = f"under {thresholds.divergence_valid:.0%}"
        label = "Validation loss above its best"
        found.append(measured("valid_rise", rise(valid), label, normal, as_share=True))
    return tuple(found)


def _lost(step: int, last_step: int) -> Verdict:
    return Verdict(
        rule=RULE,
        status=Status.FAIL,
        statement=f"The loss is infinite or not a number from step {step} to the end.",
        probability=1.0,
        evidence=(Evidence("lost_from_step", step, "Loss lost from step", "never"),),
        steps=(step, last_step),
        advice=ADVICE,
        source=SOURCE,
        holds=np.ones(N_DRAWS, dtype=np.bool_),
    )
