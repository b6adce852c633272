"""Run: one run in full, with a checkpoint slider beside its verdicts."""

import streamlit as st

from pages.shared import frame, import_report, next_steps, panels, run_view, what_if
from pages.shared.explorer import explorer

frame.open_page("Run")
report = frame.loaded_run(
    "One run in full: its curves, a slider over its checkpoints, and what each check says, with "
    "the evidence.",
    title="Is this run healthy?",
)
if report is None:
    st.stop()

chooser, toggle = st.columns([5, 3], gap="medium")
with chooser:
    report = run_view.picker(report)
with toggle:
    view = run_view.method_toggle(report)
seen = run_view.in_view(report, view)
if seen is None:
    run_view.other_method(report, view)
    st.stop()

report = what_if.tried(seen)
panels.headline_banner(report)
explorer(report)
next_steps.next_steps(report)
import_report.details(report)
what_if.what_if(report)
