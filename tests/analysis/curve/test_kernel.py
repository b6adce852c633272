"""The kernel: covariances that could be those of real curves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.curve.kernel import (
    BESIDE,
    SLOPE,
    TRAIN,
    VALID,
    Places,
    Shape,
    own_covariance,
    shared_covariance,
    usual_fall,
)

SHAPE = Shape(warp=30.0, length=0.2)

shapes = st.builds(
    Shape,
    warp=st.sampled_from([30.0, 300.0]),
    length=st.floats(0.05, 0.8),
    gap=st.floats(0.0, 1.2),
    harm=st.floats(0.0, 0.5),
    start_gap=st.floats(0.0, 0.4),
    swing=st.sampled_from([0.0, 0.15]),
    swing_length=st.floats(0.05, 0.12),
    in_step=st.booleans(),
    seam=st.sampled_from([0.0, 0.15, 0.5]),
)


def places(x, kind: int = TRAIN) -> Places:
    x = np.asarray(x, dtype=float)
    return Places(x, np.full(len(x), kind, dtype=np.int8))


def mixed(n: int, seed: int) -> Places:
    rng = np.random.default_rng(seed)
    return Places(rng.uniform(0.0, 1.0, n), rng.integers(0, 3, n).astype(np.int8))


def matern(distance: float) -> float:
    scaled = 5**0.5 * abs(distance)
    return (1.0 + scaled + scaled**2 / 3.0) * np.exp(-scaled)


@settings(max_examples=40, deadline=None)
@given(shape=shapes, n_epochs=st.sampled_from([None, 1.0, 2.5, 3.0, 10.0]), seed=st.integers(0, 99))
def test_covariances_are_symmetric_and_positive_semi_definite(shape, n_epochs, seed):
    seen = mixed(25, seed)
    for covariance in (
        shared_covariance(seen, seen, shape),
        own_covariance(seen, seen, shape, n_epochs),
    ):
        np.testing.assert_allclose(covariance, covariance.T, atol=1e-12)
        assert np.linalg.eigvalsh(covariance).min() > -1e-8


@settings(max_examples=20, deadline=None)
@given(shape=shapes, seed=st.integers(0, 99))
def test_the_covariance_of_two_sets_is_a_block_of_that_of_all(shape, seed):
    a, b = mixed(7, seed), mixed(5, seed + 1)
    both = Places(np.concatenate([a.x, b.x]), np.concatenate([a.kind, b.kind]))
    for whole, block in (
        (shared_covariance(both, both, shape), shared_covariance(a, b, shape)),
        (own_covariance(both, both, shape, 3.0), own_covariance(a, b, shape, 3.0)),
    ):
        np.testing.assert_allclose(whole[:7, 7:], block, atol=1e-12)


def test_the_shared_curve_is_a_warped_matern_and_a_straight_line():
    x = [0.0, 0.1, 0.55, 1.0]
    warped = [np.log1p(30.0 * p) / np.log1p(30.0) for p in x]
    expected = [
        [
            matern((warped[i] - warped[j]) / 0.2)
            + SLOPE * (1.0 + 4.0 * (x[i] - 0.5) * (x[j] - 0.5))
            for j in range(4)
        ]
        for i in range(4)
    ]
    np.testing.assert_allclose(shared_covariance(places(x), places(x), SHAPE), expected, rtol=1e-12)


def test_the_shared_curve_is_the_same_for_training_and_validation():
    x = [0.1, 0.4, 0.9]
    np.testing.assert_array_equal(
        shared_covariance(places(x, TRAIN), places(x, VALID), SHAPE),
        shared_covariance(places(x, TRAIN), places(x, TRAIN), SHAPE),
    )


def test_a_greater_warp_lets_the_curve_bend_more_at_the_start():
    start = places([0.0, 0.02])
    loose = shared_covariance(start, start, replace(SHAPE, warp=300.0))
    stiff = shared_covariance(start, start, SHAPE)
    assert loose[0, 1] < stiff[0, 1]


def test_seams_show_only_where_the_number_of_epochs_is_known():
    seen, seamed = mixed(20, 1), replace(SHAPE, seam=0.5)
    np.testing.assert_array_equal(
        own_covariance(seen, seen, seamed, None), own_covariance(seen, seen, SHAPE, None)
    )
    np.testing.assert_array_equal(
        own_covariance(seen, seen, seamed, 1.0), own_covariance(seen, seen, SHAPE, 1.0)
    )
    assert (own_covariance(seen, seen, seamed, 3.0) != own_covariance(seen, seen, SHAPE, 3.0)).any()


def seam_steps(kind: int, x) -> np.ndarray:
    """Return the variance that seams of three epochs add at places."""
    seen = places(x, kind)
    with_seams = own_covariance(seen, seen, replace(SHAPE, seam=0.3), 3.0)
    return np.diag(with_seams - own_covariance(seen, seen, SHAPE, 3.0))


def test_a_seam_jumps_after_the_step_that_ends_an_epoch():
    expected = 0.3**2 * np.array([0, 0, 1, 1, 2, 2]) / 3
    x = [0.2, 1 / 3, 1 / 3 + 0.001, 2 / 3, 2 / 3 + 0.001, 1.0]
    np.testing.assert_allclose(seam_steps(TRAIN, x), expected, atol=1e-12)


def test_validation_jumps_less_at_seams_than_training():
    train, valid = seam_steps(TRAIN, [0.5, 1.0]), seam_steps(VALID, [0.5, 1.0])
    assert (valid < train).all()
    assert (valid > 0).all()


def test_training_leaves_the_shared_curve_more_and_more_but_not_at_the_start():
    x = [0.0, 0.25, 0.5, 1.0]
    wide, none = replace(SHAPE, gap=1.2), replace(SHAPE, gap=0.0)
    train = places(x)
    added = np.diag(
        own_covariance(train, train, wide, None) - own_covariance(train, train, none, None)
    )
    assert added[0] == 0.0
    assert (np.diff(added) > 0).all()
    valid = places(x, VALID)
    np.testing.assert_array_equal(
        own_covariance(valid, valid, wide, None), own_covariance(valid, valid, none, None)
    )


def test_swings_belong_to_validation_alone_unless_training_swings_along():
    train, valid = places([0.3, 0.6]), places([0.3, 0.6], VALID)
    apart, along = replace(SHAPE, swing=0.15), replace(SHAPE, swing=0.15, in_step=True)
    for shape, moved in ((apart, 0.0), (along, 0.15**2)):
        added = own_covariance(train, train, shape, None) - own_covariance(
            train, train, SHAPE, None
        )
        np.testing.assert_allclose(np.diag(added), moved, atol=1e-12)
        added = own_covariance(valid, valid, shape, None) - own_covariance(
            valid, valid, SHAPE, None
        )
        np.testing.assert_allclose(np.diag(added), 0.15**2, atol=1e-12)


def test_only_points_beside_share_an_unknown_distance():
    x = [0.2, 0.8]
    beside, valid = places(x, BESIDE), places(x, VALID)
    apart = own_covariance(beside, beside, SHAPE, None) - own_covariance(valid, valid, SHAPE, None)
    assert apart.min() == pytest.approx(apart.max())
    assert apart.min() > 0
    np.testing.assert_array_equal(
        own_covariance(beside, valid, SHAPE, None), own_covariance(valid, valid, SHAPE, None)
    )


def test_the_usual_fall_opens_the_run_and_is_over_soon():
    fall = usual_fall(np.linspace(0.0, 1.0, 50))
    assert (np.diff(fall) < 0).all()
    assert fall[0] > 0.1
    assert fall[-1] < 0.001
