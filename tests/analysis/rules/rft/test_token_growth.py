"""Length of answers: three times the start is an explosion, half more needs better reward."""

import pytest

from analysis.rules.rft.token_growth import EARNED, token_explosion, token_growth
from analysis.thresholds import GOLDILOCKS
from tests.analysis.rules.exact_rewards import (
    HALF,
    NEAR,
    NEVER,
    PASS,
    TOO_LITTLE,
    WARN,
    begun_late,
    by_default_and_moved,
    exact_rewards,
    judged,
    level,
    mixed,
    ramp,
    table,
    value_of,
)

STILL = level(0.5)


def tokens(times: float):
    """Return a length of answers that grows to so many times its start."""
    return ramp(200.0, 200.0 * times)


@by_default_and_moved
@table(
    ("just at the limit", lambda t: exact_rewards(tokens=tokens(t.token_explosion + NEAR)), WARN),
    ("just under it", lambda t: exact_rewards(tokens=tokens(t.token_explosion - NEAR)), PASS),
    ("shrinks", lambda _: exact_rewards(tokens=tokens(0.3)), PASS),
    (
        "whatever it earns",
        lambda _: exact_rewards(ramp(0.1, 0.9), ramp(0.1, 0.9), tokens(9.0)),
        WARN,
    ),
    (
        "in half of the curves",
        lambda _: exact_rewards(tokens=mixed(HALF, tokens(9), tokens(1))),
        TOO_LITTLE,
    ),
    ("never logged", lambda _: exact_rewards(STILL, STILL), NEVER),
)
def test_answers_explode_from_three_times_their_length(build, status, thresholds):
    assert judged(token_explosion, build(thresholds), thresholds).status is status


@by_default_and_moved
@table(
    ("just at the limit", lambda t: unpaid(t.token_growth_unpaid + NEAR), WARN),
    ("just under it", lambda t: unpaid(t.token_growth_unpaid - NEAR), PASS),
    ("just short of an explosion", lambda t: unpaid(t.token_explosion - NEAR), WARN),
    ("an explosion, which has its own verdict", lambda t: unpaid(t.token_explosion + NEAR), PASS),
    ("earns just too little", lambda t: earning(t, EARNED - NEAR), WARN),
    ("earns just enough", lambda t: earning(t, EARNED + NEAR), PASS),
    ("loses reward", lambda t: earning(t, -0.2), WARN),
    (
        "earns just too little for a wider range",
        lambda t: earning(t, 10 * EARNED - NEAR, 10.0),
        WARN,
    ),
    ("earns just enough for a wider range", lambda t: earning(t, 10 * EARNED + NEAR, 10.0), PASS),
    (
        "only training reward grows",
        lambda t: exact_rewards(ramp(0.1, 0.9), STILL, tokens(t.token_explosion - 0.5)),
        WARN,
    ),
    (
        "without validation, training reward counts",
        lambda t: exact_rewards(ramp(0.1, 0.9), tokens=tokens(t.token_explosion - 0.5)),
        PASS,
    ),
    (
        "without validation, and training reward stands still",
        lambda t: exact_rewards(STILL, tokens=tokens(t.token_explosion - 0.5)),
        WARN,
    ),
    (
        "in half of the curves",
        lambda t: exact_rewards(
            STILL, STILL, mixed(HALF, tokens(t.token_explosion - 0.5), tokens(1))
        ),
        TOO_LITTLE,
    ),
    ("tokens never logged", lambda _: exact_rewards(STILL, STILL), NEVER),
    ("reward never logged", lambda _: exact_rewards(tokens=tokens(2.5)), NEVER),
)
def test_growth_by_half_is_too_much_when_validation_reward_does_not_grow(build, status, thresholds):
    assert judged(token_growth, build(thresholds), thresholds).status is status


def unpaid(times: float):
    """Return growing answers that earn nothing."""
    return exact_rewards(STILL, STILL, tokens(times))


def earning(thresholds, gained: float, span: float = 1.0):
    """Return answers that grew too much to earn nothing, and what they earned in validation."""
    grown = (thresholds.token_growth_unpaid + thresholds.token_explosion) / 2
    return exact_rewards(STILL, ramp(0.5, 0.5 + gained), tokens(grown), span=span)


def test_the_limits_are_three_times_and_one_and_a_half():
    assert (GOLDILOCKS.token_explosion, GOLDILOCKS.token_growth_unpaid) == (3.0, 1.5)


def test_growth_and_gained_reward_are_the_evidence():
    curves = exact_rewards(STILL, ramp(0.5, 0.45), tokens(2.5))
    verdict = judged(token_growth, curves)
    assert value_of(verdict, "token_growth") == pytest.approx(2.5)
    assert value_of(verdict, "reward_gain") == pytest.approx(-0.05)
    assert value_of(judged(token_explosion, curves), "token_growth") == pytest.approx(2.5)


@pytest.mark.parametrize("rule", [token_explosion, token_growth])
def test_a_file_that_begins_late_does_not_show_the_length_at_the_start(rule):
    curves = exact_rewards(level(0.5), level(0.5), level(100.0))
    verdict = judged(rule, begun_late(curves))
    assert verdict.status is TOO_LITTLE
    assert "begins at step 20 of 100" in verdict.statement


@by_default_and_moved
@pytest.mark.parametrize(("hair", "noted"), [(NEAR, True), (-NEAR, False)])
def test_growth_that_reward_paid_for_is_normal_and_its_cost_noted_from_two_times_on(
    hair, noted, thresholds
):
    times = max(thresholds.token_growth, thresholds.token_growth_unpaid) + hair
    curves = exact_rewards(ramp(0.2, 0.6), ramp(0.2, 0.6), ramp(100.0, 100.0 * times))
    verdict = judged(token_growth, curves, thresholds)
    assert verdict.status is PASS
    assert ("costs as much more" in verdict.statement) == noted


@pytest.mark.parametrize(
    ("end", "said"),
    [(110.0, "hardly grown"), (180.0, "1.8 times"), (400.0, "token explosion")],
)
def test_growth_that_is_no_finding_is_told_all_the_same(end, said):
    curves = exact_rewards(ramp(0.2, 0.6), ramp(0.2, 0.6), ramp(100.0, end))
    assert said in judged(token_growth, curves).statement
