"""Cycles of validation batches are folded, and nothing else is."""

import numpy as np
import pytest

from analysis.curve.cycle import without_cycle

N = 300
STEPS = np.arange(5, 5 * N + 1, 5)


def falling(n: int = N) -> np.ndarray:
    return 0.8 + 1.2 * np.exp(-5.0 * np.arange(1, n + 1) / n)


def factors(period: int, seed: int, size: float = 0.25) -> np.ndarray:
    drawn = np.exp(size * np.random.default_rng(seed).standard_normal(period))
    return drawn / drawn.mean()


def noise(n: int, size: float, seed: int) -> np.ndarray:
    return 1.0 + size * np.random.default_rng(100 + seed).standard_normal(n)


@pytest.mark.parametrize("period", [4, 11, 17, 40])
def test_a_cycle_is_found_and_folded(period):
    cyclic = falling() * factors(period, period)[np.arange(N) % period] * noise(N, 0.02, period)
    values, found = without_cycle(STEPS, cyclic)
    assert found == period
    before = np.std(cyclic / falling())
    after = np.std((values / falling())[N // 6 :])
    assert after < 0.04
    assert before > 3 * after


def test_folding_keeps_the_level_of_the_whole_cycle():
    cyclic = falling() * factors(11, 3)[np.arange(N) % 11]
    values, _ = without_cycle(STEPS, cyclic)
    last = slice(-110, None)
    assert values[last].mean() == pytest.approx(falling()[last].mean(), rel=0.02)


def test_a_cycle_is_found_though_rows_are_missing():
    kept = np.random.default_rng(1).random(N) > 0.08
    cyclic = falling() * factors(11, 5)[np.arange(N) % 11] * noise(N, 0.02, 5)
    values, found = without_cycle(STEPS[kept], cyclic[kept])
    assert found == 11
    assert np.std((values / falling()[kept])[N // 6 :]) < 0.06


@pytest.mark.parametrize("seed", range(5))
def test_without_a_cycle_the_values_are_left_alone(seed):
    noisy = falling() * noise(N, 0.2, seed)
    values, found = without_cycle(STEPS, noisy)
    assert found is None
    np.testing.assert_array_equal(values, noisy)


def test_a_smooth_wave_is_no_cycle_of_batches():
    wave = falling() * (1.0 + 0.2 * np.sin(2 * np.pi * np.arange(N) / 60)) * noise(N, 0.01, 1)
    values, found = without_cycle(STEPS, wave)
    assert found is None
    np.testing.assert_array_equal(values, wave)


def test_where_training_moves_along_the_model_itself_swings_and_nothing_is_folded():
    swings = factors(11, 7)[np.arange(N) % 11]
    cyclic = falling() * swings * noise(N, 0.02, 7)
    along, apart = falling() * swings, falling() * noise(N, 0.05, 8)
    assert without_cycle(STEPS, cyclic, along)[1] is None
    assert without_cycle(STEPS, cyclic, apart)[1] == 11


def test_a_cycle_seen_only_twice_is_not_believed():
    cyclic = factors(11, 2)[np.arange(22) % 11]
    assert without_cycle(STEPS[:22], cyclic)[1] is None


def test_few_constant_or_zero_values_are_left_alone():
    for values in (np.array([1.0, 2.0, 1.0]), np.ones(50), np.full(50, 1e-9)):
        found, period = without_cycle(STEPS[: len(values)], values)
        assert period is None
        np.testing.assert_array_equal(found, values)
