"""Reading: files of task scores, as tables or JSON, into scores by candidate."""

import json
from collections.abc import Iterator
from typing import Any

from analysis.errors import SourceError
from analysis.evaluations.documents import scores_in_document
from analysis.evaluations.scores import Scores
from analysis.evaluations.tables import scores_in_table
from analysis.sources.limits import check_scores

REMEDY = (
    "Give a CSV with columns candidate, example, score; or candidate, mean, n; or one column per "
    "candidate; or JSON"
)


def read_scores(name: str, content: bytes) -> tuple[Scores, ...]:
    """Return the task scores in a file, one entry for each candidate.

    Reads CSV (a row per example and candidate, a column per candidate, or a row per candidate
    with mean and n), JSON of the form ``{label: {"avg": ..., "scores": [...]}}``, and the output
    items of OpenAI's and Azure's evals, as a list, a page or lines.

    Raises
    ------
    SourceError
        If the file is not text or too large, or no scores are found in it.
    """
    check_scores(content, name)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise SourceError("The file is not text", where=name, remedy=REMEDY) from error
    if not text:
        raise SourceError("The file is empty", where=name, remedy=REMEDY)
    found = _in_json(text, name) if text[0] in "{[" else scores_in_table(text, name)
    if not found:
        raise SourceError("No scores were found", where=name, remedy=REMEDY)
    return found


def _in_json(text: str, name: str) -> tuple[Scores, ...]:
    try:
        document = json.loads(text)
    except ValueError:  # also a number of more digits than Python reads
        document = list(_lines(text, name))
    except RecursionError as error:
        raise SourceError("The JSON is nested too deep", where=name, remedy=REMEDY) from error
    return scores_in_document(document, name)


def _lines(text: str, name: str) -> Iterator[Any]:
    """Yield the document of each line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            where = f"{name}, line {number}"
            raise SourceError("The JSON is broken", where=where, remedy=REMEDY) from error
