"""Limits: every threshold with its meaning and range, and how a set of them is kept in a file."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from inspect import getdoc
from itertools import pairwise
from math import isfinite
from typing import Any

from analysis.errors import SourceError
from analysis.sources.toml import toml_of
from analysis.thresholds import GOLDILOCKS, PRESETS, Thresholds

TABLE = "thresholds"  # of the TOML file
# Limits that only make sense in this order.
ORDERED = (
    ("ratio_mild", "ratio_moderate", "ratio_severe"),
    ("rise_harmful", "rise_moderate", "rise_severe"),
    ("token_growth_unpaid", "token_growth", "token_explosion"),
)
_ENTRY = re.compile(r"^(\w[\w, ]*) : (?:float|int)\n((?:    .*\n?)+)", re.MULTILINE)


@dataclass(frozen=True)
class Limit:
    """One threshold.

    Attributes
    ----------
    name : str
        Its name in the record, in files and on the command line.
    meaning : str
        What it is and where it comes from.
    low, high : float
        Between what it can be tried; the default lies within.
    whole : bool
        Whether it counts something.
    """

    name: str
    meaning: str
    low: float
    high: float
    whole: bool

    @property
    def label(self) -> str:
        """Its name in words."""
        return self.name.replace("_", " ").capitalize()


def _meanings() -> Mapping[str, str]:
    """Return what the record's documentation says of each threshold."""
    found = {}
    for names, text in _ENTRY.findall(getdoc(Thresholds) or ""):
        found.update(dict.fromkeys(names.split(", "), " ".join(text.split())))
    return found


def _range_of(name: str) -> tuple[float, float]:
    """Return between what a limit can be tried: shares stay shares, multiples stay above 1."""
    default = getattr(GOLDILOCKS, name)
    most = max(getattr(preset, name) for preset in PRESETS.values())
    if isinstance(default, int):
        return 1, 5 * most
    if default > 1:
        return 1.0, 3.0 * most
    return 0.0, 1.0 if most >= 0.5 else min(4.0 * most, 1.0)


_MEANINGS = _meanings()
LIMITS = {
    field.name: Limit(
        field.name,
        _MEANINGS.get(field.name, ""),
        *_range_of(field.name),
        whole=isinstance(getattr(GOLDILOCKS, field.name), int),
    )
    for field in fields(Thresholds)
}


def out_of_order(thresholds: Thresholds) -> str:
    """Return which limits contradict each other, in one sentence; empty when none do."""
    for names in ORDERED:
        for first, second in pairwise(names):
            if getattr(thresholds, first) > getattr(thresholds, second):
                return f"{first} lies above {second}: raise the second, or lower the first."
    return ""


def bounds_of(name: str, thresholds: Thresholds) -> tuple[float, float]:
    """Return between what one limit can be moved while the others stay, in order."""
    low, high = LIMITS[name].low, LIMITS[name].high
    for names in (names for names in ORDERED if name in names):
        place = names.index(name)
        if place:
            low = max(low, getattr(thresholds, names[place - 1]))
        if place + 1 < len(names):
            high = min(high, getattr(thresholds, names[place + 1]))
    return low, high


def with_limits(thresholds: Thresholds, values: Mapping[str, Any]) -> Thresholds:
    """Return the limits with some of them set anew, by name."""
    return replace(thresholds, **values)


def preset_of(thresholds: Thresholds) -> str | None:
    """Return the name of the preset that these limits are; None when they are none."""
    return next((name for name, preset in PRESETS.items() if preset == thresholds), None)


def changed(thresholds: Thresholds) -> dict[str, float]:
    """Return the limits that differ from Goldilocks' own."""
    default = asdict(GOLDILOCKS)
    return {name: value for name, value in asdict(thresholds).items() if value != default[name]}


def to_toml(thresholds: Thresholds) -> str:
    """Return every limit as the text of a file that ``thresholds_of`` reads."""
    lines = [f"[{TABLE}]", *(f"{name} = {value!r}" for name, value in asdict(thresholds).items())]
    return "\n".join(lines) + "\n"


def is_thresholds(text: bytes) -> bool:
    """Return whether a TOML file sets thresholds, by its table."""
    return re.search(rb"^\s*\[thresholds\]", text, re.MULTILINE) is not None


def thresholds_of(
    text: bytes, base: Thresholds = GOLDILOCKS, where: str = "thresholds"
) -> Thresholds:
    """Return the limits in a TOML file, those it does not name as in ``base``.

    Raises
    ------
    SourceError
        If it is no TOML, names no limit that is known, gives a value that is none, or limits
        that contradict each other.
    """
    document = toml_of(text, "The thresholds are", where)
    table = document.get(TABLE)
    if not isinstance(table, dict) or len(document) > 1:
        raise SourceError(
            f"The file has no table [{TABLE}], or others beside it",
            where=where,
            remedy=f"Begin it with [{TABLE}], then one line each such as ratio_mild = 1.2",
        )
    values = {name: _value(name, value, where) for name, value in table.items()}
    found = with_limits(base, values)
    problem = out_of_order(found)
    if problem:
        raise SourceError(problem.rstrip("."), where=where)
    return found


def _value(name: str, value: object, where: str) -> float:
    limit = LIMITS.get(name)
    if limit is None:
        raise SourceError(
            f"There is no threshold {name[:40]!r}",
            where=where,
            remedy=f"Use {', '.join(list(LIMITS)[:4])}, … as saved from the app",
        )
    if isinstance(value, bool) or not isinstance(value, int if limit.whole else (int, float)):
        kind = "a whole number" if limit.whole else "a number"
        raise SourceError(f"{name} is {str(value)[:40]!r}, not {kind}", where=where)
    if not (isfinite(value) and value >= limit.whole):
        least = "1 or more" if limit.whole else "0 or more"
        raise SourceError(f"{name} is {value}", where=where, remedy=f"Give {least}")
    return value if limit.whole else float(value)
