"""Shares logged over a whole run, set against their limit: a matter of counting."""

from analysis.curve.curve import N_DRAWS
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import RuleCard
from analysis.rules.rft.preconditions import span_of
from analysis.verdict import Evidence, Verdict


def share(name: str, value: float, label: str, normal: str) -> Evidence:
    """Return a share as evidence, read as a percentage."""
    return Evidence(name, value, label, normal, as_share=True)


def judge_share(
    card: RuleCard,
    curves: RewardCurves,
    evidence: Evidence,
    *,
    found: bool,
    bad: str,
    flips: str,
    good: str | None = None,
) -> Verdict:
    """Return the verdict on one number logged over the whole run; words as in ``RuleCard.fact``."""
    return card.fact(
        found=found,
        bad=bad,
        evidence=(evidence,),
        steps=span_of(curves),
        flips=flips,
        n_draws=N_DRAWS,
        good=good,
    )
