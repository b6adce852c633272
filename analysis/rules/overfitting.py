"""Overfitting: validation loss ends far above training loss, or above its own best."""

import numpy as np

from analysis.curve.bands import BANDS, overfit_bands
from analysis.curve.curves import Curve, Curves
from analysis.curve.quantities import ratio, rise
from analysis.rules.preconditions import Lacking, train_of, valid_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured, status_of

RULE = "overfitting"
SOURCE = "Microsoft fine-tuning skill, training curves: bands of validation over training loss"
ADVICE_EARLIER = "Deploy the earlier checkpoint named above"
ADVICE = (
    "Next run: fewer epochs, or a lower learning rate",
    "Add more, and more varied, training examples",
    "With LoRA: dropout 0.1, weight decay 0.01-0.1, or scale alpha by 0.5 at inference",
)
ADVICE_MEMORISING = (
    "No earlier checkpoint is better on validation: the gap alone is no reason to go back",
    "Next run: fewer epochs give the same validation loss for less",
)


def overfitting(curves: Curves, thresholds: Thresholds) -> Verdict:
    """Judge the gap between validation and training loss, and the rise of validation.

    The ratio of the two at the end sets the band; a rise of validation above its best of 20 %
    makes it at least moderate, of 50 % severe. A rise under 2 % caps it at moderate and is then
    called memorising (the label ``memorising``): the ratio measures memorising, the rise harm.
    """
    train, valid = train_of(curves, thresholds), valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return valid.verdict(RULE, SOURCE)
    if isinstance(train, Lacking):
        return train.verdict(RULE, SOURCE)
    bands = overfit_bands(train, valid, thresholds)
    holds = bands > 0
    probability = float(holds.mean())
    band = BANDS[int(np.bincount(bands[holds], minlength=4).argmax())] if holds.any() else "none"
    harmless = float((rise(valid) < thresholds.rise_harmful).mean()) > 0.5
    status = status_of(probability, Status.WARN if band == "mild" else Status.FAIL, thresholds)
    if status is Status.FAIL and harmless:
        status = Status.WARN
    overfit = status in {Status.WARN, Status.FAIL}
    turn = int(np.median(valid.step_of_least()))
    return Verdict(
        rule=RULE,
        status=status,
        statement=_statement(status, band, train, valid, harmless=harmless),
        label=_label(band, overfit=overfit, harmless=harmless),
        probability=probability,
        evidence=(
            measured(
                "ratio",
                ratio(train, valid),
                "Validation over training loss",
                f"under {thresholds.ratio_mild:g}",
            ),
            measured(
                "valid_rise",
                rise(valid),
                "Validation loss above its best",
                f"under {thresholds.rise_harmful:.0%}",
                as_share=True,
            ),
        ),
        steps=(turn, curves.run.last_step) if overfit else (),
        advice=_advice(overfit=overfit, harmless=harmless),
        flips=(
            f"the ratio crosses {thresholds.ratio_mild:g} "
            f"or the rise {thresholds.rise_moderate:.0%}"
        ),
        source=SOURCE,
        holds=holds,
    )


def _label(band: str, *, overfit: bool, harmless: bool) -> str | None:
    if not overfit:
        return None
    return "memorising" if harmless else band


def _statement(status: Status, band: str, train: Curve, valid: Curve, *, harmless: bool) -> str:
    above, gap = float(np.median(rise(valid))), float(np.median(ratio(train, valid)))
    if status is Status.PASS:
        return "Validation loss stays close to training loss and does not turn up."
    if status is Status.INSUFFICIENT_DATA:
        return "Validation loss may be drifting away from training loss: too noisy to say."
    if harmless:
        return (
            f"Validation loss ends at {gap:.2g} times training loss but has not risen: "
            "the model memorises its examples, without harm so far."
        )
    return (
        f"{band.capitalize()} overfitting: validation loss ends {above:.0%} above its best "
        f"and at {gap:.2g} times training loss."
    )


def _advice(*, overfit: bool, harmless: bool) -> tuple[str, ...]:
    if not overfit:
        return ()
    return ADVICE_MEMORISING if harmless else (ADVICE_EARLIER, *ADVICE)
