"""TOML: the small files in which the app keeps what a user said."""

import tomllib
from typing import Any

from analysis.errors import SourceError

MAX_BYTES = 1 << 20  # our choice: a meaning for each of 10,000 columns
MAX_DOTS = 100  # in one line; each may be a table in a table, and the parser's time grows with both


def toml_of(text: bytes, what: str, where: str) -> dict[str, Any]:
    """Return the document in a TOML file.

    Parameters
    ----------
    text : bytes
        The file.
    what, where : str
        What it is, such as ``The mapping is``, and its name, for errors.

    Raises
    ------
    SourceError
        If it is no TOML, or too large to be one of ours.
    """
    if len(text) > MAX_BYTES or any(line.count(b".") > MAX_DOTS for line in text.splitlines()):
        raise SourceError(
            f"{what} too large or nested too deeply", where=where, remedy="Save it from the app"
        )
    try:
        return tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        raise SourceError(
            f"{what} no TOML: {str(error)[:120]}", where=where, remedy="Save it again from the app"
        ) from error
