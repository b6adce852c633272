"""Plateau: reward has stopped rising, short of the top."""

import numpy as np

from analysis.curve.reward_quantities import end_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import train_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

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
ADVICE_LOW = "Look whether the grader can be satisfied at all; else do supervised fine-tuning first"


def plateau(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether reward has stayed where it was after 40 % of the run, below the top.

    What the estimate's own error would hide is allowed for: a little of it is added to the limit.
    A plateau below ``reward_plateau_low``, for rewards up to 1, has the label ``concerning``.
    """
    train = train_of(curves)
    if isinstance(train, Lacking):
        return CARD.lacking(train)
    end = end_level(train)
    change = end - train.mean(*SINCE)
    limit = thresholds.reward_plateau * curves.range + 0.15 * float(np.std(change))
    since = train.step_at(0.4)
    holds = np.abs(change) < limit
    done = np.zeros_like(holds)
    if curves.range == 1.0:
        done = end >= thresholds.reward_plateau_top
    middle = float(np.median(end))
    low = curves.range == 1.0 and middle < thresholds.reward_plateau_low
    stood = f"Reward has stood at about {middle:.2g} since step {since:,}"
    return CARD.judge(
        holds & ~done,
        thresholds,
        bad=f"{stood}, which is so low that it is concerning." if low else f"{stood}.",
        evidence=(
            measured("change_since", change, f"Change since step {since:,}", f"over {limit:.2g}"),
            measured("reward_end", end, "Reward at the end"),
        ),
        steps=(since, curves.run.last_step),
        flips=f"reward moves by {limit:.2g}",
        grave=Status.FAIL if low else Status.WARN,
        label="concerning" if low else None,
        advice=(ADVICE_LOW, *CARD.advice) if low else None,
        excluded=[(holds & done, f"{stood}, near the top: it is done.")],
    )
