"""The Grader page's parts: scores in, pass rates, the threshold, agreement, the check list."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from analysis import SourceError
from analysis.agreement import agreement
from analysis.grading import (
    HACKABILITY,
    MEANING,
    Array,
    Band,
    Calibration,
    GradingError,
    calibration,
    checked,
    pass_rates,
    rescaled,
)
from analysis.sources.scores import default_column, scores_of
from analysis.wording import number
from pages.shared import settings, state
from pages.shared.drawing import letters
from pages.shared.literal import literal
from pages.shared.theme import ACCENT, TRAIN

ROUND = "score_round"
BINS = 20
EXAMPLE_SEED, N_EXAMPLE = 7, 80
ICONS = {
    Band.TOO_EASY: ":red-badge[:material/error: too easy]",
    Band.WEAK: ":orange-badge[:material/warning: weak]",
    Band.GOOD: ":green-badge[:material/check_circle: good]",
    Band.HARSH: ":orange-badge[:material/warning: harsh]",
    Band.TOO_HARD: ":red-badge[:material/error: too hard]",
}


def choose_scores() -> Array | None:
    """Draw the uploader and the choice of column and scale; return the scores as shares."""
    _upload()
    frame: pd.DataFrame | None = state.choice(settings.SCORES, None)
    if frame is None:
        st.button("Try it with made-up scores", icon=":material/play_circle:", on_click=_example)
        return None
    chosen, low, high, away = st.columns([4, 2, 2, 2], vertical_alignment="bottom")
    columns = [str(column) for column in frame.columns]
    with chosen:
        column = st.selectbox(
            "Scores of", columns, index=default_column(columns), key=f"column-{len(columns)}"
        )
    values = frame[column].dropna().to_numpy(dtype=np.float64)
    ends = _ends(values)
    with low:
        least = st.number_input("Lowest possible score", value=ends[0], key=f"low-{column}")
    with high:
        most = st.number_input("Highest possible score", value=ends[1], key=f"high-{column}")
    with away:
        st.button("Remove", icon=":material/close:", on_click=state.hold_choice,
                  args=(settings.SCORES, None))  # fmt: skip
    try:
        return checked(rescaled(values, least, most))
    except GradingError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None


def _ends(values: Array) -> tuple[float, float]:
    """Return the likely ends of the scores' scale: 0 to 1 unless some lie outside."""
    return min(0.0, float(np.floor(values.min()))), max(1.0, float(np.ceil(values.max())))


def _upload() -> None:
    round_ = state.choice(ROUND, 0)
    file = st.file_uploader(
        "Scores of the base model",
        type=["csv", "tsv", "txt", "json", "jsonl"],
        key=f"scores-{round_}",
        help="One score a line, a CSV with a column for each grader, or a JSON list",
    )
    if file is None:
        return
    try:
        found = scores_of(file.getvalue(), file.name)
    except SourceError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    state.hold_choice(settings.SCORES, found)
    state.hold_choice(ROUND, round_ + 1)
    st.rerun()


def _example() -> None:
    """Take made-up scores of a grader and of a human who mostly agrees."""
    rng = np.random.default_rng(EXAMPLE_SEED)
    grader = np.round(rng.beta(2.2, 1.6, N_EXAMPLE), 2)
    human = np.round(np.clip(grader + 0.14 * rng.standard_normal(N_EXAMPLE), 0, 1), 1)
    state.hold_choice(
        settings.SCORES, pd.DataFrame({"score (made up)": grader, "human (made up)": human})
    )


def calibrate(scores: Array) -> None:
    """Draw the threshold to use, the histogram, and the pass rate at each threshold."""
    found = calibration(scores)
    with st.container(border=True):
        _threshold(found, len(scores))
    left, right = st.columns([3, 4], gap="large")
    with left:
        st.header("Scores of the base model", anchor=False)
        st.vega_lite_chart(
            None, _histogram(scores, found.threshold), alt=_text(scores, found), key="histogram"
        )
    with right:
        st.header("Pass rate at each threshold", anchor=False)
        rows = [
            {
                "Threshold": f"{rate.threshold:g}",
                "Pass": f"{rate.passed:.0%}",
                "95 % interval": f"{rate.low:.0%} to {rate.high:.0%}",
                "Fail": f"{1 - rate.passed:.0%}",
                "For training": ICONS[rate.band],
            }
            for rate in pass_rates(scores)
        ]
        st.table(rows, hide_index=True, border="horizontal", alt="Pass rate at each threshold")


def _threshold(found: Calibration, n_scores: int) -> None:
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        st.metric("Pass threshold to use", number(found.threshold, digits=2), width="content")
        st.metric("Fails of the base model", f"{found.fails:.0%}", width="content")
        st.metric(
            "Its 95 % interval",
            f"{number(found.low, digits=2)} to {number(found.high, digits=2)}",
            width="content",
            help="Where the threshold would lie for other answers of the same model",
        )
    st.markdown(f"{ICONS[found.band]} {MEANING[found.band]} From {n_scores:,} answers.")
    if found.band is not Band.GOOD:
        st.caption(
            "No threshold fails a quarter to a half of the answers: the grader gives too few "
            "different scores, or the prompts are too easy or too hard for this model."
        )


def _histogram(scores: Array, threshold: float) -> dict[str, Any]:
    counts, edges = np.histogram(scores, bins=BINS, range=(0.0, 1.0))
    bars = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "answers": counts})
    x = {"type": "quantitative", "title": "Score", "scale": {"domain": [0, 1]}}
    y = {"field": "answers", "type": "quantitative", "title": "Answers", "axis": {"tickMinStep": 1}}
    return {
        "height": 300,
        "config": letters(),
        "datasets": {"bars": bars, "threshold": pd.DataFrame({"at": [threshold]})},
        "layer": [
            {"data": {"name": "bars"}, "mark": {"type": "bar", "color": TRAIN.colour},
             "encoding": {"x": {**x, "field": "from", "bin": {"binned": True}},
                          "x2": {"field": "to"}, "y": y}},
            {"data": {"name": "threshold"},
             "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 4},
             "encoding": {"x": {**x, "field": "at"}}},
        ],
    }  # fmt: skip


def _text(scores: Array, found: Calibration) -> str:
    low, middle, high = np.quantile(scores, [0.25, 0.5, 0.75])
    return (
        f"Histogram of {len(scores):,} scores: a quarter lies below {low:.2g}, half below "
        f"{middle:.2g}, three quarters below {high:.2g}. The threshold {found.threshold:.2g} is "
        "marked."
    )


def compare() -> None:
    """Draw how far two graders agree, where there are scores of two."""
    frame: pd.DataFrame | None = state.choice(settings.SCORES, None)
    st.header("Do two graders agree?", anchor=False)
    if frame is None or len(frame.columns) < 2:
        st.info(
            "Drop a table with a column for each grader, such as yours and a human's, to see "
            "whether they rank answers alike.",
            icon=":material/info:",
        )
        return
    columns = [str(column) for column in frame.columns]
    left, right = st.columns(2)
    with left:
        first = st.selectbox("First grader", columns, index=0, key="first-grader")
    with right:
        second = st.selectbox("Second grader", columns, index=1, key="second-grader")
    try:
        found = agreement(
            frame[first].to_numpy(dtype=np.float64), frame[second].to_numpy(dtype=np.float64)
        )
    except GradingError as error:
        st.warning(literal(str(error)), icon=":material/warning:")
        return
    with st.container(border=True):
        st.metric(
            "Spearman's rank correlation",
            f"{found.rho:.2f}",
            help="0.8 or more: they agree. Under 0.6: mend the grader. 1 is the same ranking.",
        )
        st.markdown(f"**{found.statement}**")
        st.caption(
            f"95 % interval {found.low:.2f} to {found.high:.2f}, from {found.n_pairs:,} answers "
            "that both graded."
        )


def check_list() -> None:
    """Draw what a model under training would try, and how to try it first."""
    st.header("Can it be hacked?", anchor=False)
    st.caption("The model will try each of these. Try them first; tick what the grader withstood.")
    withstood = 0
    sides = st.columns(2, gap="large")
    for place, (question, how) in enumerate(HACKABILITY):
        name = f"hack-{place}"
        with sides[place * 2 // (len(HACKABILITY) + 1)]:
            ticked = st.checkbox(question, state.choice(name, default=False), key=name)
            st.caption(how)
        state.hold_choice(name, ticked)
        withstood += ticked
    if withstood == len(HACKABILITY):
        st.success("Every try withstood.", icon=":material/check_circle:")
    else:
        left = len(HACKABILITY) - withstood
        st.info(f"{left} of {len(HACKABILITY)} not tried yet.", icon=":material/info:")
