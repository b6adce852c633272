import numpy as np
import pytest

from analysis import SourceError
from analysis.sources.records import document_of, frame_of_records, json_lines


def test_rows_of_different_names_fill_what_they_have():
    frame, notes = frame_of_records([{"step": 1, "a": 2}, {"step": 2, "b": True}, {}])
    assert frame["step"].tolist()[:2] == [1, 2]
    assert np.isnan(frame["a"].iloc[1])
    assert frame["b"].iloc[1] == 1.0
    assert frame.index.tolist() == [1, 2, 3]
    assert notes == ()


def test_rows_keep_the_lines_they_stood_on():
    assert frame_of_records([{"a": 1}, {"a": 2}], [4, 9])[0].index.tolist() == [4, 9]


def test_a_loss_of_nan_is_lost_and_another_value_of_nan_is_blank():
    frame, notes = frame_of_records([{"loss": float("nan"), "kl": float("nan"), "eval_loss": None}])
    assert frame["loss"].tolist() == [np.inf]
    assert frame["kl"].isna().all()
    assert frame["eval_loss"].isna().all()
    assert [note.code for note in notes] == ["loss_not_finite"]


def test_numbers_beside_text_stay_readable():
    frame, _ = frame_of_records([{"a": 1.5}, {"a": "2.5"}, {"a": None}])
    assert frame["a"].tolist()[:2] == ["1.5", "2.5"]


def test_a_number_larger_than_any_float_is_no_number():
    assert frame_of_records([{"a": 10**400}])[0]["a"].isna().all()


def test_names_that_never_end_are_refused_before_they_fill_the_memory():
    with pytest.raises(SourceError, match="too large"):
        frame_of_records([{f"name{i}": 1} for i in range(20_000)])


def test_lines_of_json_are_counted_and_broken_ones_said():
    text = b'\n{"a": 1}\n' + b'{"a": 2}\n' * 9 + b"[1]\n{\n"
    rows, lines, notes = json_lines(text)
    assert len(rows) == 10
    assert lines[0] == 2
    assert notes[0].count == 2
    assert "line 12" in notes[0].message


@pytest.mark.parametrize("text", [b"{\n}\n" * 3, b"[1]\n[2]\n", b"{'a': 1}\n" * 9, b"{"])
def test_other_texts_are_no_lines_of_json(text):
    assert json_lines(text) == ([], [], ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"\ud83d"', "\ufffd"),
        (rb'"\ude00\ud83d"', "\ufffd\ufffd"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (rb'"\\ud83d"', "\\ud83d"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (rb'"\uD83D x \u0041"', "\ufffd x A"),
    ],
)
def test_half_of_a_pair_of_surrogates_becomes_a_mark_and_nothing_else_does(text, value):
    assert document_of(text) == value
