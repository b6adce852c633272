"""Early plateau: the first epoch brought nearly all there was to gain."""

from analysis.curve.curves import Curves
from analysis.curve.quantities import first_epoch_share, ratio
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "plateau_early"
SOURCE = "Microsoft fine-tuning skill, training curves: validation loss plateaus after epoch 1"
ADVICE = (
    "Train for one epoch: the others brought next to nothing",
    "Or lower the learning rate and keep the epochs",
)


def plateau_early(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether epoch 1 brought over ``plateau_share`` of validation's gain, not overfitted."""
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    share = first_epoch_share(curves, valid)
    holds = (share > thresholds.plateau_share) & (curves.epochs >= 2)
    holds = holds & (ratio(train, valid) < thresholds.ratio_mild)
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "The first epoch brought nearly all there was to gain.",
        Status.PASS: "The epochs after the first still brought something.",
        Status.INSUFFICIENT_DATA: "The later epochs brought little: too noisy to say how little.",
    }
    end = int(curves.run.last_step / (curves.n_epochs or 2.0))
    normal = f"under {thresholds.plateau_share:.1%}"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=(
            measured("first_epoch_share", share, "Gain from the first epoch", normal, as_share=True),
        ),
        steps=(end, curves.run.last_step) if status is Status.WARN else (),
        advice=ADVICE if status is Status.WARN else (),
        flips=f"the first epoch's share of the gain crosses {thresholds.plateau_share:.1%}",
        source=SOURCE,
        holds=holds,
    )
