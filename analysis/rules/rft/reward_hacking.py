"""Reward hacking: training reward leaves validation reward behind."""

import numpy as np

from analysis.curve.reward_quantities import early_gap, late_gap
from analysis.curve.rewards import RewardCurves
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
WATCH = 0.05  # a gap from here on is worth watching (the skill's page on reward hacking)
CALLS, VALID_CALLS = "tools/", "valid_tools/"


def reward_hacking(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether the gap ends above ``reward_gap`` and opened during the run.

    Hacking and memorised prompts look alike here. A gap that was there from the start is an
    offset between the two sets of prompts. Where the run calls tools and validation does not,
    validation says nothing.
    """
    both = both_of(curves)
    if isinstance(both, Lacking):
        return CARD.lacking(both)
    if _validates_without_tools(curves):
        statement = "Training calls tools and validation does not, so their rewards do not compare."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, "Test answers with tools on"))
    train, valid = both
    late, opened = late_gap(train, valid), late_gap(train, valid) - early_gap(train, valid)
    limit, least = (
        thresholds.reward_gap * curves.range,
        thresholds.reward_gap_growth * curves.range,
    )
    return CARD.judge(
        (late > limit) & (opened > least),
        thresholds,
        bad=(
            f"Training reward ends {float(np.median(late)):.2g} above validation reward, and the "
            "gap opened during the run: hacking or memorised prompts."
        ),
        evidence=(
            measured("reward_gap", late, "Training minus validation reward", f"under {WATCH:g}"),
            measured("gap_growth", opened, "Growth of that gap", f"under {least:g}"),
        ),
        steps=(int(0.85 * curves.run.last_step), curves.run.last_step),
        flips=f"the gap crosses {limit:g}",
        grave=Status.FAIL,
    )


def _validates_without_tools(curves: RewardCurves) -> bool:
    columns = [str(column) for column in curves.run.frame]
    called = [c for c in columns if c.startswith(CALLS) and c.endswith("/calls")]
    if not called:
        return False
    in_validation = [logged(curves, "valid_" + column) for column in called]
    return all(values is None or not values.any() for values in in_validation)
