"""Columnar files (Parquet) to a frame."""

import io

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from analysis.canonical import LINE
from analysis.errors import SourceError

MAGIC = b"PAR1"
MAX_VALUES = 1 << 27  # our choice: 1 GiB of float64


def frame_of_parquet(content: bytes) -> pd.DataFrame:
    """Return the table in a Parquet file, its rows counted from 1.

    Raises
    ------
    SourceError
        If the file is broken or too large.
    """
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        n_values = file.metadata.num_rows * max(file.metadata.num_columns, 1)
        if n_values > MAX_VALUES:
            raise SourceError(
                f"The Parquet file holds {n_values:,} values, more than {MAX_VALUES:,}",
                remedy="Keep the step and the metrics",
            )
        frame: pd.DataFrame = file.read().to_pandas().reset_index(drop=True)
    except (pa.ArrowException, ValueError, OSError, NotImplementedError, KeyError) as error:
        raise SourceError("The Parquet file is broken", remedy="Write it again") from error
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=LINE)
    return frame.set_axis([str(name) for name in frame.columns], axis="columns")
