"""The curves behind an SFT run: which column sets the level, and what empty ones do."""

import numpy as np
import pytest

from analysis import Run, run_from_frame
from analysis.curve.curve import GRID, N_DRAWS
from analysis.curve.losses import folded_validation, loss_curves
from analysis.curve.readings import Readings
from tests.analysis.curve.made import column_frame
from tests.builders import falling, make_run, noisy, sparse

N = 300


def run_of(*, n_epochs: float | None = None, **columns: np.ndarray) -> Run:
    return run_from_frame(column_frame(**columns), method="sft", n_epochs=n_epochs)


def both_columns(batch: np.ndarray, full: np.ndarray) -> Run:
    return run_of(
        train_loss=noisy(falling(), 0.05, 0),
        valid_loss=sparse(noisy(batch, 0.1, 1), 3),
        full_valid_loss=sparse(noisy(full, 0.003, 2), 50),
    )


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.6])
def test_full_validation_sets_the_level_wherever_batches_lie(factor):
    truth = falling(2.0, 0.85)
    curves = loss_curves(both_columns(factor * truth, truth))
    steps = np.arange(50, N + 1, 50)
    assert curves.valid.column == "full_valid_loss"
    np.testing.assert_allclose(curves.valid.middle(steps), truth[steps - 1], rtol=0.03)


def test_batches_show_what_happened_between_full_passes():
    progress = np.arange(1, N + 1) / N
    truth = falling(2.0, 1.0) - 0.3 * np.exp(-(((progress - 0.5) / 0.1) ** 2))
    full = sparse(noisy(truth, 0.003, 2), 100)
    batch = sparse(noisy(1.3 * truth, 0.05, 1), 3)
    errors = [
        abs(loss_curves(run_of(**columns)).valid.middle([150])[0] - truth[149])
        for columns in ({"full_valid_loss": full, "valid_loss": batch}, {"full_valid_loss": full})
    ]
    assert errors[0] < 0.08
    assert errors[1] > 0.2


def test_batch_validation_sets_the_level_where_there_is_no_full_pass():
    curves = loss_curves(make_run(falling(), falling(2.0, 0.9)))
    assert curves.valid.column == "valid_loss"
    late = np.arange(250, N + 1, 10)
    np.testing.assert_allclose(curves.valid.middle(late), falling(2.0, 0.9)[late - 1], rtol=0.03)


@pytest.mark.parametrize("noise", [0.02, 0.1, 0.3])
def test_the_curves_follow_the_truth_behind_noisy_batches(noise):
    curves = loss_curves(make_run(falling(), falling(2.0, 0.9), noise=noise))
    steps = np.arange(30, N + 1, 10)
    truth = falling()[steps - 1]
    np.testing.assert_allclose(curves.train.middle(steps), truth, rtol=max(0.5 * noise, 0.03))


def test_a_cycle_of_validation_batches_is_folded_before_the_fit():
    factors = np.exp(0.25 * np.random.default_rng(3).standard_normal(11))
    cycle = (factors / factors.mean())[np.arange(N) % 11]
    curves = loss_curves(
        run_of(train_loss=noisy(falling(), 0.05, 0), valid_loss=falling(2.0, 0.9) * cycle)
    )
    late = np.arange(150, N + 1, 5)
    np.testing.assert_allclose(curves.valid.middle(late), falling(2.0, 0.9)[late - 1], rtol=0.005)
    assert curves.valid.at(late).std(axis=0).max() < 0.005


def test_folding_keeps_steps_and_column_and_leaves_uncycled_batches_alone():
    batch = Readings("valid_loss", np.arange(5, N + 1, 5), noisy(falling(), 0.2, 4)[4::5])
    folded = folded_validation(batch, None)
    np.testing.assert_array_equal(folded.values, batch.values)
    assert folded.column == "valid_loss"
    np.testing.assert_array_equal(folded.steps, batch.steps)


def test_a_column_that_is_infinite_throughout_has_no_curve_and_is_lost_from_its_start():
    curves = loss_curves(run_of(train_loss=np.full(40, np.inf), valid_loss=falling(n_steps=40)))
    assert curves.train is None
    assert curves.valid is not None
    assert curves.lost_from == 1


def test_a_loss_lost_to_the_end_is_named_by_the_earliest_such_step():
    train, valid = falling(), falling()
    train[250:], valid[230:] = np.inf, np.inf
    assert loss_curves(run_of(train_loss=train, valid_loss=valid)).lost_from == 231


def test_an_infinite_value_that_recovers_is_not_lost():
    train = falling()
    train[100] = np.inf
    assert loss_curves(run_of(train_loss=train)).lost_from is None


def test_a_run_without_any_loss_has_no_curves():
    curves = loss_curves(run_of(learning_rate=np.linspace(1e-4, 1e-5, 30)))
    assert (curves.train, curves.valid, curves.accuracy, curves.lost_from) == (None,) * 4


def test_validation_alone_gives_a_curve_of_validation_alone():
    curves = loss_curves(run_of(full_valid_loss=sparse(falling(), 30)))
    assert curves.train is None
    np.testing.assert_allclose(curves.valid.middle([300]), falling()[-1], rtol=0.03)


@pytest.mark.parametrize("column", ["train_loss", "valid_loss", "full_valid_loss"])
def test_a_single_point_gives_a_curve_near_it(column):
    values = np.full(30, np.nan)
    values[14] = 1.3
    curves = loss_curves(run_of(**{column: values}, learning_rate=np.ones(30)))
    curve = curves.train if column == "train_loss" else curves.valid
    assert curve.draws.shape == (N_DRAWS, len(GRID))
    assert curve.middle([15])[0] == pytest.approx(1.3, rel=0.1)


def test_no_curve_of_a_loss_is_ever_negative_or_infinite():
    curves = loss_curves(make_run(falling(2.0, 0.0), falling(1e4, 0.01), noise=0.5))
    for curve in (curves.train, curves.valid):
        assert np.isfinite(curve.draws).all()
        assert (curve.draws >= 0).all()


def test_epochs_are_the_jobs_then_the_files_then_plausible_ones():
    full = sparse(falling(), 100)
    assert set(loss_curves(run_of(full_valid_loss=full, n_epochs=5)).epochs) == {5.0}
    assert loss_curves(run_of(full_valid_loss=full)).n_epochs == 3.0
    unknown = loss_curves(run_of(train_loss=noisy(falling(), 0.05, 0)))
    assert unknown.n_epochs is None
    assert len(set(unknown.epochs)) > 2


def test_full_passes_set_the_level_of_token_accuracy_too_and_it_stays_a_share():
    truth = 0.999 - 0.5 * np.exp(-5.0 * np.arange(1, N + 1) / N)
    curves = loss_curves(
        run_of(
            train_loss=falling(),
            valid_mean_token_accuracy=sparse(truth - 0.1, 5),
            full_valid_mean_token_accuracy=sparse(truth, 50),
        )
    )
    assert curves.accuracy.column == "full_valid_mean_token_accuracy"
    steps = np.arange(50, N + 1, 50)
    np.testing.assert_allclose(curves.accuracy.middle(steps), truth[steps - 1], atol=0.02)
    assert curves.accuracy.draws.max() <= 1.0
