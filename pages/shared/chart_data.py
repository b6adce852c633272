"""Chart data: what the charts of a run draw, as frames; nothing here knows how they look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import Report
from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.reward_series import gap_curve, with_reward_series
from analysis.schema import STEP
from pages.shared.theme import lines_of

CLIP_QUANTILE = 0.995  # of all points: a few wild batches must not flatten the curves
CLIP_FROM = 1.25  # times the rest's span: less is not worth cutting off
LONG = 3  # readings: of fewer none stands alone
MAX_EPOCH_LINES = 20
MARGIN = 0.06  # free space above and below, as a share of the values' span
BAND = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class Series:
    """What can be drawn of a run.

    Attributes
    ----------
    report : Report
        The report on it.
    frame : DataFrame
        Its metrics and what follows from several of them, by step.
    curves : mapping of str to Curve
        The curves behind some of the columns.
    """

    report: Report
    frame: pd.DataFrame
    curves: Mapping[str, Curve]

    @property
    def logged(self) -> tuple[str, ...]:
        """The columns with at least one value."""
        return tuple(str(c) for c in self.frame if c != STEP and self.frame[c].notna().any())


def series_of(report: Report) -> Series:
    """Return what can be drawn of a run."""
    fitted, frame = [*report.curves.fitted], report.run.frame
    if isinstance(report.curves, RewardCurves):
        gap = gap_curve(report.curves)
        frame = with_reward_series(frame, gap)
        fitted += [gap] if gap is not None else []
    return Series(report, frame, {curve.column: curve for curve in fitted})


def value_domain(points: pd.DataFrame, limits: Sequence[float] = ()) -> tuple[float, float, int]:
    """Return bottom and top of the value axis, and how many points lie above it."""
    top, above = _top_of(points)
    top = max([top, *limits])
    bottom = _bottom_of(points, top)
    return bottom, top + MARGIN * ((top - bottom) or 1.0), above


def clip_of(
    values: Iterable[NDArray[np.float64]], limits: Sequence[float] = ()
) -> tuple[float | None, int]:
    """Return where to cut the value axis off so that a few wild readings do not flatten the rest.

    Wild is what stands alone: a level that three readings in a row reach is never cut off. None
    where no cut is worth it; with it, how many readings lie above.

    Parameters
    ----------
    values : iterable of array
        The readings of each series in the order of their steps.
    limits : sequence of float
        Levels that must stay in view.
    """
    series = [each[np.isfinite(each)] for each in values]
    finite = np.concatenate([np.empty(0), *series])
    if not len(finite):
        return None, 0
    settled = [float(_medians_of_three(each).max()) for each in series if len(each) >= LONG]
    top = max([float(np.quantile(finite, CLIP_QUANTILE)), *settled, *limits])
    least, highest = float(finite.min()), float(finite.max())
    if highest - least <= CLIP_FROM * (top - least):
        return None, 0
    return top, int((finite > top).sum())


def _medians_of_three(values: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b, c = values[:-2], values[1:-1], values[2:]
    return np.asarray(np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c)))


def _top_of(points: pd.DataFrame) -> tuple[float, int]:
    if points.empty:
        return 1.0, 0
    top = float(points["value"].quantile(CLIP_QUANTILE))
    least, highest = float(points["value"].min()), float(points["value"].max())
    if highest - least <= CLIP_FROM * (top - least):
        return highest, 0
    return top, int((points["value"] > top).sum())


def _bottom_of(points: pd.DataFrame, top: float) -> float:
    """Return the bottom of the value axis, at zero where that is near."""
    least = float(points["value"].min()) if len(points) else 0.0
    bottom = least - MARGIN * ((top - least) or 1.0)
    return max(0.0, bottom) if least >= 0 else bottom


def curve_rows(curve: Curve) -> pd.DataFrame:
    """Return a curve's middle and band between its first and last reading."""
    steps = curve.steps
    first, last = curve.span
    inside = (steps >= first) & (steps <= last)
    low, middle, high = np.quantile(curve.draws[:, inside], [BAND[0], 0.5, BAND[1]], axis=0)
    return pd.DataFrame({STEP: steps[inside], "low": low, "middle": middle, "high": high})


def epochs_of(report: Report) -> pd.DataFrame:
    """Return the steps at which epochs end; none where that is unknown or they are many."""
    n_epochs = report.curves.n_epochs
    if not n_epochs or n_epochs > MAX_EPOCH_LINES:
        return pd.DataFrame({STEP: []})
    ends = np.arange(1, int(n_epochs) + 1) * report.run.last_step / n_epochs
    return pd.DataFrame({STEP: ends})


def words_of(series: Series, columns: Sequence[str], title: str) -> str:
    """Return the chart in words: first, least, greatest and last value of every series."""
    lines, parts = lines_of(columns), []
    for column in columns:
        values = series.frame[column].dropna()
        parts.append(
            f"{lines[column].name} starts at {values.iloc[0]:.4g} and ends at "
            f"{values.iloc[-1]:.4g}, lowest {values.min():.4g}, highest {values.max():.4g}"
        )
    last = series.report.run.last_step
    return f"{title} over {last:,} steps: " + "; ".join(parts) + "."
