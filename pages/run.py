"""Run: one run in full, with a checkpoint slider beside its verdicts."""

import streamlit as st

from pages.shared import frame, import_report, panels, run_view, state
from pages.shared.explorer import explorer

frame.open_page("Run")
report = state.chosen_run()

if report is None or isinstance(report, state.Wanted):
    st.title("Run")
    frame.offer_start()
    st.stop()

chooser, toggle = st.columns([5, 3], gap="medium")
with chooser:
    report = run_view.picker(report)
with toggle:
    view = run_view.method_toggle(report)
if view != report.run.method:
    run_view.other_method(report)
    st.stop()

panels.headline_banner(report)
curves, verdicts = st.columns([5, 3], gap="medium")
with curves:
    explorer(report)
    import_report.details(report)
with verdicts:
    panels.decision_card(report)
    panels.verdict_cards(report)
