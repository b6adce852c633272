"""Rule cards: the sentence of a rule that does not hold says what kept it."""

import numpy as np
import pytest

from analysis import GOLDILOCKS, Status
from analysis.curve.curve import N_DRAWS
from analysis.rules.card import RuleCard
from analysis.verdict import Verdict

CARD = RuleCard("rule", "source", good="Good.", close="Close.", advice=("Mend it",))


def first(n_draws: int) -> np.ndarray:
    return np.arange(N_DRAWS) < n_draws


def judged(n_holding: int, *excluded: tuple[np.ndarray, str]) -> Verdict:
    return CARD.judge(
        first(n_holding),
        GOLDILOCKS,
        bad="Bad.",
        evidence=(),
        steps=(1, 2),
        flips="",
        excluded=excluded,
    )


@pytest.mark.parametrize(
    ("n_excluded", "said"), [(0, "Good."), (128, "Good."), (129, "Kept."), (256, "Kept.")]
)
def test_a_condition_that_excludes_the_rule_in_most_curves_is_said(n_excluded, said):
    verdict = judged(0, (first(n_excluded), "Kept."))
    assert (verdict.status, verdict.statement) == (Status.PASS, said)


def test_of_several_conditions_the_likeliest_is_said_even_where_only_together_they_are_likely():
    verdict = judged(0, (first(90), "By one."), (~first(150), "By the other."))
    assert verdict.statement == "By the other."


@pytest.mark.parametrize(("n_holding", "said"), [(128, "Close."), (256, "Bad.")])
def test_a_rule_that_holds_or_may_hold_says_so_whatever_else_is_excluded(n_holding, said):
    assert judged(n_holding, (first(256), "Kept.")).statement == said
