"""Plateau: reward has stopped rising, short of the top."""

import numpy as np

from analysis.curve.reward_quantities import end_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Verdict, measured

CARD = RuleCard(
    name="plateau",
    source="AWS Nova RFT guide: a plateau, concerning below 0.15",
    good="Reward was still rising after 40 % of the run, or reached the top.",
    close="Reward may have stopped rising: too noisy to say.",
    advice=(
        "Stop here: more of the same brings nothing",
        "New signal helps: more or other prompts, a finer grader, other hyperparameters",
    ),
)
SINCE = (0.36, 0.44)


def plateau(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether reward has stayed where it was after 40 % of the run, below the top.

    What the estimate's own error would hide is allowed for: a little of it is added to the limit.
    """
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = end_level(train)
    change = end - train.mean(*SINCE)
    limit = thresholds.reward_plateau * curves.range + 0.15 * float(np.std(change))
    holds = np.abs(change) < limit
    if curves.range == 1.0:
        holds = holds & (end < thresholds.reward_plateau_top)
    return CARD.judge(
        holds,
        thresholds,
        bad=f"Reward has stood at about {float(np.median(end)):.2g} since 40 % of the run.",
        evidence=(
            measured("change_since", change, "Change since 40 % of the run", f"over {limit:.2g}"),
            measured("reward_end", end, "Reward at the end"),
        ),
        steps=(int(0.4 * curves.run.last_step), curves.run.last_step),
        flips=f"reward moves by {limit:.2g}",
    )
