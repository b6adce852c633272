"""Steps that cannot be used: beyond the run, after the loss was lost, or worse on every curve."""

import numpy as np
import pytest

from analysis import SourceError, diagnose, run_from_frame
from tests.analysis.curve.runs import conflicted_run
from tests.builders import falling, make_frame, make_run, turning


def lost_late(**columns):
    frame = make_frame(train_loss=falling(), valid_loss=falling())
    frame.loc[frame["step"] > 250, list(columns)] = np.inf
    return run_from_frame(frame, checkpoints=[100, 200, 300])


def test_a_checkpoint_beyond_the_run_is_not_recommended():
    run = make_run(falling(), falling(), checkpoints=[100, 200, 400])
    found = diagnose(run).recommendation
    assert found.choices.steps.tolist() == [100, 200]


def test_where_all_checkpoints_lie_beyond_the_run_that_is_said():
    found = diagnose(make_run(falling(), falling(), checkpoints=[400])).recommendation
    assert not found.choices.deployable
    assert "No saved checkpoint can be used." in found.statement


@pytest.mark.parametrize("columns", [("train_loss",), ("train_loss", "valid_loss")])
def test_no_step_after_the_loss_was_lost_is_a_choice(columns):
    found = diagnose(lost_late(**dict.fromkeys(columns, True))).recommendation
    assert found.choices.steps.tolist() == [100, 200]
    assert all(candidate.step <= 250 for candidate in found.candidates)


def test_a_loss_lost_before_any_evaluation_leaves_no_choice():
    frame = make_frame(train_loss=np.full(60, np.inf), valid_loss=falling(n_steps=60))
    found = diagnose(run_from_frame(frame)).recommendation
    assert found.step is None
    assert "infinite before the first evaluation" in found.statement


def test_rows_without_any_value_do_not_lengthen_the_run():
    run = make_run(falling(2.0, 0.3), turning(0.8, 0.6))
    blank = make_frame(train_loss=np.full(600, np.nan)).iloc[300:]
    longer = run_from_frame(blank.merge(run.frame, how="outer"))
    assert longer.last_step == 300
    assert diagnose(longer).recommendation.step == diagnose(run).recommendation.step


def test_part_of_an_epoch_is_judged_within_the_run():
    train = 2.0 - 1.2 * np.arange(1, 301) / 300
    run = make_run(train, 1.02 * train, n_epochs=0.1)
    ratios = {v.rule: v.evidence for v in diagnose(run).verdicts}["gap_from_start"]
    assert 0.9 < ratios[0].value < 1.1


def test_a_choice_moved_by_token_accuracy_is_called_a_balance():
    by_loss = diagnose(conflicted_run(), priority=0.0).recommendation
    by_accuracy = diagnose(conflicted_run(), priority=1.0).recommendation
    assert "lowest expected validation loss" in by_loss.statement
    assert by_accuracy.step != by_loss.step
    assert "best balance of loss and token accuracy" in by_accuracy.statement
    assert by_accuracy.candidates[0].role.startswith("best balance")
    assert by_accuracy.step in by_accuracy.tied_steps


@pytest.mark.parametrize("n_epochs", [0, -1, np.inf, np.nan])
def test_a_number_of_epochs_that_is_none_is_refused(n_epochs):
    with pytest.raises(SourceError, match="number of epochs"):
        make_run(falling(), n_epochs=n_epochs)


@pytest.mark.parametrize("answer_tokens", [0, -1, np.inf, np.nan])
def test_a_length_of_answers_that_is_none_is_refused(answer_tokens):
    with pytest.raises(SourceError, match="mean length"):
        run_from_frame(make_frame(train_loss=falling()), answer_tokens=answer_tokens)


def test_an_infinite_epoch_in_the_file_is_survived():
    epochs = np.full(300, np.inf)
    run = run_from_frame(make_frame(train_loss=falling(), valid_loss=falling(), epoch=epochs))
    assert diagnose(run).headline.label


def test_a_negative_checkpoint_is_refused_and_a_repeated_one_kept_once():
    with pytest.raises(SourceError, match="step -5"):
        make_run(falling(), checkpoints=[-5])
    run = make_run(falling(), checkpoints=[200, 200, 300])
    assert [checkpoint.step for checkpoint in run.checkpoints] == [200, 300]


def test_half_an_epoch_whose_validation_ends_high_shows_no_gap_from_the_start():
    share = np.arange(1, 301) / 300
    run = make_run(np.where(share < 0.9, 2.0, 2.0 - 10.0 * (share - 0.9)), 0.0 * share + 2.0,
                   n_epochs=0.5, noise=0.01)  # fmt: skip
    ratios = {v.rule: v.evidence for v in diagnose(run).verdicts}["gap_from_start"]
    assert ratios[0].value < 1.1
