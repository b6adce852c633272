"""Course: how far a job is, and what it has cost and will cost."""

from dataclasses import dataclass
from math import nan

import pandas as pd

from analysis.prices import PER_MILLION
from analysis.run import Run
from analysis.schema import STEP

HOUR = 3600.0
TIME, TOKENS = "wall_time", "num_tokens"


@dataclass(frozen=True)
class TrainingPrice:
    """Dollars for training.

    Attributes
    ----------
    per_hour : float or None
        For an hour, as RFT is billed; None where tokens are billed.
    per_million : float or None
        For a million training tokens, as SFT and DPO are billed; None where hours are.
    """

    per_hour: float | None = None
    per_million: float | None = None


@dataclass(frozen=True)
class Course:
    """How far a job is.

    Attributes
    ----------
    share : float
        Of the planned steps that has passed; NaN when unknown.
    seconds, seconds_left : float
        From the first to the last logged step, and from there to the end at that pace; NaN when
        unknown.
    dollars, dollars_left : float
        So far, and from now to the end; NaN when unknown.
    """

    share: float = nan
    seconds: float = nan
    seconds_left: float = nan
    dollars: float = nan
    dollars_left: float = nan


def course_of(run: Run, planned: int | None, price: TrainingPrice = TrainingPrice()) -> Course:
    """Return how far a run is and what that costs.

    Parameters
    ----------
    run : Run
        What was logged so far.
    planned : int or None
        Steps of the whole job.
    price : TrainingPrice
        What training costs; by default unknown.
    """
    last = run.last_step
    share = min(last / planned, 1.0) if planned else nan
    still = 1.0 / share - 1.0 if share > 0.0 else nan
    seconds = _seconds(run.frame, last)
    spent = nan
    if price.per_hour is not None:
        spent = seconds / HOUR * price.per_hour
    elif price.per_million is not None:
        spent = _tokens(run) * PER_MILLION * price.per_million
    return Course(share, seconds, seconds * still, spent, spent * still)


def _seconds(frame: pd.DataFrame, last: int) -> float:
    """Return the time that the logged steps took, the first one included at the mean pace."""
    timed = frame.dropna(subset=[TIME]) if TIME in frame else frame.iloc[:0]
    if len(timed) < 2:
        return nan
    passed = float(timed[TIME].iloc[-1] - timed[TIME].iloc[0])
    steps = int(timed[STEP].iloc[-1] - timed[STEP].iloc[0])
    return passed * last / steps if passed > 0.0 else nan


def _tokens(run: Run) -> float:
    """Return the tokens trained on: as billed at the end, else as logged; NaN when unknown."""
    if run.job and run.job.trained_tokens:
        return run.job.trained_tokens
    logged = run.frame[TOKENS].dropna() if TOKENS in run.frame else None
    return float(logged.max()) if logged is not None and len(logged) else nan
