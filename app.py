"""Overview: files in, and one row per run with its verdict and recommended step."""

import streamlit as st

from pages.shared import frame, loading, overview, state

frame.open_page("Overview")
st.title("Which checkpoint is just right?")

if not state.reports():
    overview.welcome()
loading.load_uploads()
overview.failures()
if state.reports():
    overview.run_rows()
else:
    overview.first_steps()
