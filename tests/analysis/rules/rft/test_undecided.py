"""Undecided: where the compatible curves disagree, every rule gives their share and no finding."""

import math

import pytest

from analysis.curve.curve import N_DRAWS
from analysis.rules.rft.always_negative import always_negative
from analysis.rules.rft.below_base import below_base
from analysis.rules.rft.collapse import collapse
from analysis.rules.rft.flat_zero import flat_zero
from analysis.rules.rft.plateau import plateau
from analysis.rules.rft.reward_hacking import reward_hacking
from analysis.rules.rft.token_growth import token_explosion, token_growth
from analysis.rules.rft.too_lenient import too_lenient
from analysis.rules.rft.valid_degrades import valid_degrades
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    FAIL,
    HALF,
    MOVED,
    PASS,
    TOO_LITTLE,
    WARN,
    exact_rewards,
    judged,
    level,
    line,
    mixed,
    ramp,
)

STILL = level(0.5)
PEAKED = line((0.1, 0.0), (0.4, 0.8), (0.6, 0.8), (0.9, 0.1))


# Each rule, what it gives when it holds, and curves in which it holds in so many draws.
RULES = [
    (flat_zero, FAIL, lambda n: exact_rewards(mixed(n, level(0.0), STILL))),
    (always_negative, FAIL, lambda n: exact_rewards(mixed(n, level(-0.5), STILL))),
    (collapse, FAIL, lambda n: exact_rewards(mixed(n, PEAKED, STILL))),
    (reward_hacking, FAIL, lambda n: exact_rewards(mixed(n, ramp(0.5, 0.9), STILL), STILL)),
    (valid_degrades, WARN, lambda n: exact_rewards(level(0.8), mixed(n, PEAKED, level(0.8)))),
    (too_lenient, WARN, lambda n: exact_rewards(mixed(n, level(0.95), STILL))),
    (plateau, WARN, lambda n: exact_rewards(mixed(n, STILL, ramp(0.1, 0.9)))),
    (below_base, FAIL, lambda n: exact_rewards(valid=mixed(n, ramp(0.5, 0.2), ramp(0.5, 0.8)))),
    (
        token_explosion,
        WARN,
        lambda n: exact_rewards(tokens=mixed(n, ramp(200.0, 900.0), ramp(200.0, 220.0))),
    ),
    (
        token_growth,
        WARN,
        lambda n: exact_rewards(STILL, STILL, mixed(n, ramp(200.0, 500.0), ramp(200.0, 220.0))),
    ),
]
NAMES = [rule.__name__ for rule, *_ in RULES]
each_rule = pytest.mark.parametrize(
    ("rule", "held_in"), [(rule, held_in) for rule, _, held_in in RULES], ids=NAMES
)


@pytest.mark.parametrize(("rule", "grave", "held_in"), RULES, ids=NAMES)
@pytest.mark.parametrize("thresholds", [GOLDILOCKS, MOVED], ids=["default", "moved"])
def test_a_rule_is_undecided_only_close_to_one_half(rule, grave, held_in, thresholds):
    most = math.floor(N_DRAWS * (0.5 - thresholds.undecided))  # draws that still make a pass
    least = math.ceil(N_DRAWS * (0.5 + thresholds.undecided))  # draws from which it is found
    counts = [0, most, most + 1, HALF, least - 1, least, N_DRAWS]
    verdicts = [judged(rule, held_in(count), thresholds) for count in counts]
    assert [v.probability for v in verdicts] == [count / N_DRAWS for count in counts]
    assert [v.status for v in verdicts] == [PASS] * 2 + [TOO_LITTLE] * 3 + [grave] * 2


def test_the_undecided_zone_is_a_tenth_to_either_side():
    assert GOLDILOCKS.undecided == 0.1


@each_rule
def test_each_outcome_has_a_sentence_of_its_own(rule, held_in):
    statements = {judged(rule, held_in(count)).statement for count in (0, HALF, N_DRAWS)}
    assert len(statements) == 3


@each_rule
def test_the_draws_that_hold_are_those_in_which_the_curves_say_so(rule, held_in):
    holds = judged(rule, held_in(200)).holds
    assert holds[:200].all()
    assert not holds[200:].any()
