"""Invariants: what must not change a report, and what changes it by design."""

# By design, limits on losses are in nats per token and limits on rewards in shares of 1, so that
# another unit may change a verdict; and step 1 is the base model, so that the steps of an RFT run
# do not scale freely. What would then be wrong to demand is pinned down at the end.

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import Checkpoint, Report, Status, diagnose, run_from_frame
from analysis.schema import LOSSES, REWARDS
from tests.analysis.curve.runs import named_run, rebuilt, report_on

LOSS_RUNS = ("healthy", "healthy, full passes", "overfit", "saved", "divergent", "underfit")
REWARD_RUNS = ("rewarded", "hacked", "collapsed")
RUNS = (*LOSS_RUNS, *REWARD_RUNS)


def document(report: Report) -> str:
    return json.dumps(report.to_dict(), allow_nan=False)


def judged(report: Report) -> dict:
    """Return what the report says, without what the import had to say of its rows."""
    kept = report.to_dict()
    del kept["import_notes"], kept["rows"]
    return kept


def outcome(report: Report, *, but: str = "") -> tuple:
    """Return the labels and statuses, without any number."""
    verdicts = [(v.rule, v.status, v.label) for v in report.verdicts if v.rule != but]
    return report.headline.label, report.recommendation.action, verdicts


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("healthy", "healthy"),
        ("healthy, full passes", "healthy"),
        ("overfit", "overfit_severe"),
        ("saved", "overfit_severe"),
        ("divergent", "divergence"),
        ("underfit", "underfit"),
        ("rewarded", "healthy"),
        ("hacked", "reward_hacking"),
        ("collapsed", "collapse"),
    ],
)
def test_the_runs_below_are_what_they_are_called(name, label):
    assert report_on(name).headline.label == label


@pytest.mark.parametrize("name", RUNS)
def test_the_same_run_gives_the_same_bytes_again(name):
    run = named_run(name)
    assert document(diagnose(rebuilt(run, run.frame))) == document(report_on(name))


@pytest.mark.parametrize("name", RUNS)
def test_rows_in_another_order_give_the_same_bytes(name):
    run = named_run(name)
    shuffled = run.frame.sample(frac=1.0, random_state=0)
    assert not shuffled["step"].is_monotonic_increasing
    assert document(diagnose(rebuilt(run, shuffled))) == document(report_on(name))


@pytest.mark.parametrize("name", RUNS)
def test_columns_in_another_order_give_the_same_bytes(name):
    run = named_run(name)
    turned = run.frame[run.frame.columns[::-1]]
    assert document(diagnose(rebuilt(run, turned))) == document(report_on(name))


@pytest.mark.parametrize("name", RUNS)
def test_rows_written_twice_change_nothing_but_the_import_notes(name):
    run = named_run(name)
    twice = pd.concat([run.frame, run.frame.sample(frac=0.4, random_state=0)])
    report = diagnose(rebuilt(run, twice))
    assert judged(report) == judged(report_on(name))
    assert [note.code for note in report.run.notes] == ["joined_rows"]


@pytest.mark.parametrize("name", RUNS)
def test_blank_rows_change_nothing_but_the_import_notes(name):
    run = named_run(name)
    blank = pd.DataFrame(np.nan, index=range(25), columns=run.frame.columns)
    padded = pd.concat([run.frame, blank]).sample(frac=1.0, random_state=1)
    assert judged(diagnose(rebuilt(run, padded))) == judged(report_on(name))


def scaled_steps(name: str, factor: int) -> pd.DataFrame:
    return named_run(name).frame.assign(step=lambda frame: frame["step"] * factor)


def with_scaled_steps(name: str, factor: int, frame: pd.DataFrame | None = None) -> Report:
    run = named_run(name)
    saved = tuple(Checkpoint(c.step * factor) for c in run.checkpoints)
    frame = scaled_steps(name, factor) if frame is None else frame
    return diagnose(rebuilt(replace(run, checkpoints=saved), frame))


@pytest.mark.parametrize("name", RUNS)
def test_steps_at_which_nothing_was_logged_change_nothing_but_where_the_run_begins(name):
    frame = scaled_steps(name, 3)
    blank = pd.DataFrame({"step": frame["step"] - 1})
    plain = judged(with_scaled_steps(name, 3))
    padded = judged(with_scaled_steps(name, 3, pd.concat([frame, blank])))
    assert padded.pop("first_step") == plain.pop("first_step") - 1
    for verdicts in (plain["verdicts"], padded["verdicts"]):
        for verdict in verdicts:
            verdict["steps"] = verdict["steps"][1:]
    assert padded == plain


@pytest.mark.parametrize("name", RUNS)
def test_a_blank_column_or_an_unknown_one_changes_nothing_but_the_import_notes(name):
    run = named_run(name)
    wider = run.frame.assign(grad_norm=np.nan, seconds_waited=3.0)
    report = diagnose(rebuilt(run, wider))
    assert judged(report) == judged(report_on(name))
    assert {note.code for note in report.run.notes} == {"empty_column", "unknown_column"}


@pytest.mark.parametrize("name", LOSS_RUNS)
@pytest.mark.parametrize("factor", [10, 37])
def test_steps_counted_in_another_unit_scale_the_steps_of_the_answer_and_nothing_else(name, factor):
    found, plain = with_scaled_steps(name, factor), report_on(name)
    assert outcome(found) == outcome(plain)
    assert found.headline.confidence == plain.headline.confidence
    assert [v.probability for v in found.verdicts] == [v.probability for v in plain.verdicts]
    assert found.recommendation.step == factor * plain.recommendation.step
    assert found.recommendation.expected_regret == plain.recommendation.expected_regret
    assert found.recommendation.tied_steps == tuple(
        factor * step for step in plain.recommendation.tied_steps
    )


@pytest.mark.parametrize("name", REWARD_RUNS)
def test_steps_of_rewards_scale_too_but_for_the_comparison_with_step_1(name):
    found, plain = with_scaled_steps(name, 10), report_on(name)
    assert outcome(found, but="below_base") == outcome(plain, but="below_base")
    assert found.recommendation.step == 10 * plain.recommendation.step


@pytest.mark.parametrize("name", LOSS_RUNS)
@pytest.mark.parametrize("factor", [0.93, 1.07])
def test_a_little_more_or_less_loss_throughout_changes_no_outcome(name, factor):
    run, plain = named_run(name), report_on(name)
    losses = {column: run.frame[column] * factor for column in LOSSES if column in run.frame}
    found = diagnose(rebuilt(run, run.frame.assign(**losses)))
    assert outcome(found) == outcome(plain)
    assert found.recommendation.step == plain.recommendation.step
    assert found.recommendation.expected_regret == pytest.approx(
        plain.recommendation.expected_regret, rel=1e-3, abs=1e-6
    )


@pytest.mark.parametrize(
    ("name", "factor", "label"),
    [("underfit", 2.5, "both_high"), ("healthy", 0.03, "crash_zero")],
)
def test_by_design_a_loss_of_another_size_is_another_verdict(name, factor, label):
    run = named_run(name)
    losses = {column: run.frame[column] * factor for column in LOSSES if column in run.frame}
    found = diagnose(rebuilt(run, run.frame.assign(**losses)))
    assert found.headline.label == label != report_on(name).headline.label


def test_by_design_a_gap_between_smaller_rewards_is_watched_and_no_hacking():
    run = named_run("hacked")
    rewards = {column: run.frame[column] * 0.2 for column in REWARDS}
    found = {v.rule: v for v in diagnose(rebuilt(run, run.frame.assign(**rewards))).verdicts}
    assert found["reward_hacking"].label == "watch"
    assert found["reward_hacking"].status is Status.WARN


def test_by_design_of_a_step_written_twice_with_other_values_the_later_one_counts():
    frame = pd.DataFrame({"step": [1, 2, 2], "train_loss": [2.0, 1.0, 1.5]})
    assert run_from_frame(frame).frame["train_loss"].tolist() == [2.0, 1.5]
    assert run_from_frame(frame[::-1]).frame["train_loss"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("name", RUNS)
def test_judging_a_run_changes_neither_its_frame_nor_its_notes(name):
    run = named_run(name)
    before, notes = run.frame.copy(), run.notes
    diagnose(run)
    pd.testing.assert_frame_equal(run.frame, before)
    assert run.notes == notes
