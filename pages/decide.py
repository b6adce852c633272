"""Decide: which checkpoint to deploy, by your own evaluation, by quality and by cost."""

import streamlit as st

from pages.shared import deciding, deploying, evaluating, frame, run_view

TITLE = "Which checkpoint do you deploy?"

frame.open_page("Decide")
report = frame.loaded_run(
    "The saved checkpoints ranked by what each would give away, by cost and by your own "
    "evaluation; then the command that deploys your choice.",
    title=TITLE,
)
if report is None:
    st.stop()

st.title(TITLE)
run_view.picker(report)
deciding.banner(report)
ranking, weights = st.columns([5, 3], gap="medium")
with weights:
    report, price, prompt_tokens, weight = deciding.weights(report)
with ranking:
    rows = deciding.ranking(report, price, prompt_tokens, weight)
    deciding.front(report, rows)
with weights:
    deciding.candidates(report)
evaluating.own_evaluation(report)
deploying.deploy(report, rows)
