"""Verdicts: what a rule says of a run, with its evidence and probability."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SIGNIFICANT_DIGITS = 6  # of every number given out: what is left is the same on any machine


class Status(StrEnum):
    """Outcome of a rule."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    INSUFFICIENT_DATA = "insufficient_data"


@dataclass(frozen=True)
class Evidence:
    """One number behind a verdict.

    Attributes
    ----------
    name : str
        Its key in JSON.
    value : float
        The number: the median over the compatible curves where it comes from curves.
    label : str
        Its name on the screen.
    normal : str
        What is normal for it, in words.
    low, high : float or None
        80 % interval over the compatible curves; None for counts and the like.
    as_share : bool
        Whether it reads better as a percentage.
    """

    name: str
    value: float
    label: str
    normal: str = ""
    low: float | None = None
    high: float | None = None
    as_share: bool = False


@dataclass(frozen=True, eq=False)
class Verdict:
    """What one rule says of one run.

    Attributes
    ----------
    rule : str
        Name of the rule.
    status : Status
        Its outcome.
    statement : str
        The outcome in one sentence, no markup.
    label : str or None
        The band or kind within the rule.
    probability : float or None
        Share of the compatible curves in which the rule holds; None when it was not judged.
    evidence : tuple of Evidence
        The numbers behind it, the most telling first.
    steps : tuple of (int, int), or empty
        First and last step the verdict speaks of.
    advice : tuple of str
        What to do, the cheapest first.
    flips : str
        What would turn the verdict; empty when nothing could.
    source : str
        Where the rule comes from.
    holds : array of bool, shape (n_draws,), or None
        In which of the compatible curves the rule holds; None when it was not judged.
    """

    rule: str
    status: Status
    statement: str
    label: str | None = None
    probability: float | None = None
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[int, int] | tuple[()] = ()
    advice: tuple[str, ...] = ()
    flips: str = ""
    source: str = ""
    holds: Mask | None = None

    @property
    def found(self) -> bool:
        """Whether the rule found something."""
        return self.status in {Status.WARN, Status.FAIL}

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as one entry of ``verdicts`` in the JSON document."""
        return {
            "rule": self.rule,
            "status": self.status.value,
            "label": self.label,
            "probability": rounded(self.probability),
            "statement": self.statement,
            "evidence": {item.name: rounded(item.value) for item in self.evidence},
            "steps": list(self.steps),
            "advice": list(self.advice),
            "flips": self.flips,
            "source": self.source,
        }


def rounded(value: float | None) -> float | None:
    """Return a number to six significant digits; None where it is missing or not finite."""
    if value is None or not np.isfinite(value):
        return None
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def measured(
    name: str, values: Array, label: str, normal: str = "", *, as_share: bool = False
) -> Evidence:
    """Return a quantity's median over the compatible curves, with its 80 % interval."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return Evidence(name, float(middle), label, normal, float(low), float(high), as_share)
