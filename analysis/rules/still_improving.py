"""Still improving: validation loss was falling when training stopped."""

from analysis.curve.bands import overfit_bands
from analysis.curve.curves import Curve, Curves
from analysis.curve.quantities import late_drop
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "still_improving"
SOURCE = "Protean AI, balancing model performance: both losses falling means more training helps"
ADVICE = ("Train for more epochs: each one still lowers validation loss",)


def still_improving(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge whether validation fell by ``still_improving`` over the last fifth, not overfitted."""
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    drop = late_drop(valid)
    holds = drop > thresholds.still_improving
    if isinstance(train, Curve):
        holds = holds & (overfit_bands(train, valid, thresholds) == 0)
    probability = float(holds.mean())
    status = status_of(probability, Status.WARN, thresholds)
    statements = {
        Status.WARN: "Validation loss was still falling when training stopped.",
        Status.PASS: "Validation loss had levelled off by the end.",
        Status.INSUFFICIENT_DATA: "Validation loss may still have been falling: too noisy to say.",
    }
    improving = status is Status.WARN
    last = curves.run.last_step
    normal = f"under {thresholds.still_improving:.1%}"
    return Verdict(
        rule=RULE,
        status=status,
        statement=statements[status],
        probability=probability,
        evidence=(measured("late_drop", drop, "Fall over the last fifth", normal, as_share=True),),
        steps=(int(0.8 * last), last) if improving else (),
        advice=ADVICE if improving else (),
        flips=f"the fall over the last fifth crosses {thresholds.still_improving:.1%}",
        source=SOURCE,
        holds=holds,
    )
