"""Divergence: training itself went wrong, and the losses climb or are lost."""

import numpy as np

from analysis.curve.curve import N_DRAWS, Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import late_train_rise, rise, start_level, train_end, train_rise
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict, measured

CARD = RuleCard(
    name="divergence",
    source="Microsoft fine-tuning skill, training curves; Protean AI, balancing model performance",
    good="Training loss does not climb for good.",
    close="Training loss may be climbing for good: too noisy to say.",
    advice=(
        "Lower the learning rate to a third or a tenth, and add warm-up steps",
        "Look for broken or extreme examples near the step where the loss turned",
    ),
)


def divergence(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether training loss climbed for good, and validation loss with it.

    A loss that is infinite or not a number to the end is divergence outright. Otherwise training
    must end above its best by ``divergence_train`` and well above zero, and validation above its
    own by ``divergence_valid``: overfitting, where training still falls, never counts. Without
    validation, training must have stayed that high over the last tenth. What is well above zero
    goes by the start; where the file begins late, by what it begins with.
    """
    if curves.lost_from is not None:
        return _lost(curves.lost_from, curves.run.last_step)
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    above = train_rise(train)
    high = train_end(train) > thresholds.divergence_floor * start_level(train, curves.epochs)
    normal = f"under {thresholds.divergence_train:.0%}"
    evidence = [
        measured("train_rise", above, "Training loss above its best", normal, as_share=True)
    ]
    climbed = above > thresholds.divergence_train
    said = f"Training loss ends {float(np.median(above)):.0%} above its best"
    excluded = [(climbed & ~high, f"{said}, but far below its start: no divergence.")]
    if isinstance(valid, Curve):
        beside = rise(valid, curves.run)
        lasting = beside > thresholds.divergence_valid
        normal = f"under {thresholds.divergence_valid:.0%}"
        label = "Validation loss above its best"
        evidence.append(measured("valid_rise", beside, label, normal, as_share=True))
        why = f"but validation loss only {float(np.median(beside)):.0%}"
    else:
        lasting = late_train_rise(train) > thresholds.divergence_train
        why = "but did not stay there over the last tenth"
    excluded.append((climbed & ~lasting, f"{said}, {why}: no divergence."))
    turn = train.step_of_least()
    return CARD.judge(
        high & climbed & lasting,
        thresholds,
        bad=f"Training diverged: the loss climbs for good from about step {turn:,}.",
        evidence=tuple(evidence),
        steps=(turn, curves.run.last_step),
        flips=(
            f"training loss ends {thresholds.divergence_train:.0%} and validation loss "
            f"{thresholds.divergence_valid:.0%} above their best"
        ),
        grave=Status.FAIL,
        excluded=excluded,
    )


def _lost(step: int, last_step: int) -> Verdict:
    return CARD.fact(
        found=True,
        bad=f"The loss is infinite or not a number from step {step:,} to the end.",
        evidence=(Evidence("lost_from_step", step, "Loss lost from step", "never"),),
        steps=(step, last_step),
        grave=Status.FAIL,
        n_draws=N_DRAWS,
    )
