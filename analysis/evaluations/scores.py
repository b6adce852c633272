"""Scores: what one candidate, or the base model, reached on the user's task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

BASE_WORDS = ("base", "baseline", "base model", "base_model", "untuned")


@dataclass(frozen=True, eq=False)
class Scores:
    """Task scores of one candidate.

    Attributes
    ----------
    label : str
        What the file calls it.
    mean : float
        Mean score, higher is better.
    count : int
        Examples behind it.
    spread : float or None
        Standard deviation of one example's score; None where the file gives only means.
    by_example : mapping of str to float
        The score of each example; empty where the file gives only means.
    model : str or None
        The model's name, where the file tells it.
    tokens : float or None
        Mean completion tokens of an answer, where the file tells it.
    """

    label: str
    mean: float
    count: int
    spread: float | None = None
    by_example: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None
    tokens: float | None = None

    @property
    def error(self) -> float | None:
        """Standard error of the mean; None where the spread is not known."""
        return None if self.spread is None else self.spread / sqrt(self.count)

    @property
    def is_base(self) -> bool:
        """Whether it is called the base model."""
        words = self.label.strip().lower().replace("-", " ")
        return words in BASE_WORDS


def scores_of_examples(
    label: str,
    by_example: Mapping[str, float],
    *,
    model: str | None = None,
    tokens: float | None = None,
) -> Scores:
    """Return the scores of a candidate whose examples are known one by one; at least one."""
    values = np.array(list(by_example.values()), dtype=np.float64)
    spread = float(values.std(ddof=1)) if len(values) > 1 else None
    return Scores(label, float(values.mean()), len(values), spread, by_example, model, tokens)
