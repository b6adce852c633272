"""Column mapping: what the columns of an unknown table mean, guessed, corrected and kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pandas as pd

from analysis.errors import SourceError
from analysis.naming import canonical_name, canonical_names, is_known
from analysis.schema import METRICS, STEP
from analysis.sources.toml import toml_of

MAX_SHOWN = 5  # rows of an unknown table that are kept to show
_CLOSE = 0.75  # likeness of two names from which one is a guess for the other; our choice
_MARKS = ("val", "eval", "test", "dev")


@dataclass(frozen=True)
class ColumnMapping:
    """What columns mean, as the user said.

    Attributes
    ----------
    columns : mapping of str to str
        Canonical name for each column by its own name, in the case the file writes it.
    count_rows : bool
        Whether rows are counted to make steps, where no column counts them.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    count_rows: bool = False

    def __bool__(self) -> bool:
        return bool(self.columns) or self.count_rows

    def names_of(self, header: Sequence[str]) -> list[str]:
        """Return a header with the mapped names in place of its own."""
        named = [self.columns.get(name, name) for name in header]
        return [STEP, *named] if self._counts(named) else named

    def applied_to(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with the mapped names, and with counted steps where that was asked."""
        named = frame.rename(columns=dict(self.columns))
        if self._counts([str(name) for name in named.columns]):
            named.insert(0, STEP, range(1, len(named) + 1))
        return named

    def _counts(self, named: Sequence[str]) -> bool:
        return self.count_rows and STEP not in canonical_names(named)

    def to_toml(self) -> str:
        """Return the mapping as the text of a file that ``mapping_of`` reads."""
        lines = [f"count_rows = {str(self.count_rows).lower()}", "", "[columns]"]
        lines += [f"{_quoted(own)} = {_quoted(name)}" for own, name in sorted(self.columns.items())]
        return "\n".join(lines) + "\n"


NO_MAPPING = ColumnMapping()


class UnknownTableError(SourceError):
    """A table that was read but whose columns are not known.

    Attributes
    ----------
    columns : tuple of str
        Its columns.
    head : DataFrame
        Its first rows, as text.
    """

    def __init__(self, columns: Sequence[str], head: pd.DataFrame) -> None:
        shown = ", ".join(columns[:8]) + (", …" if len(columns) > 8 else "")
        super().__init__(
            f"No known metric with a step among the columns: {shown}",
            where="line 1",
            remedy="Map its columns, or name them as 'python -m analysis formats' lists them",
        )
        self.columns = tuple(columns)
        self.head = head

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "UnknownTableError":
        """Return the error for a frame."""
        head = frame.head(MAX_SHOWN).astype("str")
        return cls([str(name) for name in frame.columns], head)


def guesses_for(columns: Sequence[str], head: pd.DataFrame | None = None) -> ColumnMapping:
    """Return what the columns of an unknown table may mean; a wrong guess is the user's to mend.

    A name that is nearly a known one, or that says loss, accuracy or reward, is guessed; words
    such as val or eval make it a held-out one. A column of whole numbers that only grow is taken
    for the step; without one, rows are counted.
    """
    guessed: dict[str, str] = {}
    for column in columns:
        name = _guess(column)
        if name and name not in guessed.values():
            guessed[column] = name
    if head is not None and STEP not in guessed.values():
        counting = (name for name in columns if name not in guessed and _counts_up(head[name]))
        guessed.update(dict.fromkeys(list(counting)[:1], STEP))
    return ColumnMapping(guessed, count_rows=STEP not in guessed.values())


def mapping_of(text: bytes, where: str = "mapping") -> ColumnMapping:
    """Return the mapping in a TOML file.

    Raises
    ------
    SourceError
        If it is no TOML, or maps to names that are no canonical metrics.
    """
    document = toml_of(text, "The mapping is", where)
    columns = document.get("columns", {})
    wrong = [] if not isinstance(columns, dict) else [v for v in columns.values() if not _target(v)]
    if not isinstance(columns, dict) or wrong:
        named = ", ".join(str(value)[:40] for value in wrong[:3]) or "no [columns]"
        raise SourceError(
            f"The mapping names no canonical metric: {named}",
            where=where,
            remedy=f"Use {STEP}, {', '.join(list(METRICS)[:6])}, …",
        )
    return ColumnMapping(columns, bool(document.get("count_rows", False)))


def _target(name: object) -> bool:
    return isinstance(name, str) and is_known(name)


def _guess(column: str) -> str | None:
    known = canonical_name(column)
    if is_known(known):
        return known
    words = column.lower().replace("-", "_").replace(" ", "_").replace("/", "_").replace(".", "_")
    close = get_close_matches(words, [STEP, *METRICS], n=1, cutoff=_CLOSE)
    held_out = any(mark in words for mark in _MARKS)
    for word, train, valid in (
        ("acc", "train_mean_token_accuracy", "valid_mean_token_accuracy"),
        ("reward", "train_mean_reward", "full_valid_mean_reward"),
        ("loss", "train_loss", "valid_loss"),
        ("nll", "train_loss", "valid_loss"),
    ):
        if word in words:
            return valid if held_out else train
    if words in {"iter", "iterations", "batch", "update", "updates", "steps", "n", "index"}:
        return STEP
    return close[0] if close else None


def _counts_up(values: pd.Series | pd.DataFrame) -> bool:
    """Return whether values are whole numbers that only grow."""
    if isinstance(values, pd.DataFrame):
        return False
    numbers = pd.to_numeric(values, errors="coerce")
    whole = bool((numbers == numbers.round()).all())
    return whole and len(numbers) > 1 and bool((numbers.diff().iloc[1:] > 0).all())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
