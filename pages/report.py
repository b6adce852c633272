"""Report: a run told to others, and files that keep it."""

import streamlit as st

from pages.shared import frame, presentation, sharing, state

frame.open_page("Report")
report = state.chosen_run()

if report is None or isinstance(report, state.Wanted):
    st.title("How do you show this to others?")
    frame.offer_start(
        "A run told in four screens for those who do not train models; report files to send; a "
        "workspace that brings everything back."
    )
    sharing.restore()
    st.stop()

presentation.present(report)
sharing.share(report)
