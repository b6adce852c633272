"""Quantities of losses: on curves whose values are known by construction."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.curve import quantities
from analysis.curve.curve import GRID, N_DRAWS
from analysis.run import Origin
from analysis.schema import Method
from tests.analysis.curve.made import (
    curve_of,
    curve_with,
    level,
    loss_curves_of,
    stepping,
)
from tests.benchmarks import labels
from tests.builders import make_run

RUN = make_run(np.ones(20))
OPENAI = replace(RUN, origin=Origin(format="openai-results"))


def falls(p: np.ndarray) -> np.ndarray:
    return 0.8 + 1.2 * np.exp(-6.0 * p)


def turns(p: np.ndarray) -> np.ndarray:
    return 0.9 + np.exp(-8.0 * p) + 0.5 * np.maximum(p - 0.4, 0.0)


PAIRS = [
    (lambda p: 0.9 * falls(p), falls, 3),
    (lambda p: falls(p) * 0.5**p, turns, 3),
    (turns, turns, 1),
    (lambda p: 2.0 - 0.2 * p, lambda p: 2.4 - 0.25 * p, 2),
    (lambda p: 0.8 * falls(p), lambda p: 1.4 * falls(p), 5),
]


@pytest.mark.parametrize(("train_formula", "valid_formula", "n_epochs"), PAIRS)
def test_quantities_agree_with_those_of_the_benchmark_which_were_written_apart(
    train_formula, valid_formula, n_epochs
):
    fine = np.linspace(0.0, 1.0, 2001)
    expected = labels.quantities(fine, train_formula(fine), valid_formula(fine), n_epochs)
    train, valid = curve_of(train_formula), curve_of(valid_formula)
    curves = loss_curves_of(train, valid, n_epochs)
    found = {
        "q": quantities.ratio(train, valid),
        "rise": quantities.rise(valid, RUN),
        "train_end": quantities.train_end(train),
        "valid_end": quantities.valid_end(valid),
        "drop": quantities.train_drop(curves, train),
        "train_rise": quantities.train_rise(train),
        "q1": quantities.first_epoch_ratio(curves, train, valid),
        "share1": quantities.first_epoch_share(curves, valid),
        "late_drop": quantities.late_drop(valid),
        "late_share": quantities.late_share(curves, valid),
    }
    for name, values in found.items():
        assert values.shape == (N_DRAWS,)
        np.testing.assert_allclose(values, getattr(expected, name), rtol=0.03, atol=0.01)


@pytest.mark.parametrize("cycles", [0.4, 1.5, 3.2, 6.0])
@pytest.mark.parametrize("size", [0.03, 0.12])
def test_reversals_are_counted_as_the_benchmark_counts_them(cycles, size):
    curve = curve_of(lambda p: 1.0 + size * np.sin(2 * np.pi * cycles * p))
    drawn = curve.draws[0][GRID >= quantities.START]
    expected = labels.count_reversals(drawn, 0.085)
    assert set(quantities.reversals(curve, 0.085)) == {expected}


def test_small_wiggles_and_steady_falls_have_no_reversals():
    assert not quantities.reversals(curve_of(falls), 0.085).any()
    wiggle = curve_of(lambda p: 1.0 + 0.02 * np.sin(60.0 * p))
    assert not quantities.reversals(wiggle, 0.085).any()


def test_a_rise_is_never_negative_and_none_where_the_end_is_the_best():
    rng = np.random.default_rng(0)
    wild = curve_with(np.exp(rng.normal(0.0, 0.4, (N_DRAWS, len(GRID)))))
    assert (quantities.rise(wild, RUN) >= 0).all()
    assert (quantities.train_rise(wild) >= 0).all()
    assert quantities.rise(curve_of(falls), RUN).max() < 0.001


def test_a_rise_of_losses_near_zero_is_measured_against_a_level_that_matters():
    np.testing.assert_allclose(quantities.rise(stepping(0.01, 0.02), RUN), 0.01 / 0.05)
    np.testing.assert_allclose(quantities.rise(stepping(0.1, 0.12), RUN), 0.2)


def test_a_curve_at_zero_gives_finite_quantities():
    zero = level(0.0)
    curves = loss_curves_of(zero, zero, 2)
    for values in (
        quantities.ratio(zero, zero),
        quantities.rise(zero, RUN),
        quantities.train_rise(zero),
        quantities.train_drop(curves, zero),
        quantities.first_epoch_share(curves, zero),
        quantities.late_share(curves, zero),
    ):
        assert np.isfinite(values).all()


def test_the_start_is_a_window_of_the_first_epoch_when_epochs_are_short():
    curve = curve_of(lambda p: 1.0 - p)
    np.testing.assert_allclose(quantities.start_level(curve, np.full(N_DRAWS, 1.0)), 0.98)
    np.testing.assert_allclose(quantities.start_level(curve, np.full(N_DRAWS, 30.0)), 0.995)


def test_one_late_spike_is_no_sustained_rise_of_training_loss():
    spike = curve_of(lambda p: np.where(np.abs(p - 0.975) < 0.01, 3.0, 1.0))
    climb = curve_of(lambda p: np.where(p < 0.8, 1.0, 1.5))
    assert quantities.late_train_rise(spike).max() == pytest.approx(0.0)
    assert quantities.late_train_rise(climb).min() == pytest.approx(0.5)


def test_the_fall_of_accuracy_is_absolute_and_from_its_best():
    accuracy = curve_of(lambda p: np.where(p < 0.5, 0.7, 0.64))
    np.testing.assert_allclose(quantities.accuracy_fall(accuracy), 0.06)
    assert quantities.accuracy_fall(curve_of(lambda p: 0.5 + 0.2 * p)).max() < 0.01


def test_stairs_are_told_from_a_steady_fall():
    stairs = curve_of(lambda p: 0.8 ** (np.ceil(p * 4 - 1e-9) - 1.0).clip(0.0))
    at_seams, within = quantities.stair_drops(stairs, 4.0)
    np.testing.assert_allclose(at_seams, 0.2, atol=0.03)
    np.testing.assert_allclose(within, 0.0, atol=0.05)
    steady = curve_of(lambda p: 0.8 ** (4 * p))
    at_seams, within = quantities.stair_drops(steady, 4.0)
    assert (within > at_seams).all()


def test_a_loss_is_taken_per_visible_token_only_for_openai_files_of_known_length():
    loss = np.array([0.2])
    run, openai = replace(RUN, answer_tokens=1.0), replace(OPENAI, answer_tokens=1.0)
    assert quantities.visible(loss, openai).tolist() == pytest.approx([0.6])
    assert quantities.visible(loss, run).tolist() == [0.2]
    assert quantities.visible(loss, replace(openai, answer_tokens=None)).tolist() == [0.2]
    assert quantities.visible(loss, replace(openai, answer_tokens=1e6)) == pytest.approx(
        0.2, rel=1e-4
    )


@pytest.mark.parametrize("tokens", [0.0, -1.0, np.nan, np.inf])
def test_an_impossible_length_of_answers_leaves_a_loss_as_logged(tokens):
    assert quantities.visible_factor(replace(OPENAI, answer_tokens=tokens)) == 1.0


def test_the_loss_of_preference_tuning_has_no_hidden_tokens():
    preferring = replace(OPENAI, answer_tokens=1.0, method=Method.DPO)
    assert quantities.visible_factor(preferring) == 1.0


def test_the_level_that_matters_to_a_rise_is_one_of_visible_tokens():
    stepped = stepping(0.02, 0.03)
    np.testing.assert_allclose(quantities.rise(stepped, RUN), 0.01 / 0.05)
    one_token = replace(OPENAI, answer_tokens=1.0)
    np.testing.assert_allclose(quantities.rise(stepped, one_token), 0.5)
