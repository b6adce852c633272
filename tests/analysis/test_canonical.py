import numpy as np
import pandas as pd
import pytest

from analysis import SourceError
from analysis.canonical import LINE, to_canonical


def from_file(columns: dict) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name=LINE)
    return frame


def codes(notes) -> list[str]:
    return [note.code for note in notes]


def test_a_canonical_frame_comes_back_as_it_is_with_nothing_to_note():
    frame = pd.DataFrame({"step": [1, 2], "train_loss": [2.0, 1.0]})
    canonical, notes = to_canonical(frame)
    pd.testing.assert_frame_equal(canonical, frame)
    assert notes == ()


def test_the_given_frame_is_not_changed():
    frame = pd.DataFrame({"Step": ["3", "1"], "train_accuracy": ["x", "0.5"]})
    before = frame.copy()
    to_canonical(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("own", "canonical"),
    [
        ("train_accuracy", "train_mean_token_accuracy"),
        ("Training_Loss", "train_loss"),
        ("validation_mean_token_accuracy", "valid_mean_token_accuracy"),
        ("valid_reward_mean", "full_valid_mean_reward"),
        (" valid_loss ", "valid_loss"),
    ],
)
def test_an_alias_becomes_its_canonical_name_and_is_noted(own, canonical):
    frame, notes = to_canonical(pd.DataFrame({"step": [1], own: [0.5]}))
    assert canonical in frame
    assert codes(notes) == ([] if own.strip() == canonical else ["mapped_column"])


def test_rows_come_out_ascending_and_a_file_out_of_order_is_noted_with_its_line():
    frame, notes = to_canonical(from_file({"step": [5, 9, 2], "train_loss": [1.0, 0.5, 3.0]}))
    assert frame["step"].tolist() == [2, 5, 9]
    assert frame["train_loss"].tolist() == [3.0, 1.0, 0.5]
    assert codes(notes) == ["backward_step"]
    assert "line 4" in notes[0].message


def test_the_order_of_a_frame_in_memory_means_nothing():
    columns = {"step": [5, 9, 2], "train_loss": [1.0, 0.5, 3.0]}
    frame, notes = to_canonical(pd.DataFrame(columns))
    again, _ = to_canonical(pd.DataFrame(columns).iloc[::-1])
    assert notes == ()
    pd.testing.assert_frame_equal(frame, again)


def test_of_a_repeated_step_the_later_value_is_kept_and_blanks_do_not_erase():
    frame, notes = to_canonical(
        pd.DataFrame(
            {
                "step": [1, 1, 1, 2],
                "train_loss": [3.0, 2.0, np.nan, 1.0],
                "valid_loss": [np.nan, np.nan, 4.0, np.nan],
            }
        )
    )
    assert frame.loc[0].tolist() == [1, 2.0, 4.0]
    assert [(note.code, note.count) for note in notes] == [("repeated_step", 2)]


def test_cells_that_are_no_numbers_are_read_as_not_logged_and_the_first_is_named():
    frame, notes = to_canonical(
        from_file({"step": ["1", "2", "3"], "train_loss": ["2.5", "oops", "N/A"]})
    )
    assert frame["train_loss"].isna().tolist() == [False, True, True]
    assert codes(notes) == ["not_a_number"]
    assert "line 3" in notes[0].message
    assert "'oops'" in notes[0].message


def test_a_column_of_text_is_left_out_with_a_note():
    frame, notes = to_canonical(
        pd.DataFrame({"step": [1, 2], "train_loss": [2.0, 1.0], "comment": ["a", "b"]})
    )
    assert "comment" not in frame
    assert "text_column" in codes(notes)


def test_iso_times_become_seconds_since_1970_even_with_seven_digits():
    frame, _ = to_canonical(
        pd.DataFrame(
            {"step": [1], "train_loss": [1.0], "timestamp": ["1970-01-01T00:01:00.2500000Z"]}
        )
    )
    assert frame["wall_time"].tolist() == [60.25]


def test_rows_without_a_whole_step_are_left_out_with_a_note():
    frame, notes = to_canonical(
        from_file({"step": [1.0, np.nan, 2.5, np.inf, 4.0], "train_loss": [5.0, 4, 3, 2, 1]})
    )
    assert frame["step"].tolist() == [1, 4]
    assert [(note.code, note.count) for note in notes] == [("no_step", 3)]
    assert "line 3" in notes[0].message


def test_an_empty_column_is_dropped_with_a_note():
    frame, notes = to_canonical(
        pd.DataFrame({"step": [1], "train_loss": [1.0], "valid_loss": [np.nan]})
    )
    assert "valid_loss" not in frame
    assert [note.message for note in notes] == ["valid_loss has no values"]


def test_a_negative_loss_is_a_sentinel_and_an_infinite_one_is_evidence():
    frame, notes = to_canonical(
        pd.DataFrame({"step": [1, 2, 3], "train_loss": [1.0, -1.0, np.inf]})
    )
    assert np.isnan(frame["train_loss"][1])
    assert np.isinf(frame["train_loss"][2])
    assert codes(notes) == ["negative_loss"]


def test_unknown_columns_are_kept_under_their_own_names():
    frame, notes = to_canonical(
        pd.DataFrame({"step": [1], "train_loss": [1.0], "classification/f1.0": [0.6]})
    )
    assert frame["classification/f1.0"].tolist() == [0.6]
    assert codes(notes) == ["unknown_column"]


def test_two_columns_of_one_meaning_are_both_kept():
    frame, notes = to_canonical(
        pd.DataFrame({"step": [1], "train_accuracy": [0.5], "train_mean_token_accuracy": [0.6]})
    )
    assert frame["train_mean_token_accuracy"].tolist() == [0.6]  # the exact name wins
    assert frame["train_accuracy"].tolist() == [0.5]
    assert "unknown_column" in codes(notes)


def test_two_columns_of_one_name_are_both_kept():
    table = pd.DataFrame([[1, 0.5, 0.6]], columns=["step", "train_loss", "train_loss"])
    frame, notes = to_canonical(table)
    assert frame["train_loss"].tolist() == [0.5]
    assert frame["train_loss (2)"].tolist() == [0.6]
    assert "repeated_column" in codes(notes)


@pytest.mark.parametrize(
    ("frame", "problem"),
    [
        (pd.DataFrame({"train_loss": [1.0]}), "No step column"),
        (pd.DataFrame({"step": [], "train_loss": []}), "no whole number"),
        (pd.DataFrame({"step": ["a", "b"], "train_loss": [1.0, 2.0]}), "no whole number"),
        (pd.DataFrame({"step": [1, 2]}), "No column holds numbers"),
        (pd.DataFrame({"step": [1], "train_loss": [np.nan]}), "No column holds numbers"),
    ],
)
def test_a_frame_that_cannot_be_a_run_says_why_and_what_to_do(frame, problem):
    with pytest.raises(SourceError, match=problem) as caught:
        to_canonical(frame)
    assert caught.value.remedy
