"""Candidates side by side, how their runs were trained, and runs up to a step."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from analysis import diagnose, run_from_frame
from analysis.candidates import At, rows_of
from analysis.job import Job
from analysis.schema import Direction
from analysis.settings import UNKNOWN, differing
from analysis.up_to import up_to
from tests.analysis.curve.runs import conflicted_run, named_run, report_on
from tests.builders import azure_rewards


def rows(*candidates: At):
    return {row.name: row for row in rows_of(candidates)}


def test_values_are_read_on_the_curve_with_their_difference_to_the_first():
    report = report_on("overfit")
    found = rows(At("A", report, 100), At("B", report, 300))["Validation loss"]
    expected = report.curves.valid.middle([100, 300])
    assert found.values == pytest.approx(tuple(expected))
    assert found.deltas == pytest.approx((0.0, expected[1] - expected[0]))
    assert found.direction is Direction.LOWER


def test_accuracy_reads_as_a_share_and_tokens_belong_to_rewards():
    loss = diagnose(conflicted_run())
    reward = diagnose(run_from_frame(azure_rewards(), "rft"))
    found = rows(At("A", loss, 100), At("B", reward, 60))
    assert found["Token accuracy"].as_share
    assert isnan(found["Token accuracy"].values[1])
    assert isnan(found["Answer tokens"].values[0])
    assert found["Answer tokens"].values[1] == pytest.approx(500, rel=0.1)


def test_loss_and_reward_are_rows_of_their_own():
    found = rows(At("A", report_on("healthy"), 100), At("B", report_on("rewarded"), 100))
    assert isnan(found["Validation loss"].values[1])
    assert isnan(found["Validation reward"].values[0])
    assert all(isnan(delta) for delta in found["Validation reward"].deltas)


def test_regret_is_that_of_the_runs_own_choices():
    report = report_on("saved")
    found = rows(At("A", report, 100), At("B", report, 130))["Expected regret"]
    assert found.values[0] == pytest.approx(float(report.recommendation.choices.regret[0]))
    assert isnan(found.values[1])


def test_only_what_differs_is_shown_and_what_is_not_told_is_not_made_up():
    run = named_run("healthy")
    one = replace(run, hyperparameters={"batch_size": 8, "learning_rate_multiplier": 0.1})
    other = replace(
        run, hyperparameters={"batch_size": 8}, job=Job(base_model="gpt-4.1", provider="azure")
    )
    assert differing([one, other]) == {
        "learning_rate_multiplier": ("0.1", UNKNOWN),
        "base model": (UNKNOWN, "gpt-4.1"),
        "provider": (UNKNOWN, "azure"),
    }
    assert differing([one, one]) == {}


def test_a_run_up_to_a_step_is_what_stood_there():
    run = replace(named_run("saved"), job=Job(status="succeeded"))
    part = up_to(run, 150)
    assert part.last_step == 150
    assert [checkpoint.step for checkpoint in part.checkpoints] == [100]
    assert part.n_epochs == pytest.approx(1.5)
    assert part.job is None
    assert np.array_equal(part.frame["train_loss"], run.frame["train_loss"][:150])
    assert run.last_step == 300


def test_up_to_its_end_a_run_is_itself_and_before_its_start_there_is_none():
    run = named_run("saved")
    assert up_to(run, 300) is run
    with pytest.raises(ValueError, match="logged nothing"):
        up_to(run, 0)
