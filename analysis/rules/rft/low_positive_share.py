"""Low positive share: hardly an answer is worth anything."""

from analysis.curve.curve import N_DRAWS
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.preconditions import logged, span_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

CARD = RuleCard(
    name="low_positive_share",
    source="AWS Nova RFT guide: under 5 % positive rewards, SFT first",
    good="Enough answers earn a positive reward.",
    close="",
    advice=("Do supervised fine-tuning first: there is next to nothing to reinforce",),
)


def low_positive_share(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether under ``low_positive_share`` of the examples earn a positive reward."""
    shares = logged(curves, "positive_reward_share")
    if shares is None:
        statement = "The share of positive rewards was never logged."
        return CARD.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    share = float(shares.mean())
    return CARD.fact(
        found=share < thresholds.low_positive_share,
        bad=f"Only {share:.1%} of the examples earn a positive reward.",
        evidence=(
            Evidence(
                "positive_share",
                share,
                "Examples with positive reward",
                f"over {thresholds.low_positive_share:.0%}",
                as_share=True,
            ),
        ),
        steps=span_of(curves),
        flips=f"the share crosses {thresholds.low_positive_share:.0%}",
        n_draws=N_DRAWS,
    )
