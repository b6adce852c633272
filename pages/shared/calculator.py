"""The token calculator and the glossary, as the Metrics page shows them."""

import streamlit as st

from analysis import Report, diagnose
from analysis.glossary import entries
from analysis.tokens import (
    HiddenTokensError,
    guessing_floor,
    visible_figures,
    with_answer_tokens,
)
from analysis.wording import number
from pages.shared import settings, state
from pages.shared.literal import literal

LABELS = (2, 3, 5, 6)
LOSS, ACCURACY, TOKENS, N_LABELS = "loss", "accuracy", "answer_tokens", "n_labels"
COIN = {LOSS: 0.231, ACCURACY: 0.833, TOKENS: 1.0, N_LABELS: 2}  # a yes/no task, guessed


def calculator(report: Report | None) -> None:
    """Draw the calculator: reported figures in, figures per visible token out."""
    st.header("Token calculator", anchor=False)
    st.markdown(
        "OpenAI averages loss and accuracy over the tokens of an answer **and two hidden ones** "
        "that a tuned model always gets right. So short answers look better than they are."
    )
    with st.container(border=True):
        given, found = st.columns([2, 3], gap="large")
        with given:
            loss = _field("Reported loss", LOSS, 0.0, None, 0.01, "%.3f")
            accuracy = _field("Reported token accuracy", ACCURACY, 0.0, 1.0, 0.01, "%.3f")
            tokens = _field("Mean length of an answer, in tokens", TOKENS, 0.1, None, 1.0, "%.1f")
            labels = _field("Labels to choose from", N_LABELS, 2, 1000, 1, "%d")
        with found:
            _result(loss, accuracy, tokens, int(labels))
        if report is not None:
            _apply(report, tokens)
    _floors()


def _field(
    label: str, name: str, low: float, high: float | None, stride: float, form: str
) -> float:
    value = st.number_input(
        label,
        low,
        high,
        state.choice(name, COIN[name]),
        stride,
        format=form,
        key=f"calculator-{name}",
    )
    state.hold_choice(name, value)
    return float(value)


def _result(loss: float, accuracy: float, tokens: float, labels: int) -> None:
    try:
        seen = visible_figures(tokens, loss=loss, accuracy=accuracy)
        floor = guessing_floor(labels, max(tokens, 1.0))
    except HiddenTokensError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    with st.container(horizontal=True, gap="large"):
        st.metric("Visible-token loss", number(seen.loss or 0.0), width="content")
        st.metric("Visible-token accuracy", f"{seen.accuracy or 0.0:.1%}", width="content")
        st.metric(
            "Perplexity",
            number(seen.perplexity or 1.0, digits=3),
            width="content",
            help="Between how many equally likely tokens the model wavers",
        )
    beats = accuracy > floor.accuracy + 0.005 or loss < floor.loss - 0.005
    words = (
        f"Guessing among {labels} labels would report {floor.accuracy:.1%} accuracy and a loss of "
        f"{floor.loss:.3f}."
    )
    if beats:
        st.success(f"{words} These figures are better.", icon=":material/check_circle:")
    else:
        st.warning(f"{words} These figures are no better.", icon=":material/warning:")
    st.caption("This rests on: " + " ".join(seen.rests_on))


def _apply(report: Report, tokens: float) -> None:
    """Draw the button that judges the run in view by visible tokens."""
    name = literal(report.run.name)
    known = report.run.answer_tokens
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Judge this run by visible tokens", icon=":material/check:", key="apply-tokens"
        ):
            try:
                run = with_answer_tokens(report.run, tokens)
            except HiddenTokensError as error:
                st.error(literal(str(error)), icon=":material/error:")
                return
            state.rejudge([diagnose(run, settings.thresholds())])
            st.rerun()
        if known is None:
            st.caption(f"{name} is judged by its figures as reported.", width="content")
        else:
            st.caption(f"{name} is judged for answers of {known:g} tokens.", width="content")


def _floors() -> None:
    rows = [
        {
            "Labels": labels,
            "Accuracy reported": f"{guessing_floor(labels).accuracy:.3f}",
            "Loss reported": f"{guessing_floor(labels).loss:.3f}",
            "In truth right": f"{1 / labels:.0%}",
        }
        for labels in LABELS
    ]
    with st.expander("What a model reports that only guesses (one-token answers)"):
        st.table(rows, hide_index=True, border="horizontal", alt="Floors of guessing")
        st.caption("So 83 % accuracy on a yes/no task is coin flipping.")


def definitions(report: Report | None) -> None:
    """Draw what every column counts; of the run in view alone, where that is asked."""
    st.header("Every column", anchor=False)
    shown = entries()
    if report is not None and st.toggle("Only what the run in view logged", key="only-logged"):
        shown = tuple(entry for entry in shown if report.run.has(entry.column))
    subjects = list(dict.fromkeys(entry.subject for entry in shown))
    for subject in subjects:
        with st.expander(subject, expanded=subject == subjects[0]):
            rows = [
                {
                    "Metric": f"**{entry.label}**  \n`{entry.column}`",
                    "What it counts": entry.meaning,
                    "Unit, better": f"{entry.unit or 'no unit'}, {entry.better}",
                    "Logged by": entry.logged_by,
                }
                for entry in shown
                if entry.subject == subject
            ]
            st.table(rows, hide_index=True, border="horizontal", alt=f"Columns on {subject}")
