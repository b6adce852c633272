"""Report: a run told to others, and files that keep it."""

import streamlit as st

from pages.shared import frame, presentation, sharing, state

frame.open_page("Report")
report = state.chosen_run()

if report is None or isinstance(report, state.Wanted):
    st.title("Report")
    frame.offer_start()
    sharing.restore()
    st.stop()

presentation.present(report)
sharing.share(report)
