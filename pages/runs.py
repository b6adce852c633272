"""Runs: many runs in one table, and what they say together about their hyperparameters."""

import streamlit as st

from pages.shared import frame, many, runs_table, screened, sweep_view

frame.open_page("Runs")
st.title("Which runs need you?")

rows = many.rows()
if not rows:
    frame.offer_start(
        "Every run in one table to search, sort and save, those that need you first; and what a "
        "sweep says of its settings."
    )
    screened.loader()
    st.stop()

table, sweep = st.tabs([":material/table_rows: Table", ":material/tune: Sweep"])
with table:
    runs_table.table(rows)
    screened.loader()
with sweep:
    sweep_view.sweep(rows)
