"""Spans: where progress begins, in whole files and in those that begin late."""

import numpy as np
import pytest

from analysis.curve.curve import GRID
from analysis.curve.losses import loss_curves
from analysis.curve.readings import Readings
from analysis.curve.rewards import reward_curves
from analysis.curve.span import first_step_of, progress
from analysis.run import run_from_frame
from tests.builders import falling, make_frame


def readings(*steps: int) -> Readings:
    return Readings("train_loss", np.array(steps, dtype=np.int64), np.ones(len(steps)))


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        (range(1, 300), 0),
        (range(30, 301), 0),
        (range(31, 301), 31),
        (range(200, 300), 200),
        (range(100, 1001, 100), 0),
        (range(210, 1001, 100), 210),
        ((500, 1000), 0),
        ((300,), 0),
        (range(10_000, 10_100), 10_000),
        (range(10), 0),
        (range(-5, 10), -5),
    ],
    ids=str,
)
def test_a_file_begins_late_where_a_tenth_and_two_distances_are_missing(steps, first):
    assert first_step_of([readings(*steps)], max(steps)) == first


def test_columns_judged_together_begin_with_the_first_of_them():
    logged = [readings(*range(200, 300)), readings(*range(1, 300, 10))]
    assert first_step_of(logged, 299) == 0
    assert first_step_of([], 299) == 0


def test_progress_runs_from_nothing_to_all():
    np.testing.assert_allclose(progress(np.array([200, 225, 300]), 200, 300), [0, 0.25, 1])
    np.testing.assert_allclose(progress(np.array([1, 150, 300]), 0, 300), [1 / 300, 0.5, 1])
    np.testing.assert_allclose(progress(np.array([7]), 7, 7), [0])


@pytest.mark.parametrize("offset", [200, 20_000])
def test_a_late_part_is_seen_as_sharply_as_a_whole_run(offset):
    loss = falling(n_steps=100)
    frame = make_frame(train_loss=loss, valid_loss=loss).assign(step=np.arange(100) + offset)
    train = loss_curves(run_from_frame(frame)).train
    assert (train.begins_late, train.first_step, train.steps[0]) == (True, offset, offset)
    assert train.steps[-1] == train.last_step == offset + 99
    steps = np.arange(offset + 10, offset + 100, 10)
    np.testing.assert_allclose(train.middle(steps), loss[10::10], rtol=0.05)
    assert train.step_at(0.5) == offset + 49
    assert train.step_of_least() > offset + 50


def test_rewards_of_a_late_part_are_seen_as_sharply_as_those_of_a_whole_run():
    reward = 0.2 + 0.5 * np.linspace(0, 1, 100)
    columns = {"train_mean_reward": reward, "completion_tokens_mean": 100 + reward}
    frame = make_frame(**columns).assign(step=np.arange(100) + 200)
    curves = reward_curves(run_from_frame(frame))
    assert curves.train.first_step == curves.tokens.first_step == 200
    np.testing.assert_allclose(curves.train.middle(np.array([200, 299])), [0.2, 0.7], atol=0.03)


def test_in_a_whole_run_progress_is_step_over_last_step():
    train = loss_curves(run_from_frame(make_frame(train_loss=falling()))).train
    assert not train.begins_late
    np.testing.assert_allclose(train.steps, GRID * 300)
