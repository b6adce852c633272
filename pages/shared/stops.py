"""Stops: the steps a checkpoint slider stops at."""

from analysis import Report
from analysis.schema import STEP

EVALUATIONS = ("valid_loss", "full_valid_loss", "full_valid_mean_reward")
LONGEST = 15  # digits of a step in a link
MAX_STOPS = 500  # of a slider; a longer run is walked in equal strides


def stops_of(report: Report) -> tuple[int, ...]:
    """Return the steps the slider stops at: evaluated or saved ones, else every logged one."""
    frame = report.run.frame
    evaluated = [column for column in EVALUATIONS if column in frame]
    rows = frame.dropna(subset=evaluated, how="all") if evaluated else frame
    saved = {checkpoint.step for checkpoint in report.run.checkpoints}
    ordered = sorted(saved | {int(step) for step in rows[STEP]})
    if len(ordered) <= MAX_STOPS:
        return tuple(ordered)
    kept = {ordered[index * (len(ordered) - 1) // (MAX_STOPS - 1)] for index in range(MAX_STOPS)}
    kept.update(checkpoint.step for checkpoint in report.run.checkpoints)
    if report.recommendation.step is not None:
        kept.add(report.recommendation.step)
    return tuple(sorted(kept))


def nearest(stops: tuple[int, ...], step: int) -> int:
    """Return the stop nearest to a step."""
    return min(stops, key=lambda stop: abs(stop - step))


def step_in(text: str) -> int | None:
    """Return the step that a link names; None where it names none."""
    named = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if named else None
