"""The Overview's parts: the welcome, one row per run, and what could not be read."""

import streamlit as st

from analysis import Report, Status
from analysis.wording import counted, label_words, probability
from pages.shared import loading, panels, state
from pages.shared.literal import literal
from pages.shared.mapper import mapper
from pages.shared.sparkline import sparkline, sparkline_text
from pages.shared.theme import GRAVITY

ROWS_PER_PAGE = 10
QUESTIONS = (
    (
        ":material/monitor_heart: Is this run healthy?",
        "Overfitting, divergence, a crash to zero, no progress: each verdict comes with its "
        "numbers, its probability and its source. What cannot be judged is said, never guessed.",
    ),
    (
        ":material/rocket_launch: Which checkpoint do I deploy?",
        "The saved checkpoint with the lowest expected loss, the ones tied with it, and what you "
        "give away if the noise has fooled everyone.",
    ),
    (
        ":material/tune: What do I change next?",
        "Advice in the terms of your platform: epochs, learning rate, data. One change at a time.",
    ),
)


def welcome() -> None:
    """Draw what the app does, in one sentence."""
    st.markdown(
        "Drop the result files of your fine-tuning jobs. You get the curves, a verdict with its "
        "evidence, and **the checkpoint to deploy**, with how sure that is."
    )


def first_steps() -> None:
    """Draw the way in for somebody without a file at hand, and what the app answers."""
    with st.container(horizontal=True, vertical_alignment="center"):
        loading.offer_samples()
        st.caption("Six made-up jobs whose truth is known", width="content")
    st.space("small")
    for column, (question, answer) in zip(st.columns(3), QUESTIONS, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{question}**")
            st.markdown(answer)
    st.caption(
        "Reads result files, events and checkpoints of OpenAI and Azure OpenAI; logs of Hugging "
        "Face, TRL, LLaMA-Factory, verl, torchtune, Tinker, Amazon Nova; exports of TensorBoard, "
        "MLflow and Weights & Biases; any table with a step. Files stay in this session's memory."
    )


def failures() -> None:
    """Draw the inputs that could not be read, why, and the way out where there is one."""
    failed = state.failures()
    if not failed:
        return
    for position, failure in enumerate(failed):
        if failure.table is None:
            st.error(literal(failure.error), title=literal(failure.source), icon=":material/error:")
        else:
            st.warning(
                "Its columns are not known yet.",
                title=literal(failure.source),
                icon=":material/help:",
            )
            mapper(failure, f"{position}-{failure.source}")
    st.button("Dismiss", on_click=state.dismiss_failures)


def run_rows() -> None:
    """Draw one row per run, those that need attention first."""
    ordered = sorted(
        state.reports().items(), key=lambda item: GRAVITY.index(item[1].headline.status)
    )
    n_pages = -(-len(ordered) // ROWS_PER_PAGE)
    if n_pages > 1:
        st.page_link(
            "pages/runs.py",
            label=f"All {counted(len(ordered), 'run')} in one table: filter, sort, compare",
            icon=":material/table_rows:",
        )
    page = st.pagination(n_pages, key="overview-page") if n_pages > 1 else 1
    for run_id, report in ordered[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]:
        _row(run_id, report)


def _row(run_id: str, report: Report) -> None:
    with st.container(border=True):
        name, curve, verdict, choice = st.columns([5, 5, 12, 6], vertical_alignment="center")
        with name:
            st.markdown(f"**{literal(report.run.name)}**")
            st.caption(f"{report.run.method.upper()} · {report.run.last_step:,} steps")
        with curve:
            picture = sparkline(report)
            if picture:
                st.image(picture, alt=sparkline_text(report), width="stretch")
        with verdict:
            with st.container(horizontal=True, vertical_alignment="center"):
                panels.status_badge(report.headline.status, label_words(report.headline.label))
                sure = probability(report.headline.confidence)
                st.caption(f"{sure}{_missing(report)}", width="content")
            st.markdown(literal(report.headline.statement))
        with choice:
            st.markdown(f"**{panels.action_words(report)}**")
            with st.container(horizontal=True):
                if st.button("Open", key=f"open-{run_id}", icon=":material/arrow_forward:"):
                    state.choose_run(run_id)
                    st.switch_page("pages/run.py")
                st.button(
                    "",
                    key=f"remove-{run_id}",
                    icon=":material/close:",
                    type="tertiary",
                    help=f"Remove {literal(report.run.name)} from this session",
                    on_click=state.remove,
                    args=(run_id,),
                )


def _missing(report: Report) -> str:
    missing = [v for v in report.verdicts if v.status is Status.NOT_APPLICABLE]
    return f" · {counted(len(missing), 'check')} without data" if missing else ""
