"""Columnar files (Parquet) to a frame."""

import io

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from analysis.canonical import LINE
from analysis.errors import SourceError
from analysis.sources.limits import check_size

MAGIC = b"PAR1"


def frame_of_parquet(content: bytes) -> pd.DataFrame:
    """Return the table in a Parquet file, its rows counted from 1.

    Raises
    ------
    SourceError
        If the file is broken or too large.
    """
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        check_size(file.metadata.num_rows, file.metadata.num_columns)
        frame: pd.DataFrame = file.read().to_pandas().reset_index(drop=True)
    except (pa.ArrowException, ValueError, OSError, NotImplementedError, KeyError) as error:
        raise SourceError("The Parquet file is broken", remedy="Write it again") from error
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=LINE)
    return frame.set_axis([str(name) for name in frame.columns], axis="columns")
