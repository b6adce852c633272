"""Overfitting: validation loss ends far above training loss, or above its own best."""

import numpy as np
from numpy.typing import NDArray

from analysis.curve.bands import BANDS, overfit_bands
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import ratio, rise
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.sft.preconditions import both_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="overfitting",
    source="Microsoft fine-tuning skill, training curves: bands of validation over training loss",
    good="Validation loss stays close to training loss.",
    close="Validation loss may be drifting away from training loss: too noisy to say.",
    advice=(
        "Deploy the earlier checkpoint that the recommendation names",
        "Next run: fewer epochs, or a lower learning rate",
        "Add more, and more varied, training examples",
        "With LoRA: dropout 0.1, weight decay 0.01-0.1, or scale alpha by 0.5 at inference",
    ),
)
ADVICE_MEMORISING = (
    "The gap alone is no reason to go back to an earlier checkpoint",
    "Next run: fewer epochs give the same validation loss for less",
)
UNSEEN = 0.005  # a rise below this is not put into words; our choice


def overfitting(curves: LossCurves, thresholds: Thresholds) -> Verdict:
    """Judge the gap between validation and training loss, and the rise of validation.

    The ratio of the two at the end sets the band; a rise of validation above its best of 20 %
    makes it at least moderate, of 50 % severe. A rise under 2 % caps it at moderate and is then
    called memorising (the label ``memorising``): the ratio measures memorising, the rise harm.
    """
    both = both_of(curves, thresholds)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    train, valid = both
    bands = overfit_bands(train, valid, curves.run, thresholds)
    above, gap = rise(valid, curves.run), ratio(train, valid)
    holds = bands > 0
    band = BANDS[int(np.bincount(bands[holds], minlength=4).argmax())] if holds.any() else "none"
    harmless = float((above < thresholds.rise_harmful).mean()) > 0.5
    normal = f"under {thresholds.rise_harmful:.0%}"
    return CARD.judge(
        holds,
        thresholds,
        bad=_bad(band, float(np.median(above)), float(np.median(gap)), harmless=harmless),
        evidence=(
            measured(
                "ratio", gap, "Validation over training loss", f"under {thresholds.ratio_mild:g}"
            ),
            measured("valid_rise", above, "Validation loss above its best", normal, as_share=True),
        ),
        steps=(valid.step_of_least(), curves.run.last_step),
        flips=(
            f"the ratio crosses {thresholds.ratio_mild:g} "
            f"or the rise {thresholds.rise_moderate:.0%}"
        ),
        grave=Status.WARN if harmless or band == "mild" else Status.FAIL,
        label="memorising" if harmless else band,
        advice=ADVICE_MEMORISING if harmless else None,
        excluded=[((bands == 0) & (above >= thresholds.rise_harmful), _close(above))],
    )


def _close(above: NDArray[np.float64]) -> str:
    return (
        "Validation loss stays close to training loss; that it ends "
        f"{float(np.median(above)):.0%} above its best is judged as its rise."
    )


def _bad(band: str, above: float, gap: float, *, harmless: bool) -> str:
    if harmless:
        return (
            f"Validation loss ends at {gap:.2g} times training loss but {_risen(above)}: "
            "the model memorises its examples, with little or no harm so far."
        )
    return (
        f"{band.capitalize()} overfitting: validation loss ends {above:.0%} above its best "
        f"and at {gap:.2g} times training loss."
    )


def _risen(above: float) -> str:
    return "has not risen" if above < UNSEEN else f"lies only {above:.1%} above its best"
