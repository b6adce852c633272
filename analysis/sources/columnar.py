"""Columnar files (Parquet) to a frame."""

import io
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from analysis.canonical import LINE
from analysis.errors import SourceError
from analysis.sources.limits import MAX_TEXT, check_size

MAGIC = b"PAR1"
ROWS = 1 << 16  # read at once
# What pyarrow raises for files that are broken, crafted, or written in a way it does not know.
BROKEN = (
    pa.ArrowException, ValueError, OSError, NotImplementedError, KeyError, MemoryError,
)  # fmt: skip


def frame_of_parquet(content: bytes) -> pd.DataFrame:
    """Return the flat columns of a Parquet file, its rows counted from 1.

    A few bytes can stand for many: a text that is kept once and meant a million times. So texts
    are read as references to it, and their full length is counted before they are unfolded.

    Raises
    ------
    SourceError
        If the file is broken or too large.
    """
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        check_size(file.metadata.num_rows, file.metadata.num_columns)
        flat = [field for field in file.schema_arrow if not pa.types.is_nested(field.type)]
        names = [field.name for field in flat]
        texts = [field.name for field in flat if _is_text(field.type)]
        folded = parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        table = pa.Table.from_batches(list(_batches(folded, names)), _schema(folded, names))
        frame: pd.DataFrame = _unfolded(table).to_pandas().reset_index(drop=True)
    except BROKEN as error:
        raise SourceError("The Parquet file is broken", remedy="Write it again") from error
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=LINE)
    return frame.set_axis([str(name) for name in frame.columns], axis="columns")


def _batches(file: parquet.ParquetFile, names: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows in pieces, until their texts are too long together."""
    length = 0
    for batch in file.iter_batches(ROWS, columns=names):
        length += sum(_text_in(column) for column in batch.columns)
        if length > MAX_TEXT:
            raise _too_much_text()
        yield batch


def _schema(file: parquet.ParquetFile, names: list[str]) -> pa.Schema:
    """Return the schema that the pieces have."""
    return file.read_row_groups([], columns=names).schema


def _text_in(column: pa.Array) -> int:
    """Return how many bytes of text a column has once it is unfolded."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes) if _is_text(column.type) else 0
    values = column.dictionary
    if not _is_text(values.type):
        return 0
    return int(pc.sum(pc.binary_length(values).take(column.indices)).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_string(kind) or pa.types.is_binary(kind)
        or pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    )  # fmt: skip


def _unfolded(table: pa.Table) -> pa.Table:
    """Return a table whose columns hold their values themselves."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, plain)
    return table


def _too_much_text() -> SourceError:
    return SourceError(
        f"The Parquet file unpacks to more than {MAX_TEXT >> 20} MiB of text",
        remedy="Keep the metrics, and leave long texts out",
    )
