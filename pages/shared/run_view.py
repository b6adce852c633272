"""The Run page's parts beside the explorer: picker, toggle and details."""

from dataclasses import replace

import streamlit as st

from analysis import Method, Report, diagnose
from analysis.schema import LOSSES, REWARDS, STEP
from pages.shared import state
from pages.shared.literal import literal

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
    state.link(state.RUN, chosen)
    return reports[chosen]


def method_toggle(report: Report) -> str:
    """Draw the toggle between the SFT and the RFT view and return the chosen one."""
    default = report.run.method.value
    if default == Method.DPO:
        return default
    options = [Method.SFT.value, Method.RFT.value]
    kept = state.chosen_view(default)
    chosen = st.segmented_control(
        "View",
        options,
        default=kept if kept in options else default,
        format_func=str.upper,
        required=True,
        key=f"view-of-{state.run_id_of(report)}",
    )
    if chosen and chosen != kept:
        state.choose_view(chosen)
    return chosen or default


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
