"""Tables that break off: a file still being written, or one that came through in part.

A row that breaks off between its cells has too few of them and is left out like any other such
row. One that breaks off within its last cell looks whole, and a loss of 0.5463 becomes 0.
"""

from statistics import median

LINE_ENDS = (b"\n", b"\r")
NUMBER = frozenset(b"+-0123456789.,eE")
POINTS = (b".", b",", b"e", b"E")  # a number that is not whole has one of them
LOOKED_AT = 1 << 14  # bytes at the end
LEAST_ROWS = 5  # complete ones, to know how long a cell is
SHORTER = 2  # characters; our choice: one in a hundred rounded numbers ends in two zeros


def without_cut_row(text: bytes, delimiter: str) -> tuple[bytes, bool]:
    """Return the text without a last row that breaks off in its last cell, and whether it had one.

    The last cell is taken to be cut when no line end follows and it is a number clearly shorter
    than those above it: by two characters, with an exponent by one.

    Parameters
    ----------
    text : bytes
        A table with a header line.
    delimiter : str
        Between its cells.

    Returns
    -------
    text : bytes
        As it was where nothing is cut.
    cut : bool
        Whether the last row was taken away.
    """
    if text.endswith(LINE_ENDS) or b'"' in text[-LOOKED_AT:]:
        return text, False
    *lines, last = text[-LOOKED_AT:].splitlines()
    mark = delimiter.encode()
    above = [line.rpartition(mark)[2].strip() for line in lines[1:]]
    above = [cell for cell in above if cell]
    cell = last.rpartition(mark)[2].strip()
    broken = [any(point in each for point in POINTS) for each in above]
    if len(above) < LEAST_ROWS or sum(broken) < len(above) / 2 or not cell or set(cell) - NUMBER:
        return text, False
    missing = median(len(each) for each in above) - len(cell)
    exponents = sum(b"e" in each.lower() for each in above) > len(above) / 2
    if missing < (1 if exponents else SHORTER):
        return text, False
    return text[: len(text) - len(last)], True
