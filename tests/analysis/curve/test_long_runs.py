import numpy as np

from analysis.curve.curve import GRID, MANY_STEPS, Curve
from analysis.curve.readings import Readings, _sides
from analysis.curve.span import first_step_of

N_STEPS = 50_000


def curve() -> Curve:
    random = np.random.default_rng(3)
    draws = 2.0 - GRID + random.normal(0.0, 0.05, (256, len(GRID))).cumsum(axis=1) / 10
    steps = np.arange(1, N_STEPS + 1)
    return Curve(Readings("train_loss", steps, np.ones(N_STEPS)), draws, N_STEPS)


def test_the_middle_at_very_many_steps_is_the_middle_at_each():
    long = curve()
    steps = np.arange(1, N_STEPS + 1, 7)
    assert len(steps) > MANY_STEPS
    each = np.concatenate([long.middle(part) for part in np.array_split(steps, 10)])
    np.testing.assert_allclose(long.middle(steps), each, atol=2e-3)


def test_the_sides_of_a_reading_are_the_medians_of_three():
    values = np.random.default_rng(1).normal(size=40)
    padded = np.pad(values, 3, mode="edge")
    before, after = _sides(values)
    for i in range(len(values)):
        assert before[i] == np.median(padded[i : i + 3])
        assert after[i] == np.median(padded[i + 4 : i + 7])


def test_the_first_step_of_several_columns_counts_each_step_once():
    late = Readings("train_loss", np.array([500, 510, 520]), np.ones(3))
    also = Readings("valid_loss", np.array([510, 520, 530]), np.ones(3))
    assert first_step_of([late, also], 530) == 500
    assert first_step_of([], 530) == 0
