"""The explorer: the checkpoint slider, the values at its step, the charts it marks, verdicts."""

import pandas as pd
import streamlit as st

from analysis import Method, Report
from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.reward_series import growth_at
from analysis.schema import STEP
from analysis.wording import number
from pages.shared import charts, panels, state
from pages.shared.chart_data import Series, series_of
from pages.shared.literal import literal
from pages.shared.stops import stops_of
from pages.shared.theme import label_of
from pages.shared.views import TOKENS, ChartOf, View, view_of

IN_A_ROW = 3
READING = (
    "Dots are logged values; lines and bands are the curves behind them (80 % band). "
    "Gold line: the recommended step. Triangles: saved checkpoints. Dotted: ends of epochs."
)
READ_ON = "On the estimated curve, not one noisy reading"


@st.fragment
def explorer(report: Report) -> None:
    """Draw the slider with the charts it marks, and the verdicts beside them.

    On a narrow screen the verdicts come before the small charts.
    """
    series = series_of(report)
    view = view_of(report, series.logged)
    curves, verdicts = st.columns([5, 3], gap="medium")
    with curves:
        step = _step(report)
        _values(report, step)
        st.caption(literal(_logged(series, view, step)))
        _main_charts(series, view, step)
        st.caption(READING)
    with verdicts:
        panels.decision_card(report)
        panels.verdict_cards(report)
    _small_charts(series, view, step)


def _step(report: Report) -> int:
    """Draw the checkpoint slider and return the chosen step."""
    stops = stops_of(report)
    step = stops[0]
    if len(stops) > 1:
        step = st.select_slider(
            "Checkpoint (drag, or use the arrow keys)",
            stops,
            value=state.chosen_step(stops, report.recommendation.step or stops[-1]),
            format_func=lambda stop: f"step {stop:,}",
            key=f"step-of-{state.run_id_of(report)}",
        )
    state.choose_step(step)
    return step


def _values(report: Report, step: int) -> None:
    """Draw the values at a step, as the curves say."""
    fitted = report.curves
    word = "reward" if report.run.method is Method.RFT else "loss"
    with st.container(horizontal=True, gap="medium"):
        if fitted.valid:
            _validation_value(report, fitted.valid, step, f"Validation {word}")
        if fitted.train:
            level = float(fitted.train.middle([step])[0])
            st.metric(f"Training {word}", number(level), width="content", help=READ_ON)
        if isinstance(fitted, RewardCurves) and fitted.tokens:
            _length(fitted.tokens, step)
        if fitted.n_epochs:
            passed = step / report.run.last_step * fitted.n_epochs
            st.metric("Epoch", f"{passed:.1f} of {fitted.n_epochs:g}", width="content")
        known = [checkpoint.step for checkpoint in report.run.checkpoints]
        saved = "yes" if step in known else "no" if known else "not known"
        st.metric("Saved", saved, width="content")


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


def _length(tokens: Curve, step: int) -> None:
    """Draw the length of answers at a step, and how far it has grown since the start."""
    grown = growth_at(tokens, step)
    st.metric(
        "Answer tokens",
        f"{float(tokens.middle([step])[0]):,.0f}",
        None if pd.isna(grown) else f"{grown:.2g} times the start",
        delta_color="off",
        delta_arrow="off",
        width="content",
        help="Reasoning included. Twice the start is normal, three times is too much.",
    )


def _logged(series: Series, view: View, step: int) -> str:
    row = series.report.run.frame.loc[series.report.run.frame[STEP] == step].squeeze()
    columns = [column for chart in view.main for column in chart.columns]
    columns += [column for column in TOKENS if column in row]
    logged = [
        f"{label_of(column).lower()} {number(float(row[column]))}"
        for column in columns
        if column in row and pd.notna(row[column])
    ]
    return f"Logged at step {step:,}: {', '.join(logged) or 'nothing'}"


def _main_charts(series: Series, view: View, step: int) -> None:
    for chart in view.main:
        _chart(series, chart, step)
    for subject in view.missing:
        st.caption(f"{subject} was not logged, so it has no chart.")


def _small_charts(series: Series, view: View, step: int) -> None:
    for first in range(0, len(view.beside), IN_A_ROW):
        row = view.beside[first : first + IN_A_ROW]
        for column, chart in zip(st.columns(IN_A_ROW, gap="medium"), row, strict=False):
            with column:
                st.markdown(f"**{chart.title}**")
                _chart(series, chart, step)


def _chart(series: Series, chart: ChartOf, step: int) -> None:
    drawing = charts.metric_chart(series, chart, step)
    subject = chart.subject.lower().replace(" ", "-")
    key = f"chart-{subject}-{state.run_id_of(series.report)}"
    st.vega_lite_chart(None, drawing.spec, alt=drawing.text, key=key)
    for note in drawing.notes:
        st.caption(note)
