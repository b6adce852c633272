"""Sharing: report files, the link to the view, and the workspace file."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from analysis import Failure, Report, Upload
from analysis.reports.document import document_of
from analysis.reports.html import html_of
from analysis.reports.markdown import markdown_of
from analysis.reports.table import csv_of
from analysis.wording import counted
from analysis.workspace import Workspace, to_bytes
from pages.shared import loading, presentation, settings, state
from pages.shared.literal import literal

Writer = Callable[[Sequence[Report], Sequence[Failure]], str]
FORMS: tuple[tuple[str, str, str, Writer, str], ...] = (
    ("HTML", "report.html", "text/html", html_of, "One file with figures: offline, prints well"),
    ("Markdown", "report.md", "text/markdown", markdown_of, "For issues, wikis, pull requests"),
    ("JSON", "report.json", "application/json", document_of, "For programs"),
    ("CSV", "report.csv", "text/csv", csv_of, "One row a run, for spreadsheets"),
)
THIS, ALL = "This run", "All loaded runs"
RESTORED = "restored"


def share(report: Report) -> None:
    """Draw what can be taken along: files, link, workspace."""
    st.space("small")
    files, rest = st.columns(2, gap="large")
    with files:
        _files(report)
    with rest:
        _link()
        _workspace()


def restore() -> None:
    """Draw the way back into a saved session."""
    file = st.file_uploader(
        "Open a saved workspace", type="zip", key=f"workspace-{state.choice(RESTORED, 0)}"
    )
    if file is None:
        return
    failures = loading.restore(Upload(file.name, file.getvalue()))
    for failure in failures:
        st.error(literal(failure.error), icon=":material/error:")
    if not failures:
        state.hold_choice(RESTORED, state.choice(RESTORED, 0) + 1)
        st.rerun()


def _files(report: Report) -> None:
    st.header("Report file", anchor=False)
    chosen = (report,)
    if len(state.reports()) > 1:
        scope = st.segmented_control(
            "Runs in it", (THIS, ALL), default=THIS, required=True, key="report-scope"
        )
        if scope == ALL:
            chosen = tuple(state.reports().values())
    shown = presentation.for_others(chosen)
    failures = () if presentation.hidden() else state.failures()
    for form, name, mime, writer, words in FORMS:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                form,
                lambda writer=writer: writer(shown, failures).encode(),
                file_name=name,
                mime=mime,
                icon=":material/download:",
                key=f"download-{form}",
                on_click="ignore",
                width=140,
            )
            st.caption(words, width="content")
    st.caption(
        "Each names the data by their hash, the limits and the versions: the same input gives the "
        "same file."
    )


def _link() -> None:
    st.header("Link to the run", anchor=False)
    base = (st.context.url or "").rsplit("/", maxsplit=1)[0]
    st.code(f"{base}/run?{urlencode(state.view())}", language=None, wrap_lines=True)
    st.caption(
        "It names run, step and view, never data: whoever opens it needs the same file at hand."
    )


def _workspace() -> None:
    st.header("Workspace", anchor=False)
    session = _session()  # now: a download is made outside the session
    st.download_button(
        "Save the workspace",
        lambda: to_bytes(session),
        file_name="goldilocks-workspace.zip",
        mime="application/zip",
        icon=":material/save:",
        key="save-workspace",
        on_click="ignore",
    )
    st.caption(
        f"{counted(len(state.reports()), 'run')} with their files, meanings of columns, limits and "
        "evaluations. Names stay in it; keys never are."
    )
    restore()


def _session() -> Workspace:
    reports = state.reports()
    read = {part.piece.path for part in state.parts()}
    return Workspace(
        uploads=tuple(f for f in settings.uploads() if _is_used(f, read)),
        runs=tuple(reports),
        thresholds=settings.thresholds(),
        mapping=state.mapping(),
        answer_tokens={
            run_id: report.run.answer_tokens
            for run_id, report in reports.items()
            if report.run.answer_tokens is not None
        },
        view=state.view(),
        evaluations=settings.evaluations(),
    )


def _is_used(upload: Upload, read: set[str]) -> bool:
    """Return whether something was read from a file, or from a member of it."""
    return any(path.startswith(upload.name) for path in read)
