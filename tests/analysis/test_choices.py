"""Choices: regret and the chance of being best, against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.choices import LEAST_LEVEL, Choices, loss_choices, reward_choices

levels = arrays(np.float64, st.tuples(st.integers(1, 20), st.integers(1, 7)),
                elements=st.floats(0.0, 5.0))  # fmt: skip


def steps_of(n: int) -> np.ndarray:
    return np.arange(1, n + 1, dtype=np.int64) * 10


def choices_with(chances: list[float]) -> Choices:
    n = len(chances)
    return Choices(steps_of(n), np.zeros(n), np.array(chances), deployable=False)


@given(levels)
def test_regret_of_losses_is_the_mean_excess_over_the_best_of_each_draw(drawn):
    found = loss_choices(drawn, steps_of(drawn.shape[1]), deployable=False)
    expected = [
        np.mean([(row[i] - row.min()) / max(row.min(), LEAST_LEVEL) for row in drawn])
        for i in range(drawn.shape[1])
    ]
    np.testing.assert_allclose(found.regret, expected, rtol=1e-9, atol=1e-12)
    assert (found.regret >= 0).all()
    assert found.regret[found.chosen] == found.regret.min()


@given(levels)
def test_regret_of_rewards_is_the_mean_shortfall_from_the_best_of_each_draw(drawn):
    found = reward_choices(drawn, steps_of(drawn.shape[1]), deployable=True)
    expected = [np.mean(drawn.max(axis=1) - drawn[:, i]) for i in range(drawn.shape[1])]
    np.testing.assert_allclose(found.regret, expected, rtol=1e-9, atol=1e-12)
    assert (found.regret >= 0).all()
    assert found.deployable


@given(levels)
def test_chances_of_being_best_add_up_to_one(drawn):
    for make in (loss_choices, reward_choices):
        found = make(drawn, steps_of(drawn.shape[1]), deployable=False)
        assert found.probability_best.sum() == pytest.approx(1.0)
        assert (found.probability_best >= 0).all()


@given(levels, st.sampled_from([0.5, 0.9, 0.99]))
def test_the_tied_set_reaches_its_share_and_no_smaller_set_does(drawn, share):
    found = loss_choices(drawn, steps_of(drawn.shape[1]), deployable=False)
    tied = found.tied(share)
    inside = np.isin(found.steps, tied)
    assert found.probability_best[inside].sum() >= share - 1e-6
    largest = np.sort(found.probability_best)[::-1]
    assert len(tied) == 1 or largest[: len(tied) - 1].sum() < share
    assert list(tied) == sorted(set(tied))


def test_the_best_of_every_draw_is_chosen_and_alone_in_the_tied_set():
    drawn = np.array([[2.0, 1.0, 1.5]] * 8)
    losses = loss_choices(drawn, steps_of(3), deployable=False)
    assert losses.steps[losses.chosen] == 20
    assert losses.tied(0.9) == (20,)
    np.testing.assert_allclose(losses.regret, [1.0, 0.0, 0.5])
    rewards = reward_choices(drawn, steps_of(3), deployable=False)
    assert rewards.steps[rewards.chosen] == 10
    np.testing.assert_allclose(rewards.regret, [0.0, 1.0, 0.5])


def test_a_safe_second_is_chosen_over_a_gamble_that_is_best_more_often():
    drawn = np.array([[1.0, 1.02]] * 6 + [[2.0, 1.0]] * 4)
    found = loss_choices(drawn, steps_of(2), deployable=False)
    assert found.probability_best.tolist() == [0.6, 0.4]
    assert found.steps[found.chosen] == 20


@pytest.mark.parametrize(
    ("chances", "tied"),
    [
        ([0.9, 0.06, 0.04], (10,)),
        ([0.89, 0.06, 0.05], (10, 20)),
        ([0.05, 0.5, 0.45], (20, 30)),
        ([0.25, 0.25, 0.25, 0.25], (10, 20, 30, 40)),
        ([1.0], (10,)),
    ],
)
def test_the_tied_set_takes_the_likeliest_until_they_hold_nine_tenths(chances, tied):
    assert choices_with(chances).tied(0.9) == tied


def test_losses_near_zero_are_compared_as_if_they_mattered_no_more_than_a_little():
    found = loss_choices(np.array([[0.001, 0.002]]), steps_of(2), deployable=False)
    np.testing.assert_allclose(found.regret, [0.0, 0.001 / LEAST_LEVEL])
