"""Early plateau: the first epoch brought nearly all there was to gain."""

import numpy as np

from analysis.curve.losses import LossCurves
from analysis.curve.quantities import first_epoch_share, ratio
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import both_from_start
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="plateau_early",
    source="Microsoft fine-tuning skill, training curves: validation loss plateaus after epoch 1",
    good="The epochs after the first still brought something.",
    close="The later epochs brought little: too noisy to say how little.",
    advice=(
        "Train for one epoch: the others brought next to nothing",
        "Or lower the learning rate and keep the epochs",
    ),
)

ONE_EPOCH = "With fewer than two epochs there is no later one to compare the first with."
FLAT = "The first epoch brought nearly all there was to gain"


def plateau_early(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether epoch 1 brought over ``plateau_share`` of validation's gain, not overfitted."""
    both = both_from_start(curves, thresholds)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    if curves.n_epochs is not None and curves.n_epochs < 2:
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, ONE_EPOCH, ""))
    train, valid = both
    share = first_epoch_share(curves, valid)
    flat, several = share > thresholds.plateau_share, curves.epochs >= 2
    near = ratio(train, valid) < thresholds.ratio_mild
    end = int(curves.run.last_step / max(float(np.median(curves.epochs)), 2.0))
    normal = f"under {thresholds.plateau_share:.1%}"
    return CARD.judge(
        flat & several & near,
        thresholds,
        bad=f"{FLAT}.",
        evidence=(
            measured(
                "first_epoch_share",
                np.clip(share, 0, 1),
                "Gain from the first epoch",
                normal,
                as_share=True,
            ),
        ),
        steps=(end, curves.run.last_step),
        flips=f"the first epoch's share of the gain crosses {thresholds.plateau_share:.1%}",
        excluded=[
            (~several, "This seems to be a run of one epoch, which has no later ones."),
            (flat & several & ~near, f"{FLAT}, but its gap to training loss says overfitting."),
        ],
    )
