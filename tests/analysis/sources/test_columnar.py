import datetime
import io

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from analysis import SourceError, read
from analysis.sources import limits
from analysis.sources.mapping import UnknownTableError


def written(columns: dict) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "losses",
    [
        pa.array([2.0, None]),
        pa.array([2, None]),
        pa.array(["2.0", None]),
        pa.array([2.0, None], pa.float16()),
        pa.array(["2.0", None]).dictionary_encode(),
        pa.array([2, None], pa.decimal128(5, 2)),
        pa.array([b"2.0", None]),
    ],
    ids=["float", "integer", "text", "half", "dictionary", "decimal", "bytes"],
)
def test_losses_of_every_type_are_numbers(losses):
    run = read(written({"step": [1, 2], "train_loss": losses, "kl": [0.1, 0.2]}))[0]
    assert run.frame["train_loss"].iloc[0] == 2.0
    assert pd.isna(run.frame["train_loss"].iloc[1])


def test_times_become_seconds():
    when = [datetime.datetime(1970, 1, 1, 0, 1, tzinfo=datetime.UTC)]
    assert read(written({"step": [1], "loss": [2.0], "timestamp": when}))[0].frame[
        "wall_time"
    ].tolist() == [60.0]


def test_lists_and_structs_beside_the_metrics_do_not_matter():
    columns = {"step": [1], "loss": [2.0], "lists": [[1, 2]], "structs": [{"a": 1}], "flag": [True]}
    assert read(written(columns))[0].frame["train_loss"].tolist() == [2.0]


def test_an_index_of_pandas_is_a_column_or_nothing():
    buffer = io.BytesIO()
    pd.DataFrame({"step": [1, 2], "loss": [2.0, 1.0]}, index=["x", "y"]).to_parquet(buffer)
    assert len(read(buffer.getvalue())[0].frame) == 2


def test_an_unknown_table_says_its_columns():
    with pytest.raises(UnknownTableError) as caught:
        read(written({"tick": [1], "mistake": [2.0]}))
    assert caught.value.columns == ("tick", "mistake")


@pytest.mark.parametrize("damage", [slice(0, 30), slice(0, -9), slice(0, 4)])
def test_a_broken_file_says_so(damage):
    with pytest.raises(SourceError, match="Parquet file is broken"):
        read(written({"step": [1], "loss": [2.0]})[damage])


def test_more_cells_than_memory_holds_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 1999)
    nothing = pa.nulls(1000, pa.float64())
    with pytest.raises(SourceError, match="too large: 1,000 rows and 2 columns"):
        read(written({"step": nothing, "loss": nothing}))
