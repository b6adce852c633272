"""Overview: files or jobs in, and one row per run with its verdict and recommended step."""

import streamlit as st

from pages.shared import connect, frame, loading, overview, state, watch_panel

frame.open_page("Overview")
st.title("Which checkpoint is just right?")

if not state.reports():
    overview.welcome()
watch_panel.panel()
files, jobs = st.tabs([":material/upload_file: Files", ":material/cloud_download: OpenAI or Azure"])
with files:
    loading.load_uploads()
with jobs:
    connect.panel()
overview.failures()
if state.reports():
    overview.run_rows()
else:
    overview.first_steps()
