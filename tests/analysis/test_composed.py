import numpy as np
import pandas as pd
import pytest

from analysis.composed import with_composed_columns


def composed(**columns: list) -> tuple[pd.DataFrame, list[str]]:
    frame = pd.DataFrame({"step": range(1, 3), **columns})
    before = frame.copy()
    found, notes = with_composed_columns(frame)
    pd.testing.assert_frame_equal(frame, before)
    return found, [note.message for note in notes]


def test_a_frame_with_nothing_to_compose_comes_back_as_it_is():
    found, notes = composed(train_loss=[2.0, 1.0])
    assert list(found) == ["step", "train_loss"]
    assert notes == []


def test_several_held_out_sets_are_averaged_where_all_of_them_were_evaluated():
    found, notes = composed(eval_a_loss=[1.0, 2.0], eval_b_loss=[3.0, np.nan])
    assert found["valid_loss"].tolist()[0] == 2.0
    assert np.isnan(found["valid_loss"].iloc[1])
    assert notes == ["valid_loss is the mean over 2 held-out sets"]


def test_sets_that_were_never_evaluated_together_have_no_mean():
    found, notes = composed(eval_a_loss=[1.0, np.nan], eval_b_loss=[np.nan, 3.0])
    assert "valid_loss" not in found
    assert notes == []


def test_a_held_out_loss_of_its_own_is_kept():
    found, _ = composed(valid_loss=[9.0, 8.0], eval_a_loss=[1.0, 2.0])
    assert found["valid_loss"].tolist() == [9.0, 8.0]


def test_accuracies_of_several_sets_are_averaged_apart_from_losses():
    found, _ = composed(
        eval_a_mean_token_accuracy=[0.4, 0.6], eval_b_mean_token_accuracy=[0.6, 0.8]
    )
    assert found["valid_mean_token_accuracy"].tolist() == pytest.approx([0.5, 0.7])
    assert "valid_loss" not in found


def test_rollouts_that_were_not_aborted_were_completed():
    found, _ = composed(**{"response/aborted_ratio": [0.0, 0.25]})
    assert found["rollout_completion_rate"].tolist() == [1.0, 0.75]


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e6, 1e9])
def test_times_of_every_unit_become_seconds(unit):
    seconds = [1773000000.0, 1773000010.0]
    found, notes = composed(train_loss=[2.0, 1.0], wall_time=[unit * time for time in seconds])
    assert found["wall_time"].tolist() == pytest.approx(seconds)
    assert len(notes) == (unit != 1.0)


def test_a_time_without_end_is_left_as_it_is():
    found, _ = composed(train_loss=[2.0, 1.0], wall_time=[1.0, np.inf])
    assert found["wall_time"].tolist() == [1.0, np.inf]
