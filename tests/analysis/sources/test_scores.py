"""Scores of graders from whatever file they come in."""

import numpy as np
import pytest

from analysis import SourceError
from analysis.sources.scores import default_column, scores_of


@pytest.mark.parametrize(
    "content",
    [
        b"0.1\n0.5\n0.9\n",
        b"0.1, 0.5, 0.9",
        b"0.1 0.5 .9",
        b"[0.1, 0.5, 0.9]",
        b"score\n0.1\n0.5\n0.9\n",
        b"\xef\xbb\xbfscore\r\n0.1\r\n0.5\r\n0.9\r\n",
        b'[{"score": 0.1}, {"score": 0.5}, {"score": "0.9"}]',
        b'{"score": 0.1}\n{"score": 0.5}\n\n{"score": 0.9}\n',
        b'{"scores": [0.1, 0.5, 0.9]}',
        b'{"base": {"model": "m", "avg": 0.5, "scores": [0.1, 0.5, 0.9]}}',
    ],
)
def test_scores_are_read_from_every_shape(content):
    frame = scores_of(content)
    assert frame.shape == (3, 1)
    assert frame.iloc[:, 0].tolist() == [0.1, 0.5, 0.9]


def test_a_table_keeps_a_column_for_each_grader_and_gaps_as_missing():
    frame = scores_of(b"id;question;human;model\n1;why;0.5;0.4\n2;how;;0.9\n")
    assert list(frame.columns) == ["id", "human", "model"]
    assert np.isnan(frame["human"].iloc[1])


def test_lists_of_different_length_are_columns_with_gaps():
    frame = scores_of(b'{"base": {"scores": [1, 0]}, "tuned": {"scores": [1, 1, 0]}}')
    assert frame["base"].notna().sum() == 2
    assert frame["tuned"].notna().sum() == 3


def test_the_column_of_scores_is_found_by_its_name():
    assert default_column(["id", "reward_mean", "x"]) == 1
    assert default_column(["human", "model"]) == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"[", b"{}", b'{"a": 1}', b"name\nanna\n", b"[[]]", b'"x"', b"[null]"],
)
def test_a_file_without_scores_is_a_clear_error(content):
    with pytest.raises(SourceError) as error:
        scores_of(content, "mine.csv")
    assert "mine.csv" in str(error.value)


def test_infinite_and_absent_scores_are_missing():
    frame = scores_of(b"[0.5, NaN, Infinity, null, 1]")
    assert frame.iloc[:, 0].notna().sum() == 2
