"""The import report: what was read, what was done to it, and what is missing for which check."""

import streamlit as st

from analysis import Report
from analysis.schema import METRICS, STEP
from analysis.visible import visible
from analysis.wording import counted, label_words
from pages.shared.literal import literal
from pages.shared.theme import UNKNOWN


@st.fragment
def details(report: Report) -> None:
    """Draw what the import did, what was logged, what is missing, and the run's rows.

    Tables reach the browser only when somebody opens them.
    """
    run = report.run
    metrics = counted(run.frame.shape[1] - 1, "metric")
    title = f"Import report: {counted(len(run.notes), 'note')}, {metrics}, {len(run.frame):,} rows"
    box = st.expander(title, icon=":material/fact_check:", key="import-report", on_change="rerun")
    if box.open:
        with box:
            _tabs(report)


def _tabs(report: Report) -> None:
    notes, logged, rows = st.tabs(["Notes", "What was logged", "Rows"])
    with notes:
        _notes(report)
    with logged:
        _logged(report)
        _missing(report)
    with rows:
        st.dataframe(
            report.run.frame,
            hide_index=True,
            placeholder=UNKNOWN,
            alt="Every logged value by step",
        )


def _notes(report: Report) -> None:
    run = report.run
    st.text(f"{visible(run.origin.path or run.name)}: read as {run.origin.format}")
    for note in run.notes:
        st.text(f"• {visible(note.message)}")
    if not run.notes:
        st.text("Nothing had to be repaired.")


def _logged(report: Report) -> None:
    frame = report.run.frame
    rows = []
    for column in (name for name in frame.columns if name != STEP):
        steps = frame.loc[frame[column].notna(), STEP]
        rows.append(
            {
                "Metric": METRICS[column].label if column in METRICS else "not judged",
                "Column": column,
                "Values": len(steps),
                "From step": int(steps.iloc[0]),
                "To step": int(steps.iloc[-1]),
            }
        )
    st.dataframe(rows, hide_index=True, alt="Every metric of the run and where it was logged")


def _missing(report: Report) -> None:
    if not report.not_judged:
        st.caption("Every check had the data it needs.")
        return
    st.caption("Checks that could not run, and what would let them:")
    for verdict in report.not_judged:
        st.markdown(f"**{label_words(verdict.rule)}** — {literal(verdict.statement)}")
        for advice in verdict.advice:
            st.caption(literal(advice))
