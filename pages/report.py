"""Report: a run told to others, and files that keep it."""

import streamlit as st

from pages.shared import frame, presentation, sharing

frame.open_page("Report")
report = frame.loaded_run(
    "A run told in four screens for those who do not train models; report files to send; a "
    "workspace that brings everything back.",
    title="How do you show this to others?",
)
if report is None:
    sharing.restore()
    st.stop()

presentation.present(report)
sharing.share(report)
