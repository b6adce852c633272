from dataclasses import replace

import numpy as np

from analysis import diagnose, run_from_frame
from analysis.run import Checkpoint
from analysis.standing import standings
from analysis.verdict import Status
from tests.builders import falling, make_run, turning


def run_that_turns(**more):
    return diagnose(make_run(falling(), turning(), **more))


def test_the_recommended_step_passes_and_a_late_one_is_worse_with_its_probability():
    report = run_that_turns()
    best = report.recommendation.step
    here, late = standings(report, [best, report.run.last_step])
    assert (here.status, here.label) == (Status.PASS, "Recommended")
    assert late.status is Status.WARN
    assert f"than at step {best:,}" in late.statement
    assert "probability" in late.statement


def test_without_validation_no_step_is_told_from_another():
    report = diagnose(make_run(falling()))
    standing = standings(report, [report.run.last_step])[0]
    assert standing.status is Status.INSUFFICIENT_DATA


def test_nothing_is_usable_once_the_loss_is_infinite_for_good():
    run = make_run(falling(), turning())
    frame = run.frame.copy()
    frame.loc[frame.index[-30:], "train_loss"] = np.inf
    report = diagnose(run_from_frame(frame, name="lost"))
    assert standings(report, [report.run.last_step])[0].status is Status.FAIL


def test_a_saved_step_brings_its_model():
    run = make_run(falling(), turning())
    saved = (Checkpoint(100, "ft:model:ckpt-100"),)
    report = diagnose(replace(run, checkpoints=saved))
    assert standings(report, [100])[0].model == "ft:model:ckpt-100"
    assert standings(report, [99])[0].model is None
