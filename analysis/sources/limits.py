"""Limits: how much one input may span, on the way to a table and as one.

What an archive may expand to stands in ``expanding``, what a call may bring in ``api/connection``.
"""

from analysis.errors import SourceError

MAX_COLUMNS = 10_000  # our choice: the widest real export has a few hundred
MAX_CELLS = 1 << 26  # our choice: 512 MiB of float64
MAX_LINE = 1 << 20  # bytes; the CSV parser's block, and 50 times the longest header met
MAX_JSON = 1 << 28  # bytes; our choice: five times the largest trainer state met
MAX_VALUES = 1 << 24  # in one JSON; our choice: up to 130 bytes of memory each, 2 GiB in all
MAX_TEXT = 1 << 28  # bytes of text in a columnar file once it is unpacked; our choice
MAX_SCORES = 1 << 25  # bytes of a file of scores; our choice
MAX_EXAMPLES = 1 << 20  # lines of one; our choice: a hundred times the largest evaluation met


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


def check_lines(text: bytes) -> None:
    """Refuse a text with a line so long that it is none.

    Raises
    ------
    SourceError
        If a line with its end is longer than ``MAX_LINE``.
    """
    start = 0
    while len(text) - start >= MAX_LINE:
        window = start, start + MAX_LINE
        end = text.rfind(b"\n", *window)
        if end < 0:
            end = text.rfind(b"\r", *window)
        if end < 0:
            number = text.count(b"\n", 0, start) + 1
            raise SourceError(
                f"A line of the text is longer than {MAX_LINE >> 20} MiB",
                where=f"line {number:,}",
                remedy="Upload the metrics as a table with a row for each step, or as whole JSON",
            )
        start = end + 1


def check_json(text: bytes) -> None:
    """Refuse a JSON text that would unfold to more than memory holds.

    Raises
    ------
    SourceError
        If it is too long, or holds too many values.
    """
    n_values = sum(map(text.count, (b",", b"[", b"{")))
    if len(text) > MAX_JSON or n_values > MAX_VALUES:
        raise SourceError(
            f"The JSON is too large: {MAX_JSON >> 20} MiB and {MAX_VALUES:,} values at most",
            remedy="Save the metrics as CSV",
        )


def check_scores(content: bytes, name: str) -> None:
    """Refuse a file of scores that is larger than any evaluation.

    Raises
    ------
    SourceError
        If it is too long, or has too many lines or columns.
    """
    if len(content) > MAX_SCORES or content.count(b"\n") > MAX_EXAMPLES:
        raise SourceError(
            f"The file is larger than {MAX_SCORES >> 20} MiB or {MAX_EXAMPLES:,} lines",
            where=name,
            remedy="Keep the scores, and leave prompts and answers out",
        )
    header = content[: content.find(b"\n")]
    check_size(1, max(map(header.count, (b",", b";", b"\t", b"|"))) + 1)


def check_rows(n_rows: int, n_columns: int) -> None:
    """Refuse a table of runs that would not fit into memory as one record for each run.

    Raises
    ------
    SourceError
        If it has too many columns or cells.
    """
    check_size(n_rows, n_columns)
    if n_rows * n_columns > MAX_VALUES:
        raise SourceError(
            f"The table is too large: {n_rows:,} runs and {n_columns:,} columns",
            remedy=f"Screen fewer runs at a time: {MAX_VALUES:,} cells at most",
        )
