"""Tables of task scores: by example, by column, or only means."""

import csv
import io
from collections.abc import Mapping, Sequence
from math import isfinite

from analysis.errors import SourceError
from analysis.evaluations.scores import Scores, scores_of_examples

CANDIDATE = ("candidate", "label", "checkpoint", "model", "run", "name")
EXAMPLE = ("example", "example_id", "item", "item_id", "id", "task", "question")
SCORE = ("score", "reward", "value", "accuracy", "correct", "passed")
MEAN, COUNT = ("mean", "avg", "average", "mean_score"), ("n", "count", "examples")
SPREAD = ("sd", "std", "stdev", "standard_deviation")
TOKENS = ("tokens", "completion_tokens", "output_tokens", "answer_tokens")
TRUE, FALSE = frozenset({"true", "yes", "pass", "passed"}), frozenset({"false", "no", "fail"})

Rows = Sequence[Mapping[str, str]]


def scores_in_table(text: str, name: str) -> tuple[Scores, ...]:
    """Return the scores in a table whose first row names its columns.

    Raises
    ------
    SourceError
        If a column that is needed is missing, or a cell is too long or not a number.
    """
    try:
        header, rows = _rows(text)
    except csv.Error as error:
        raise SourceError("A cell is too long", where=name, remedy="Keep the scores") from error
    candidate, score = _column(header, CANDIDATE), _column(header, SCORE)
    mean, count = _column(header, MEAN), _column(header, COUNT)
    if candidate and mean and count:
        return _means(rows, name, candidate, mean, count)
    if candidate and score:
        return _long(rows, name, candidate, score)
    return _wide(header, rows, name)


def _rows(text: str) -> tuple[list[str], Rows]:
    first = text.splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restkey="")
    header = [column.strip() for column in reader.fieldnames or ()]
    reader.fieldnames = header
    return header, [{k: (v or "") for k, v in row.items() if k} for row in reader]


def _column(header: Sequence[str], names: Sequence[str]) -> str | None:
    lowered = {column.lower().replace(" ", "_"): column for column in header}
    return next((lowered[name] for name in names if name in lowered), None)


def _means(rows: Rows, name: str, candidate: str, mean: str, count: str) -> tuple[Scores, ...]:
    header = list(rows[0]) if rows else []
    spread, tokens = _column(header, SPREAD), _column(header, TOKENS)
    found = []
    for line, row in enumerate(rows, start=2):
        number = _number(row[count], name, count, line)
        level = _number(row[mean], name, mean, line)
        if level is None or number is None:
            continue
        if number < 1:
            raise SourceError(f"{number:g} examples", where=f"{name}, line {line}")
        found.append(
            Scores(
                label=row[candidate].strip(),
                mean=level,
                count=int(number),
                spread=_number(row[spread], name, spread, line) if spread else None,
                tokens=_number(row[tokens], name, tokens, line) if tokens else None,
            )
        )
    return tuple(found)


def _long(rows: Rows, name: str, candidate: str, score: str) -> tuple[Scores, ...]:
    header = list(rows[0]) if rows else []
    example, tokens = _column(header, EXAMPLE), _column(header, TOKENS)
    values: dict[str, dict[str, float]] = {}
    lengths: dict[str, list[float]] = {}
    for line, row in enumerate(rows, start=2):
        label = row[candidate].strip()
        value = _number(row[score], name, score, line)
        if value is None or not label:
            continue
        kept = values.setdefault(label, {})
        kept[row[example].strip() if example else str(len(kept))] = value
        length = _number(row[tokens], name, tokens, line) if tokens else None
        if length is not None:
            lengths.setdefault(label, []).append(length)
    return tuple(
        scores_of_examples(label, kept, tokens=_average(lengths.get(label, [])))
        for label, kept in values.items()
    )


def _wide(header: Sequence[str], rows: Rows, name: str) -> tuple[Scores, ...]:
    """Return the scores of a table with a column for each candidate, a row for each example."""
    example = _column(header, EXAMPLE)
    labels = [column for column in header if column and column != example]
    found = []
    for label in labels:
        kept = {
            row[example].strip() if example else str(line): value
            for line, row in enumerate(rows, start=2)
            if (value := _number(row.get(label, ""), name, label, line)) is not None
        }
        if kept:
            found.append(scores_of_examples(label, kept))
    return tuple(found)


def _average(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _number(cell: str, name: str, column: str, line: int) -> float | None:
    """Return a cell's number, truth as 1 or 0; None where it is blank."""
    text = cell.strip().lower()
    if not text:
        return None
    if text in TRUE or text in FALSE:
        return float(text in TRUE)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise SourceError(
            f"{cell.strip()[:40]!r} is not a score",
            where=f"{name}, column {column}, line {line}",
            remedy="Give numbers, or leave the cell blank",
        )
    return value
