"""Axes on which runs of different length or batch size align."""

import numpy as np
import pytest

from analysis import run_from_frame
from analysis.axes import Axis, scale_of
from analysis.job import Job
from tests.builders import falling, make_frame, make_run


def run_with(**known):
    columns = known.pop("columns", {})
    return run_from_frame(make_frame(train_loss=falling(n_steps=100), **columns), **known)


@pytest.mark.parametrize(
    ("axis", "known", "end", "derived"),
    [
        (Axis.STEP, {}, 100, ""),
        (Axis.SHARE, {}, 1.0, ""),
        (Axis.EPOCH, {"n_epochs": 4}, 4.0, "epochs from 4 over 100 steps"),
        (Axis.EPOCH, {"hyperparameters": {"n_epochs": 2}}, 2.0, "epochs from 2 over 100 steps"),
        (Axis.EXAMPLES, {"hyperparameters": {"batch_size": 8}}, 800.0, "a batch size of 8"),
        (Axis.TOKENS, {"job": Job(trained_tokens=5e6)}, 5e6, "5,000,000 billed"),
        (Axis.TIME, {"job": Job(created_at=0.0, finished_at=7200.0)}, 2.0, "queueing included"),
    ],
)
def test_what_was_not_logged_is_derived_and_said_to_be(axis, known, end, derived):
    scale = scale_of(run_with(**known), axis)
    assert scale.at([100])[0] == pytest.approx(end)
    assert scale.at([50])[0] == pytest.approx(end / 2)
    assert derived in scale.derived
    assert bool(scale.derived) == bool(derived)


@pytest.mark.parametrize("axis", [Axis.EPOCH, Axis.EXAMPLES, Axis.TOKENS, Axis.TIME])
def test_a_place_that_cannot_be_known_is_none(axis):
    assert scale_of(run_with(), axis) is None


@pytest.mark.parametrize("batch", [-1, "auto", 0])
def test_a_batch_size_the_platform_has_not_settled_is_not_known(batch):
    assert scale_of(run_with(hyperparameters={"batch_size": batch}), Axis.EXAMPLES) is None


def test_what_was_logged_comes_before_what_could_be_derived():
    tokens = np.linspace(10.0, 9000.0, 100)
    run = run_with(columns={"num_tokens": tokens}, job=Job(trained_tokens=1.0))
    scale = scale_of(run, Axis.TOKENS)
    assert scale.derived == ""
    assert scale.at([1, 100]) == pytest.approx([10.0, 9000.0])


def test_wall_time_is_told_in_hours_since_the_first_step():
    run = run_with(columns={"wall_time": 1.7e9 + 36.0 * np.arange(100)})
    assert scale_of(run, Axis.TIME).at([1, 51]) == pytest.approx([0.0, 0.5])


def test_a_clock_that_goes_back_stands_still():
    time = 1.7e9 + 36.0 * np.arange(100)
    time[50] -= 5_000.0
    places = scale_of(run_with(columns={"wall_time": time}), Axis.TIME).places
    assert (np.diff(places) >= 0).all()


def test_epochs_that_the_file_shows_need_no_job():
    run = make_run(falling(), falling(), falling())
    assert scale_of(run, Axis.EPOCH).at([300])[0] == pytest.approx(6.0)


def test_a_run_of_one_step_has_a_place():
    run = run_from_frame(make_frame(train_loss=[1.0]))
    assert scale_of(run, Axis.SHARE).at([1])[0] == 1.0
