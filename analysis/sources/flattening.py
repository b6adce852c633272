"""Flattening: nested JSON objects to flat rows whose names are paths."""

from collections.abc import Iterator, Mapping
from math import isfinite, nan
from typing import Any

from analysis.errors import SourceError
from analysis.sources.limits import check_size

MAX_DEPTH = 8  # our choice: real events nest four deep
_LABELS = frozenset({"name", "type"})


def flat(row: Mapping[str, Any]) -> dict[str, float | str | None]:
    """Return a JSON object as one flat row.

    Nested objects become ``outer/inner``; in a list of objects each is known by its ``type`` and
    ``name`` (the graders of an RFT event), as Azure's result files spell them. Lists of plain
    values hold no metric and are left out.

    Raises
    ------
    SourceError
        If the object nests too deeply, or holds too many values.
    """
    flattened: dict[str, float | str | None] = {}
    for name, value in _leaves(row, "", 0):
        flattened[name] = value
        check_size(1, len(flattened))
    return flattened


def number(value: Any) -> float | None:
    """Return a JSON value as a number; None if it is none. Text that spells a number counts."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | str):
        try:
            return float(value)
        except (ValueError, OverflowError):
            return None
    return None


def finite(value: Any) -> float | None:
    """Return a JSON value as a number that can be counted with; None if it is none."""
    found = number(value)
    return found if found is not None and isfinite(found) else None


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, float | str | None]]:
    if depth > MAX_DEPTH:
        raise SourceError(
            f"An object nests more than {MAX_DEPTH} deep", where=path[:80], remedy="Flatten it"
        )
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name}" if path else str(name), depth + 1)
    elif isinstance(value, list):
        for name, inner in _named(value):
            yield from _leaves(inner, f"{path}/{name}", depth + 1)
    else:
        yield path, _leaf(value)


def _named(items: list[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in items:
        if isinstance(item, Mapping) and isinstance(item.get("name"), str):
            kind = str(item.get("type") or "grader")
            yield f"{kind}/{item['name']}", {k: v for k, v in item.items() if k not in _LABELS}


def _leaf(value: Any) -> float | str | None:
    if value is None or isinstance(value, str):
        return value
    found = float(value) if isinstance(value, bool) else number(value)
    return nan if found is None else found
