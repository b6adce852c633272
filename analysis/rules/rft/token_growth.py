"""Length of answers: what the extra tokens earn."""

import numpy as np

from analysis.curve.curve import Curve
from analysis.curve.reward_quantities import end_level, growth, start_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.beginning import beginning_lacks
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import span_of
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, measured

EXPLOSION = RuleCard(
    name="token_explosion",
    source="Microsoft fine-tuning skill: three times the tokens is excessive",
    good="Answers have not grown excessively.",
    close="Answers may have grown excessively: too noisy to say.",
    advice=(
        "The grader may reward length: read long answers, and penalise length in the grader",
        "Look whether answers hit the length cap: then rewards collapse next",
    ),
)
GROWTH = RuleCard(
    name="token_growth",
    source="Microsoft fine-tuning skill; 1.5 times after runs with known truth",
    good="Answers have hardly grown.",
    close="Answers may have grown without earning reward: too noisy to say.",
    advice=("Check that the extra tokens earn something: compare checkpoints at equal reward",),
)
NEVER = Lacking(
    Status.NOT_APPLICABLE,
    "Completion tokens were never logged.",
    "Log completion_tokens_mean",
)
EARNED = 0.02  # reward, as a share of the range, that validation must gain for the tokens


def token_explosion(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether completions ended at three times their length at the start."""
    tokens = _from_start(curves)
    if isinstance(tokens, Lacking):
        return EXPLOSION.lacking(tokens)
    times = growth(tokens)
    return EXPLOSION.judge(
        times >= thresholds.token_explosion,
        thresholds,
        bad=f"Answers grew to {float(np.median(times)):.2g} times their length.",
        evidence=(
            measured(
                "token_growth",
                times,
                "Completion tokens, end over start",
                f"under {thresholds.token_growth:g} times",
            ),
        ),
        steps=span_of(curves),
        flips=f"the growth crosses {thresholds.token_explosion:g} times",
    )


def token_growth(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether completions grew by half or more while validation reward did not.

    Growth that reward paid for is normal; from ``token_growth`` times on its cost is noted.
    """
    tokens = _from_start(curves)
    if isinstance(tokens, Lacking):
        return GROWTH.lacking(tokens)
    times = growth(tokens)
    reward = curves.valid if curves.valid is not None else curves.train
    if reward is None:
        return GROWTH.lacking(Lacking(Status.NOT_APPLICABLE, "Reward was never logged.", ""))
    gained = _gained(reward)
    longer, paid = times >= thresholds.token_growth_unpaid, gained >= EARNED * curves.range
    exploded = times >= thresholds.token_explosion
    grown = f"Answers grew to {float(np.median(times)):.2g} times their length"
    normal = (
        "which is normal, but each one costs as much more"
        if float(np.median(times)) >= thresholds.token_growth
        else "which is normal"
    )
    return GROWTH.judge(
        longer & ~paid & ~exploded,
        thresholds,
        bad=f"{grown} without better reward.",
        evidence=(
            measured(
                "token_growth",
                times,
                "Completion tokens, end over start",
                f"under {thresholds.token_growth_unpaid:g} times",
            ),
            measured("reward_gain", gained, "Reward gained over the run"),
        ),
        steps=span_of(curves),
        flips=f"the growth crosses {thresholds.token_growth_unpaid:g} times",
        excluded=[
            (exploded, f"{grown}: judged as a token explosion."),
            (longer & paid & ~exploded, f"{grown}, and reward with them, {normal}."),
        ],
    )


def _from_start(curves: RewardCurves) -> Curve | Lacking:
    """Return the lengths of answers where they reach back to the start, or what is lacking."""
    tokens = curves.tokens
    return NEVER if tokens is None else beginning_lacks(tokens) or tokens


def _gained(reward: Curve) -> np.ndarray:
    return np.asarray(end_level(reward) - start_level(reward))
