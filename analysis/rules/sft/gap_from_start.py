"""Gap from the start: validation differs from training before any example repeats."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import first_epoch_ratio, ratio, rise
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import both_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="gap_from_start",
    source="Microsoft fine-tuning skill, training curves: large gap from the start",
    good="No gap between validation and training loss from the start.",
    close="There may be a gap from the start: too noisy to say.",
    advice=(
        "Add diverse examples that look like the validation set",
        "Check that both sets come from the same source and the same prompt format",
    ),
)
APART = "Validation loss lay above training loss in epoch 1"


def gap_from_start(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation lies above training already in epoch 1, and hardly further later.

    A gap that is there before any example repeats is a difference between the data sets; one that
    opens later is memorising, which is the business of the rule ``overfitting``.
    """
    both = both_from_start(curves, thresholds)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    train, valid = both
    early, late = first_epoch_ratio(curves, train, valid), ratio(train, valid)
    least = np.log(np.maximum(early, 1.0))
    settled = np.log(np.maximum(late, 1e-9)) < thresholds.gap_growth * least
    apart = early > thresholds.gap_ratio
    calm, lasting = rise(valid, curves.run) < thresholds.gap_rise, late > thresholds.ratio_mild
    end = int(curves.run.last_step / max(float(np.median(curves.epochs)), 1.0))
    normal = f"under {thresholds.gap_ratio:g}"
    return CARD.judge(
        apart & settled & calm & lasting,
        thresholds,
        bad="Validation loss lies above training loss from the start: the data differ.",
        evidence=(
            measured("first_epoch_ratio", early, "Validation over training, epoch 1", normal),
            measured("ratio", late, "Validation over training, end", "little more than in epoch 1"),
        ),
        steps=(int(valid.readings.steps[0]), max(end, int(valid.readings.steps[0]))),
        flips=f"the ratio in epoch 1 crosses {thresholds.gap_ratio:g}",
        excluded=[
            (apart & ~settled, f"{APART}, but the gap widened later: judged as overfitting."),
            (apart & ~calm, f"{APART}, but it rose later: judged as its rise."),
            (apart & ~lasting, f"{APART}, but the gap has closed."),
        ],
    )
