"""Comparing: is the difference real, the values side by side, and what was trained differently."""

from collections.abc import Sequence
from math import isnan

import streamlit as st

from analysis import AnalysisError, Difference, Report
from analysis.candidates import At, Row, by_reward, rows_of
from analysis.comparison import compare_curves
from analysis.settings import differing
from analysis.wording import LEAST, number, probability
from pages.shared import state
from pages.shared.interval import interval_picture
from pages.shared.literal import literal
from pages.shared.theme import run_look

SAME = "same_validation"
MINUS = "\N{MINUS SIGN}"


def differences(candidates: Sequence[At]) -> None:
    """Draw, for every candidate against the first, whether the difference is real."""
    st.header("Is the difference real?", anchor=False)
    first, *others = candidates
    same = False
    if any(other.report is not first.report for other in others):
        same = st.toggle(
            "Same validation examples",
            value=state.choice(SAME, default=False),
            key="same-validation",
            help="Then the luck of the validation examples falls on both alike, and smaller "
            "differences can be told.",
        )
        state.hold_choice(SAME, same)
    for other in others:
        with st.container(border=True):
            if other.report is first.report and other.step == first.step:
                st.markdown(f"{first.letter} and {other.letter} are the same checkpoint.")
                continue
            try:
                found = compare_curves(
                    first.report.curves,
                    first.step,
                    other.report.curves,
                    other.step,
                    same_validation=same,
                )
            except AnalysisError as error:
                st.badge("Cannot be compared", icon=":material/help:", color="gray")
                st.markdown(literal(f"{error}."))
                continue
            _difference(first, other, found)


def _difference(a: At, b: At, found: Difference) -> None:
    word, icon, colour = {
        "a_better": (f"{a.letter} is better", ":material/check_circle:", "green"),
        "b_better": (f"{b.letter} is better", ":material/check_circle:", "green"),
        "cannot_tell": (f"{a.letter} and {b.letter}: cannot tell apart", ":material/help:", "gray"),
    }[found.verdict]
    likely = found.probability_a_better
    ahead, share = (a, likely) if likely >= 0.5 else (b, 1.0 - likely)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(word, icon=icon, color=colour)  # type: ignore[arg-type]
        st.caption(f"{ahead.letter} better: {probability(share)}", width="content")
    behind = b if ahead is a else a
    sign = 1.0 if (found.estimate >= 0) else -1.0
    low, high = sorted((sign * found.low, sign * found.high))
    interval = f"{_signless(low)} to {_signless(high)}"
    metric = _metric(a.report)
    st.markdown(
        f"**{ahead.letter} is ahead of {behind.letter}** by "
        f"{literal(number(abs(found.estimate), digits=2))} {metric}, "
        f"95 % interval {literal(interval)}."
    )
    left, right = (a, b) if metric == "validation loss" else (b, a)
    st.image(
        interval_picture(found, run_look(state.order_of(ahead.report)).colour),
        alt=f"The 95 % interval, {interval}, beside no difference",
        width="stretch",
    )
    st.caption(
        f"← {left.letter} better · dashed: no difference · {right.letter} better →",
        text_alignment="center",
    )
    if found.needed:
        st.caption(f"What would settle it: {literal(_lowered(found.needed))}.")


def _signless(value: float) -> str:
    """Return a number to two digits with a true minus sign."""
    return number(value, digits=2).replace("-", MINUS)


def _metric(report: Report) -> str:
    return "validation reward" if by_reward(report) else "validation loss"


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]


def values(candidates: Sequence[At]) -> None:
    """Draw every value of the candidates, with the difference to the first."""
    st.header("Values at these steps", anchor=False)
    rows = [
        {"Value": row.name}
        | {candidate.letter: _cell(row, index) for index, candidate in enumerate(candidates)}
        for row in rows_of(candidates)
    ]
    steps = {candidate.letter: f"{candidate.step:,}" for candidate in candidates}
    saved = {candidate.letter: _saved(candidate) for candidate in candidates}
    table = [{"Value": "Step"} | steps, *rows, {"Value": "Saved as a checkpoint"} | saved]
    st.table(table, hide_index=True, border="horizontal", alt="Values of the candidates")
    st.caption("In brackets: the difference to A.")


def _cell(row: Row, index: int) -> str:
    value, delta = row.values[index], row.deltas[index]
    if isnan(value):
        return "not known"
    shown = number(value, digits=3, as_share=row.as_share)
    if not row.as_share and 0.0 < value < LEAST:
        shown = f"under {LEAST:g}"
    if index == 0 or isnan(delta):
        return literal(shown)
    apart = f"{delta:+.1%}" if row.as_share else f"{delta:+.3g}"
    return literal(f"{shown} ({'same' if abs(delta) < LEAST else apart})".replace("-", MINUS))


def _saved(candidate: At) -> str:
    known = [checkpoint.step for checkpoint in candidate.report.run.checkpoints]
    if not known:
        return "not known"
    return "yes" if candidate.step in known else "no"


def settings(candidates: Sequence[At]) -> None:
    """Draw what was set differently for the candidates' runs."""
    st.header("What was trained differently", anchor=False)
    reports = {state.run_id_of(c.report): c for c in candidates}
    if len(reports) < 2:
        st.caption("Nothing: these are steps of one run.")
        return
    apart = differing([candidate.report.run for candidate in candidates])
    if not apart:
        st.caption("Nothing that the files tell. Add the job's JSON to see its hyperparameters.")
        return
    rows = [
        {"Setting": literal(name)}
        | {c.letter: literal(v) for c, v in zip(candidates, shown, strict=True)}
        for name, shown in apart.items()
    ]
    st.table(rows, hide_index=True, border="horizontal", alt="Settings that differ")
    st.caption("Only what differs.")
