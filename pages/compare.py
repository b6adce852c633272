"""Compare: two to four candidates side by side, and whether their difference is real."""

import streamlit as st

from pages.shared import frame, lineup, side_by_side

frame.open_page("Compare")
st.title("Which is better, and is it real?")

if not lineup.slots():
    frame.offer_start(
        "Two to four checkpoints side by side, and whether their difference is more than noise."
    )
    st.stop()

side_by_side.side_by_side()
