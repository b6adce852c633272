import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import SourceError, read
from analysis.schema import METRICS, STEP
from analysis.sources.mapping import (
    NO_MAPPING,
    ColumnMapping,
    UnknownTableError,
    guesses_for,
    mapping_of,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    columns=st.dictionaries(TEXTS, st.sampled_from([STEP, *METRICS]), max_size=6),
    count_rows=st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_a_mapping_saved_and_read_again_is_the_same(columns, count_rows):
    mapping = ColumnMapping(columns, count_rows)
    assert mapping_of(mapping.to_toml().encode()) == mapping


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_mapping_or_a_clear_error(text):
    try:
        found = mapping_of(text)
    except SourceError:
        return
    assert mapping_of(found.to_toml().encode()) == found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"[columns", "no TOML"),
        (b"\xff", "no TOML"),
        (b"a = " + b"[" * 10_000, "no TOML"),
        (b'[columns]\nx = "nonsense"', "no canonical metric: nonsense"),
        (b"[columns]\nx = 3", "no canonical metric: 3"),
        (b"columns = 3", "names no canonical metric"),
    ],
    ids=range(6),
)
def test_a_mapping_that_cannot_be_read_says_why(text, problem):
    with pytest.raises(SourceError, match=problem):
        mapping_of(text)


@pytest.mark.parametrize(
    ("column", "meaning"),
    [
        ("Training Loss", "train_loss"),
        ("my_val_loss", "valid_loss"),
        ("dev-accuracy", "valid_mean_token_accuracy"),
        ("avg reward", "train_mean_reward"),
        ("eval.nll", "valid_loss"),
        ("iterations", STEP),
        ("learning_rates", "learning_rate"),
        ("colour", None),
    ],
)
def test_a_guess_goes_by_likeness_and_by_telling_words(column, meaning):
    assert guesses_for([column]).columns.get(column) == meaning


def test_a_meaning_is_guessed_once_and_rows_are_counted_where_nothing_counts():
    guessed = guesses_for(["loss a", "loss b"])
    assert guessed.columns == {"loss a": "train_loss"}
    assert guessed.count_rows
    assert not guesses_for(["step", "loss"]).count_rows


def test_a_column_of_whole_numbers_that_grow_is_taken_for_the_step():
    head = pd.DataFrame({"tick": ["1", "3", "4"], "mistake": ["2", "1", "1"]})
    assert guesses_for(["tick", "mistake"], head).columns == {"tick": STEP}


def test_the_guesses_for_an_unknown_table_open_it():
    content = b"tick,my loss\n1,2.0\n3,1.5\n"
    with pytest.raises(UnknownTableError) as caught:
        read(content)
    mapping = guesses_for(caught.value.columns, caught.value.head)
    run = read(content, mapping=mapping)[0]
    assert run.frame["step"].tolist() == [1, 3]
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]


def test_no_mapping_changes_nothing():
    frame = pd.DataFrame({"a": [1]})
    assert not NO_MAPPING
    assert NO_MAPPING.names_of(["a"]) == ["a"]
    pd.testing.assert_frame_equal(NO_MAPPING.applied_to(frame), frame)
