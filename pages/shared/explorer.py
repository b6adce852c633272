"""The explorer: the checkpoint slider, the values at its step, and the charts it marks."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis import Method, Report
from analysis.curve.curve import Curve
from analysis.schema import ACCURACIES, LOSSES, METRICS, STEP
from analysis.wording import number
from pages.shared import charts, state
from pages.shared.literal import literal

EVALUATIONS = ("valid_loss", "full_valid_loss", "full_valid_mean_reward")
MAX_STOPS = 500  # of the slider; a longer run is walked in equal strides
REWARDS = ("train_graded_reward", "train_mean_reward", "full_valid_mean_reward")
TOKENS = ("completion_tokens_mean", "reasoning_tokens_mean")


@dataclass(frozen=True)
class ChartOf:
    """A chart of the Run page: its metrics, its title with the unit, its height in pixels."""

    columns: tuple[str, ...]
    title: str
    height: int

    @property
    def subject(self) -> str:
        """The title without the unit."""
        return self.title.split(" (", maxsplit=1)[0]


LOSS_CHARTS = (
    ChartOf(LOSSES, "Loss (nats per token)", 380),
    ChartOf(ACCURACIES, "Token accuracy", 250),
)
REWARD_CHARTS = (ChartOf(REWARDS, "Reward", 380), ChartOf(TOKENS, "Answer length (tokens)", 250))
CHARTS = {Method.SFT: LOSS_CHARTS, Method.DPO: LOSS_CHARTS, Method.RFT: REWARD_CHARTS}
READ_ON = "On the estimated curve, not one noisy reading"


@st.fragment
def explorer(report: Report) -> None:
    """Draw the checkpoint slider, the values at its step, and the charts it marks."""
    stops = _stops(report)
    start = state.chosen_step(stops, report.recommendation.step or stops[-1])
    step = stops[0]
    if len(stops) > 1:
        step = st.select_slider(
            "Checkpoint (drag, or use the arrow keys)",
            stops,
            value=start,
            format_func=lambda stop: f"step {stop:,}",
            key=f"step-of-{state.run_id_of(report)}",
        )
    state.choose_step(step)
    _values(report, step)
    for chart in CHARTS[report.run.method]:
        _chart(report, chart, step)
    st.caption(
        "Dots are logged values; lines and bands are the curves behind them (80 % band). "
        "Gold line: the recommended step. Triangles: saved checkpoints. Dotted: ends of epochs."
    )


def _stops(report: Report) -> tuple[int, ...]:
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


def _values(report: Report, step: int) -> None:
    """Draw the values at a step: what the curves say, then what was logged."""
    fitted = report.curves
    word = "reward" if report.run.method is Method.RFT else "loss"
    with st.container(horizontal=True, gap="large"):
        if fitted.valid:
            _validation_value(report, fitted.valid, step, f"Validation {word}")
        if fitted.train:
            level = float(fitted.train.middle([step])[0])
            st.metric(f"Training {word}", number(level), width="content", help=READ_ON)
        if fitted.n_epochs:
            passed = step / report.run.last_step * fitted.n_epochs
            st.metric("Epoch", f"{passed:.1f} of {fitted.n_epochs:g}", width="content")
        known = [checkpoint.step for checkpoint in report.run.checkpoints]
        saved = "yes" if step in known else "no" if known else "not known"
        st.metric("Saved", saved, width="content")
    st.caption(literal(_logged(report, step)))


def _validation_value(report: Report, valid: Curve, step: int, label: str) -> None:
    """Draw validation at a step, and how far it lies from the recommended step's."""
    here = float(valid.middle([step])[0])
    best = report.recommendation.step
    delta = None
    if best is not None and best != step:
        there = float(valid.middle([best])[0])
        apart = f"{here - there:+.3f}"
        if report.run.method is not Method.RFT and there > 0:
            apart = f"{here / there - 1.0:+.1%}"
        delta = f"{apart} against step {best:,}"
    better_low = report.run.method is not Method.RFT
    st.metric(
        label,
        number(here),
        delta,
        delta_color="inverse" if better_low else "normal",
        width="content",
        help=READ_ON,
    )


def _logged(report: Report, step: int) -> str:
    row = report.run.frame.loc[report.run.frame[STEP] == step].squeeze()
    columns = [column for chart in CHARTS[report.run.method] for column in chart.columns]
    logged = [
        f"{METRICS[column].label.lower()} {number(float(row[column]))}"
        for column in columns
        if column in row and pd.notna(row[column])
    ]
    return f"Logged at step {step:,}: {', '.join(logged) or 'nothing'}"


def _chart(report: Report, chart: ChartOf, step: int) -> None:
    logged = [column for column in chart.columns if report.run.has(column)]
    if not logged:
        st.caption(f"{chart.subject} was not logged, so it has no chart.")
        return
    drawing = charts.metric_chart(report, logged, chart.title, step, height=chart.height)
    key = f"chart-{chart.subject.lower().replace(' ', '-')}-{state.run_id_of(report)}"
    st.vega_lite_chart(None, drawing.spec, alt=drawing.text, key=key)
    for note in drawing.notes:
        st.caption(note)
