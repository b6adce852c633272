"""Metrics: what each number counts, the token calculator, and loss against token accuracy."""

import streamlit as st

from analysis import glossary
from pages.shared import balance_view, calculator, frame, state

frame.open_page("Metrics")
st.title("What do these numbers mean?")

report = state.chosen_run()
loaded = None if isinstance(report, state.Wanted) else report

tokens, accuracy, columns = st.tabs(
    [
        ":material/calculate: Hidden tokens",
        ":material/balance: Loss and accuracy",
        ":material/menu_book: Every column",
    ]
)
with tokens:
    calculator.calculator(loaded)
with accuracy:
    balance_view.balance(loaded)
    st.header("They count different things", anchor=False)
    for line in glossary.LOSS_AND_ACCURACY:
        st.markdown(f"- {line}")
with columns:
    st.header("One batch or the full validation set", anchor=False)
    for line in glossary.BATCH_AND_FULL:
        st.markdown(f"- {line}")
    calculator.definitions(loaded)
