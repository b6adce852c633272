"""Epochs: read from the file where it states them, else inferred from seams."""

import numpy as np
import pytest

from analysis.curve.epochs import USUAL, known_epochs, plausible_epochs
from analysis.curve.kernel import TRAIN, VALID, Places
from analysis.curve.points import Points
from tests.analysis.curve.made import column_frame

N = 120


def at(steps: list[int], n: int = N) -> np.ndarray:
    values = np.full(n, np.nan)
    values[np.array(steps) - 1] = 1.0
    return values


def points(y: np.ndarray, kind: int = TRAIN, noise: float = 0.02) -> Points:
    x = np.arange(1, len(y) + 1) / len(y)
    return Points(Places(x, np.full(len(y), kind, dtype=np.int8)), y, np.full(len(y), noise))


def test_a_column_of_epochs_says_it_outright():
    frame = column_frame(epoch=np.linspace(0.0, 2.5, N), full_valid_loss=at([60, 120]))
    assert known_epochs(frame) == 2.5


@pytest.mark.parametrize("steps", [[120], [60, 120], [40, 80, 120], [24, 48, 72, 96, 120]])
def test_even_full_validations_that_end_with_the_run_count_its_epochs(steps):
    assert known_epochs(column_frame(full_valid_loss=at(steps))) == len(steps)


def test_a_step_more_or_less_is_still_even():
    assert known_epochs(column_frame(full_valid_loss=at([33, 67, 100], 100))) == 3
    assert known_epochs(column_frame(full_valid_loss=at([40, 80, 119]))) == 3


@pytest.mark.parametrize("steps", [[30, 80, 120], [40, 80], [100, 120]])
def test_uneven_full_validations_or_ones_that_stop_early_say_nothing(steps):
    assert known_epochs(column_frame(full_valid_loss=at(steps))) is None


def test_many_full_validations_count_epochs_only_beside_batch_validation():
    often = at(list(range(10, N + 1, 10)))
    assert known_epochs(column_frame(full_valid_loss=often)) is None
    assert known_epochs(column_frame(full_valid_loss=often, valid_loss=np.ones(N))) == 12


def test_a_file_without_full_validation_or_epochs_says_nothing():
    assert known_epochs(column_frame(train_loss=np.ones(N), valid_loss=np.ones(N))) is None


def test_without_points_the_usual_numbers_come_in_their_usual_shares():
    epochs = plausible_epochs(None, 256)
    shares = np.bincount(epochs.astype(int), minlength=11)[1:] / 256
    np.testing.assert_allclose(shares, USUAL / np.sum(USUAL), atol=1 / 256)


def test_validation_points_or_few_training_points_do_not_tell_the_epochs():
    usual = plausible_epochs(None, 256)
    steep = np.repeat([1.0, 0.0], 20)
    np.testing.assert_array_equal(plausible_epochs(points(steep, VALID), 256), usual)
    np.testing.assert_array_equal(plausible_epochs(points(steep[::4]), 256), usual)


@pytest.mark.parametrize(("last", "said"), [(N, N), (N + 1, None), (1e9, None), (np.inf, N / 2)])
def test_a_column_that_counts_more_epochs_than_steps_says_nothing(last, said):
    epochs = np.full(N, N / 2)
    epochs[-1] = last
    assert known_epochs(column_frame(epoch=epochs)) == said


@pytest.mark.parametrize("n_epochs", [2, 3, 4])
def test_stairs_in_training_loss_tell_the_epochs(n_epochs):
    x = np.arange(1, 41) / 40
    stairs = -0.4 * (np.ceil(x * n_epochs - 1e-9) - 1.0)
    y = stairs + 0.02 * np.random.default_rng(n_epochs).standard_normal(40)
    epochs = plausible_epochs(points(y), 256)
    assert np.mean(epochs == n_epochs) > 0.9


def test_every_draw_gets_a_whole_number_from_one_to_ten():
    epochs = plausible_epochs(points(np.random.default_rng(0).normal(0.0, 0.02, 40)), 100)
    assert epochs.shape == (100,)
    assert set(epochs) <= set(range(1, 11))
    assert len(set(epochs)) > 2
