"""Grader: does the grader leave the model something to learn, and can it be trusted?"""

import streamlit as st

from pages.shared import frame, grading_view

frame.open_page("Grader")
st.title("Is the grader hard enough, and can it be trusted?")
st.markdown(
    "Let the **base model** answer your prompts, grade the answers, and drop the scores here "
    "before you pay for reinforcement fine-tuning. A good pass threshold fails a quarter to a "
    "half of them."
)
scores = grading_view.choose_scores()
if scores is not None:
    grading_view.calibrate(scores)
    grading_view.compare()
grading_view.check_list()
