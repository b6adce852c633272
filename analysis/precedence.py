"""Precedence: a finding that another one explains says so, instead of counting twice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.reward_headline import FAILURES
from analysis.rules.rft.reward_hacking import WATCH
from analysis.verdict import Status, Verdict
from analysis.wording import words


@dataclass(frozen=True)
class Explanation:
    """Findings that explain another one.

    Attributes
    ----------
    rule : str
        The rule that is explained.
    by : tuple of str
        The rules that explain it, the first of them found being named.
    statement : str
        What is then said in its place; ``{by}`` stands for the name of the other.
    status : Status
        PASS where the rule is defined to give way, INSUFFICIENT_DATA where it cannot be told
        beside the other.
    """

    rule: str
    by: tuple[str, ...]
    statement: str
    status: Status = Status.PASS


EXPLANATIONS = (
    Explanation(
        "overfitting",
        ("divergence",),
        "Training diverged, and validation loss with it: whether the model also overfits cannot "
        "be told.",
        Status.INSUFFICIENT_DATA,
    ),
    Explanation(
        "overfitting",
        ("gap_from_start",),
        "The gap to training loss was there from the start: the data differ, which is no "
        "overfitting.",
    ),
    Explanation(
        "validation_rise",
        ("divergence",),
        "Validation loss rose because training diverged: see there.",
    ),
    Explanation(
        "both_high",
        ("divergence",),
        "Both losses end high because training diverged: see there.",
    ),
    Explanation(
        "underfit",
        ("divergence", "both_high"),
        "Training loss ends about where it began, as part of another finding: {by}.",
    ),
    Explanation("plateau", FAILURES, "Reward stands still, but first see to {by}."),
)


def explained(verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Return the verdicts, those that another finding explains saying so and finding nothing.

    Parameters
    ----------
    verdicts : mapping of str to Verdict
        By rule, in their order; the headline is drawn from these, not from what is returned. A
        gap that is only worth watching explains nothing.
    """
    after = dict(verdicts)
    for explanation in EXPLANATIONS:
        found = after.get(explanation.rule)
        others = [verdicts[rule] for rule in explanation.by if rule in verdicts]
        other = next((v for v in others if v.found and v.label != WATCH), None)
        if found is not None and found.found and other is not None:
            after[explanation.rule] = _giving_way(found, other, explanation)
    return after


def _giving_way(found: Verdict, other: Verdict, explanation: Explanation) -> Verdict:
    """Return a finding as what another one leaves of it."""
    plain = replace(
        found,
        status=explanation.status,
        statement=explanation.statement.format(by=words(other.rule)),
        label=None,
        steps=(),
        advice=(),
    )
    if explanation.status is not Status.PASS or found.holds is None or other.holds is None:
        return replace(plain, probability=None, evidence=(), holds=None)
    left = found.holds & ~other.holds
    return replace(plain, probability=float(np.mean(left)), holds=left)
