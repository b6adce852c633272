"""Limits: how much one input may span once it is a table."""

from analysis.errors import SourceError

MAX_COLUMNS = 10_000  # our choice: the widest real export has a few hundred
MAX_CELLS = 1 << 26  # our choice: 512 MiB of float64


def check_size(n_rows: int, n_columns: int) -> None:
    """Refuse a table that would not fit into memory, however little its file is.

    Raises
    ------
    SourceError
        If it has too many columns or cells.
    """
    if n_columns > MAX_COLUMNS or n_rows * n_columns > MAX_CELLS:
        raise SourceError(
            f"The table is too large: {n_rows:,} rows and {n_columns:,} columns",
            remedy=f"Keep the metrics: {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells at most",
        )
