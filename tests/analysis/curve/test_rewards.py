"""The curves behind an RFT run: which reward counts, its range, and the length of answers."""

import numpy as np
import pytest

from analysis import Run, run_from_frame
from analysis.curve.curve import GRID, N_DRAWS
from analysis.curve.rewards import reward_curves
from tests.analysis.curve.made import column_frame
from tests.builders import sparse

N = 200


def climbing(low: float = 0.3, high: float = 0.8) -> np.ndarray:
    return low + (high - low) * (1.0 - np.exp(-3.0 * np.arange(1, N + 1) / N))


def scattered(values: np.ndarray, size: float, seed: int) -> np.ndarray:
    return values + size * np.random.default_rng(seed).standard_normal(len(values))


def run_of(**columns: np.ndarray) -> Run:
    return run_from_frame(column_frame(**columns), method="rft")


@pytest.mark.parametrize("noise", [0.005, 0.03, 0.1])
def test_the_curves_follow_the_truth_behind_noisy_rewards(noise):
    curves = reward_curves(
        run_of(
            train_mean_reward=scattered(climbing(), noise, 0),
            full_valid_mean_reward=sparse(scattered(climbing() - 0.05, 0.01, 1), 10),
        )
    )
    steps = np.arange(10, N + 1, 10)
    truth = climbing()[steps - 1]
    np.testing.assert_allclose(curves.train.middle(steps), truth, atol=max(0.6 * noise, 0.01))
    np.testing.assert_allclose(curves.valid.middle(steps), truth - 0.05, atol=0.03)


def test_the_graded_reward_outranks_one_that_counts_ungraded_rollouts():
    curves = reward_curves(
        run_of(train_mean_reward=climbing() - 0.6, train_graded_reward=climbing())
    )
    assert curves.train.column == "train_graded_reward"
    assert curves.train.middle([N])[0] == pytest.approx(climbing()[-1], abs=0.02)


def test_without_validation_there_is_no_curve_of_it():
    curves = reward_curves(run_of(train_mean_reward=climbing()))
    assert curves.valid is None
    assert curves.tokens is None


def test_validation_alone_gives_a_curve_of_validation_alone():
    curves = reward_curves(run_of(full_valid_mean_reward=sparse(climbing(), 20)))
    assert curves.train is None
    assert curves.valid.middle([N])[0] == pytest.approx(climbing()[-1], abs=0.02)


def test_a_column_that_is_infinite_throughout_has_no_curve():
    curves = reward_curves(
        run_of(train_mean_reward=np.full(N, np.inf), full_valid_mean_reward=climbing())
    )
    assert curves.train is None
    assert np.isfinite(curves.valid.draws).all()


def test_a_single_point_gives_a_curve_near_it():
    values = np.full(N, np.nan)
    values[99] = 0.4
    curves = reward_curves(run_of(train_mean_reward=climbing(), full_valid_mean_reward=values))
    assert len(curves.valid.readings) == 1
    assert curves.valid.middle([100])[0] == pytest.approx(0.4, abs=0.1)
    assert curves.valid.draws.shape == (N_DRAWS, len(GRID))


@pytest.mark.parametrize(
    ("low", "high", "span"),
    [(0.0, 0.1, 1.0), (-1.0, 1.0, 1.0), (0.0, 50.0, 48.0), (5.0, 6.0, 0.96)],
)
def test_the_range_is_one_for_bounded_rewards_and_the_observed_one_for_others(low, high, span):
    curves = reward_curves(run_of(train_mean_reward=np.linspace(low, high, N)))
    assert curves.range == pytest.approx(span, rel=0.01)


def test_the_range_of_a_constant_reward_is_not_nothing():
    assert reward_curves(run_of(train_mean_reward=np.full(N, 3.0))).range > 0


def test_rewards_of_another_range_give_the_same_curves_in_their_own_unit():
    small = scattered(climbing(), 0.03, 5)
    bounded = reward_curves(run_of(train_mean_reward=small)).train.middle([20, 100, 200])
    wide = reward_curves(run_of(train_mean_reward=100.0 * small)).train.middle([20, 100, 200])
    np.testing.assert_allclose(wide, 100.0 * bounded, atol=2.0)


def test_the_length_of_answers_is_followed_on_its_own_scale():
    tokens = 300.0 * 4.0 ** (np.arange(1, N + 1) / N)
    noise = np.exp(0.06 * np.random.default_rng(2).standard_normal(N))
    curves = reward_curves(
        run_of(train_mean_reward=climbing(), completion_tokens_mean=tokens * noise)
    )
    steps = np.arange(20, N + 1, 20)
    np.testing.assert_allclose(curves.tokens.middle(steps), tokens[steps - 1], rtol=0.06)
    assert (curves.tokens.draws >= 0).all()


def test_the_same_rewards_give_the_same_curves_to_the_byte():
    run = run_of(train_mean_reward=scattered(climbing(), 0.05, 7))
    assert reward_curves(run).train.draws.tobytes() == reward_curves(run).train.draws.tobytes()
