"""The Run page's parts beside the explorer: choosers, and what a view needs."""

from dataclasses import replace

import streamlit as st

from analysis import Method, Report, diagnose
from analysis.schema import LOSSES, REWARDS, STEP
from pages.shared import state
from pages.shared.literal import literal

VIEWS = (Method.SFT.value, Method.RFT.value)
NEEDS = {
    Method.SFT: "training and validation loss (train_loss, valid_loss)",
    Method.RFT: "rewards (train_mean_reward, full_valid_mean_reward)",
    Method.DPO: "preference rewards (rewards/chosen, rewards/rejected)",
}


def view_of(report: Report) -> str:
    """Return the view that was chosen for a run, or its own."""
    own = report.run.method.value
    kept = state.chosen_view(own)
    return kept if own != Method.DPO and kept in VIEWS else own


def choosers(report: Report, view: str) -> None:
    """Draw the list of loaded runs, and the toggle between the SFT and the RFT view."""
    runs, views = st.columns([5, 3], gap="medium")
    with runs:
        picker(report)
    with views:
        if view in VIEWS:
            _toggle(report, view)


def picker(report: Report) -> None:
    """Draw the list of loaded runs; choosing one draws the page with it."""
    reports, current = state.reports(), state.run_id_of(report)
    key = f"run-of-{len(reports)}-{current}"
    st.selectbox(
        "Run",
        list(reports),
        index=list(reports).index(current),
        format_func=lambda run_id: reports[run_id].run.name,
        key=key,
        help="All runs loaded in this session",
        on_change=lambda: state.choose_run(str(state.value_of(key))),
    )
    state.link(state.RUN, current)


def _toggle(report: Report, view: str) -> None:
    key = f"view-of-{state.run_id_of(report)}"
    st.segmented_control(
        "View",
        VIEWS,
        default=view,
        format_func=str.upper,
        required=True,
        key=key,
        on_change=lambda: state.choose_view(str(state.value_of(key))),
    )


def in_view(report: Report, view: str) -> Report | None:
    """Return the run as the chosen view sees it; None where what that needs was not logged."""
    if view == report.run.method:
        return report
    columns = {Method.SFT: LOSSES, Method.RFT: REWARDS}[Method(view)]
    if not any(report.run.has(column) for column in columns):
        return None
    return diagnose(replace(report.run, method=Method(view)))


def other_method(report: Report, wanted: str) -> None:
    """Say what the other view would need, and what this run has."""
    logged = ", ".join(column for column in report.run.frame if column != STEP)
    st.info(
        f"The {wanted.upper()} view needs {literal(NEEDS[Method(wanted)])}. "
        f"This run was read as {report.run.method.upper()}.",
        icon=":material/info:",
    )
    st.caption(f"Logged here: {literal(logged)}")
