"""Reward hacking: training reward leaves validation reward behind."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.curve.gap_bands import HACKING, gap_bands
from analysis.curve.reward_quantities import early_gap, late_gap
from analysis.curve.rewards import RewardCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import both_of, logged
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

CARD = RuleCard(
    name="reward_hacking",
    source="Microsoft fine-tuning skill, training curves and reward hacking; AWS Nova RFT guide",
    good="Training reward does not leave validation reward behind.",
    close="Training reward may be leaving validation reward behind: too noisy to say.",
    advice=(
        "Read answers to training prompts with high reward: hacked, or learned by heart",
        "Make the grader stricter, or add prompts",
        "Deploy the checkpoint of highest validation reward, after testing it",
    ),
)
ADVICE_WATCH = ("Watch the gap: read answers to training prompts with high reward",)
WATCH, GAMING = "watch", "gaming"  # labels: of a gap that is not hacking yet, and of a wide one
USUAL_CAUSE = "hacking or memorised prompts"
OFFSET = "Training reward lies above validation reward from the start: the prompts differ."
PERHAPS = "Whether the gap between training and validation was there already is not known."
WITHOUT_TOOLS = Lacking(
    Status.NOT_APPLICABLE,
    "Training calls tools and validation does not, so their rewards do not compare.",
    "Test answers with tools on",
)
CALLS = "tools/"


def reward_hacking(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the gap ends above ``reward_gap`` and opened during the run.

    Hacking and memorised prompts look alike here; above ``reward_gap_gaming`` the label is
    ``gaming``. A gap above ``reward_gap_watch`` that is neither is a warning with the label
    ``watch``, whose probability is that of the gap. A gap that was there from the start is an
    offset between the two sets of prompts; where the file begins late nobody knows which it is.
    Where the run calls tools and validation does not, validation says nothing.
    """
    both = both_of(curves)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    if _validates_without_tools(curves):
        return CARD.lacking(WITHOUT_TOOLS)
    train, valid = both
    bands = gap_bands(train, valid, curves.range, thresholds)
    late, opened = late_gap(train, valid), late_gap(train, valid) - early_gap(train, valid)
    limit, growth, watch = (
        share * curves.range
        for share in (
            thresholds.reward_gap,
            thresholds.reward_gap_growth,
            thresholds.reward_gap_watch,
        )
    )
    offset, unseen = (late > limit) & (bands < HACKING), beginning_lacks(train)
    if unseen is not None and offset.mean() > 0.5:
        return CARD.lacking(replace(unseen, statement=f"{unseen.statement} {PERHAPS}"))
    label = _label(bands, thresholds)
    return CARD.judge(
        bands > 0 if label == WATCH else bands >= HACKING,
        thresholds,
        bad=_bad(float(np.median(late)), label),
        evidence=(
            measured("reward_gap", late, "Training minus validation reward", f"under {watch:g}"),
            measured("gap_growth", opened, "Growth of that gap", f"under {growth:g}"),
        ),
        steps=(train.step_at(0.85), curves.run.last_step),
        flips=f"the gap crosses {watch if label == WATCH else limit:g}",
        grave=Status.WARN if label == WATCH else Status.FAIL,
        label=label,
        advice=ADVICE_WATCH if label == WATCH else None,
        excluded=[(offset, OFFSET)],
    )


def _label(bands: NDArray[np.int64], thresholds: Thresholds) -> str | None:
    """Return ``watch`` where that is sure and hacking is not, ``gaming`` where most is that."""
    hacking, sure = bands >= HACKING, 0.5 + thresholds.undecided
    if hacking.mean() <= 1.0 - sure:
        return WATCH if (bands > 0).mean() >= sure else None
    return GAMING if 2 * (bands > HACKING).sum() > hacking.sum() else None


def _bad(late: float, label: str | None) -> str:
    said = f"Training reward ends {late:.2g} above validation reward"
    if label == WATCH:
        return f"{said}, and the gap opened during the run: not hacking yet, but worth watching."
    cause = "the grader is gamed, or prompts are memorised" if label == GAMING else USUAL_CAUSE
    return f"{said}, and the gap opened during the run: {cause}."


def _validates_without_tools(curves: RewardCurves) -> bool:
    """Return whether training calls some tool and validation none; a column of zeros is none."""
    columns = [str(column) for column in curves.run.frame if str(column).endswith("/calls")]
    training = [column for column in columns if column.startswith(CALLS)]
    called = [column for column in training if _calls(curves, column)]
    return bool(called) and not any(_calls(curves, f"valid_{column}") for column in training)


def _calls(curves: RewardCurves, column: str) -> bool:
    values = logged(curves, column)
    return values is not None and bool(values.any())
