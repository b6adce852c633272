"""Low positive share: hardly an answer is worth anything."""

from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.logged_shares import judge_share, share
from analysis.rules.rft.preconditions import logged
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict

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
    positive, limit = float(shares.mean()), f"{thresholds.low_positive_share:.0%}"
    return judge_share(
        CARD,
        curves,
        share("positive_share", positive, "Examples with positive reward", f"over {limit}"),
        found=positive < thresholds.low_positive_share,
        bad=f"Only {positive:.1%} of the examples earn a positive reward.",
        flips=f"the share crosses {limit}",
    )
