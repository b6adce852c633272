"""The Run page's parts: picker, toggle, the explorer with its slider, and the details."""

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
NEEDS = {
    Method.SFT: "training and validation loss (train_loss, valid_loss)",
    Method.RFT: "rewards (train_mean_reward, full_valid_mean_reward)",
    Method.DPO: "preference rewards (rewards/chosen, rewards/rejected)",
}


def picker(report: Report) -> Report:
    """Draw the list of loaded runs and return the chosen one."""
    reports = state.reports()
    ids = list(reports)
    current = state.run_id_of(report)
    chosen = st.selectbox(
        "Run",
        ids,
        index=ids.index(current),
        format_func=lambda run_id: reports[run_id].run.name,
        key=f"run-of-{len(ids)}-{current}",
        help="All runs loaded in this session",
    )
    if chosen != current:
        state.choose_run(chosen)
        st.rerun()
    return reports[chosen]


def method_toggle(report: Report) -> str:
    """Draw the toggle between the SFT and the RFT view and return the chosen one."""
    default = report.run.method.value
    if default == Method.DPO:
        return default
    options = [Method.SFT.value, Method.RFT.value]
    chosen = st.segmented_control(
        "View",
        options,
        default=state.chosen_view(default),
        format_func=str.upper,
        required=True,
        key=f"view-of-{state.run_id_of(report)}",
    )
    if chosen and chosen != state.chosen_view(default):
        state.choose_view(chosen)
    return chosen or default


def other_method(report: Report) -> None:
    """Say what the other view would need, and what this run has."""
    wanted = state.chosen_view(report.run.method.value)
    logged = ", ".join(column for column in report.run.frame if column != STEP)
    st.info(
        f"The {wanted.upper()} view needs {literal(NEEDS[Method(wanted)])}. "
        f"This run was read as {report.run.method.upper()}.",
        icon=":material/info:",
    )
    st.caption(f"Logged here: {literal(logged)}")


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
    for columns, title, height in (
        (LOSSES, "Loss (nats per token)", 380),
        (ACCURACIES, "Token accuracy", 250),
    ):
        _chart(report, columns, title, step, height)
    st.caption(
        "Dots are logged values; lines and bands are the curves behind them (80 % band). "
        "Gold line: the recommended step. Triangles: saved checkpoints. Dotted: ends of epochs."
    )


def details(report: Report) -> None:
    """Draw what the import did, and the run's rows."""
    with st.expander(f"Import report: {len(report.run.notes)} notes", icon=":material/fact_check:"):
        origin = report.run.origin
        st.text(f"{origin.path or report.run.name}: read as {origin.format}")
        if not report.run.notes:
            st.text("Nothing had to be repaired.")
        for note in report.run.notes:
            st.text(f"• {note.message}")
    with st.expander(f"Data: {len(report.run.frame):,} rows", icon=":material/table:"):
        st.dataframe(report.run.frame, hide_index=True, alt="Every logged value by step")


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
    with st.container(horizontal=True, gap="large"):
        if fitted and fitted.valid:
            st.metric(
                "Validation loss",
                number(float(fitted.valid.middle([step])[0])),
                _against_recommended(report, fitted.valid, step),
                delta_color="inverse",
                width="content",
                help="On the estimated curve, not one noisy reading",
            )
        if fitted and fitted.train:
            level = float(fitted.train.middle([step])[0])
            st.metric("Training loss", number(level), width="content")
        if fitted and fitted.n_epochs:
            passed = step / report.run.last_step * fitted.n_epochs
            st.metric("Epoch", f"{passed:.1f} of {fitted.n_epochs:g}", width="content")
        known = [checkpoint.step for checkpoint in report.run.checkpoints]
        saved = "yes" if step in known else "no" if known else "not known"
        st.metric("Saved", saved, width="content")
    st.caption(literal(_logged(report, step)))


def _against_recommended(report: Report, valid: Curve, step: int) -> str | None:
    """Return how far validation loss lies from the recommended step's; None at that step."""
    best = report.recommendation.step
    if best is None or best == step:
        return None
    here, there = (float(level) for level in valid.middle([step, best]))
    return f"{here / there - 1.0:+.1%} against step {best:,}" if there > 0 else None


def _logged(report: Report, step: int) -> str:
    row = report.run.frame.loc[report.run.frame[STEP] == step].squeeze()
    logged = [
        f"{METRICS[column].label.lower()} {number(float(row[column]))}"
        for column in (*LOSSES, *ACCURACIES)
        if column in row and pd.notna(row[column])
    ]
    return f"Logged at step {step:,}: {', '.join(logged) or 'nothing'}"


def _chart(report: Report, columns: tuple[str, ...], title: str, step: int, height: int) -> None:
    logged = [column for column in columns if report.run.has(column)]
    if not logged:
        st.caption(f"{title.split(' (', maxsplit=1)[0]} was not logged, so it has no chart.")
        return
    drawing = charts.metric_chart(report, logged, title, step, height=height)
    st.vega_lite_chart(
        None,
        drawing.spec,
        alt=drawing.text,
        key=f"chart-{title.split(maxsplit=1)[0].lower()}-{state.run_id_of(report)}",
    )
    for note in drawing.notes:
        st.caption(note)
