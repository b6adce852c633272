"""Figures of merit: precision and recall, calibration, and quantiles of regret."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

N_BINS = 10


@dataclass(frozen=True)
class Hits:
    """How often a label was said and true."""

    both: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the times it was said in which it was true; 1 if it never was said."""
        return self.both / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Share of the times it was true in which it was said; 1 if it never was true."""
        return self.both / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.both / max(self.said + self.true, 1)


def hits(pairs: Iterable[tuple[bool, bool]]) -> Hits:
    """Count pairs of said and true."""
    pairs = list(pairs)
    return Hits(
        sum(said and true for said, true in pairs),
        sum(said for said, _ in pairs),
        sum(true for _, true in pairs),
    )


def calibration(said: Sequence[float], held: Sequence[bool]) -> tuple[float, list[str]]:
    """Return the expected calibration error, and a row for each bin of probability.

    Guo et al. 2017, "On calibration of modern neural networks", section 2.
    """
    p, y = np.asarray(said), np.asarray(held, dtype=float)
    bins = np.minimum((p * N_BINS).astype(int), N_BINS - 1)
    error, rows = 0.0, []
    for index in range(N_BINS):
        inside = bins == index
        if not inside.any():
            continue
        error += inside.mean() * abs(p[inside].mean() - y[inside].mean())
        rows.append(f"| {p[inside].mean():.2f} | {y[inside].mean():.2f} | {inside.sum()} |")
    return float(error), rows


def mean_and_p95(values: Sequence[float], form: str) -> str:
    """Return mean and 95 % quantile as words."""
    return f"{np.mean(values):{form}} / {np.quantile(values, 0.95):{form}}"
