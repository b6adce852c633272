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

top = st.container()
view = run_view.view_of(report)
seen = run_view.in_view(report, view)
tried = what_if.tried(seen) if seen else None
if tried:
    panels.headline_banner(tried)
    explorer(tried)
else:
    run_view.other_method(report, view)
with top:  # drawn late: their scripts would keep verdict and charts waiting
    run_view.choosers(report, view)
if tried:
    next_steps.next_steps(tried)
    import_report.details(tried)
    what_if.what_if(tried)
