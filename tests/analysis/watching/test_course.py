from math import isnan

import numpy as np
import pytest

from analysis import run_from_frame
from analysis.job import Job
from analysis.watching.course import TrainingPrice, course_of
from tests.builders import falling, make_frame


def run(**columns):
    return run_from_frame(make_frame(train_loss=falling(2.0, 0.8, 100), **columns))


def test_a_quarter_of_the_steps_leaves_three_times_the_time_and_the_money():
    timed = run(wall_time=1_773_000_000 + 36.0 * np.arange(1, 101))
    course = course_of(timed, 400, TrainingPrice(per_hour=100.0))
    assert course.share == 0.25
    assert course.seconds == pytest.approx(3600.0)
    assert course.seconds_left == pytest.approx(3 * 3600.0)
    assert course.dollars == pytest.approx(100.0)
    assert course.dollars_left == pytest.approx(300.0)


def test_tokens_are_billed_by_the_million():
    counted = run(num_tokens=10_000.0 * np.arange(1, 101))
    course = course_of(counted, 200, TrainingPrice(per_million=5.0))
    assert (course.dollars, course.dollars_left) == (pytest.approx(5.0), pytest.approx(5.0))


def test_billed_tokens_outrank_logged_ones():
    frame = make_frame(train_loss=falling(2.0, 0.8, 10), num_tokens=np.arange(10.0))
    billed = run_from_frame(frame, job=Job("j", trained_tokens=2e6))
    assert course_of(billed, 10, TrainingPrice(per_million=3.0)).dollars == pytest.approx(6.0)


def test_what_is_not_known_is_not_invented():
    course = course_of(run(), None, TrainingPrice(per_hour=100.0))
    assert all(isnan(value) for value in vars(course).values())
