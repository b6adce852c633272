"""Loading: uploads and samples into the session, each read once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st

from analysis import Failure, SourceError, Upload, diagnose, read_uploads
from analysis.limits import is_thresholds, thresholds_of
from analysis.sources.mapping import ColumnMapping, mapping_of
from analysis.workspace import is_workspace, workspace_of
from pages.shared import settings, state
from pages.shared.stops import step_in

SAMPLES = Path(__file__).parents[2] / "sample_data"
MAPPING_SUFFIX = ".toml"


def load_uploads() -> None:
    """Draw the uploader; turn dropped files into runs and empty it."""
    files = st.file_uploader(
        "Metric files, checkpoint lists, archives",
        accept_multiple_files=True,
        key=f"uploader-{state.upload_round()}",
        help="Result files of OpenAI and Azure, training logs, exports of trackers, event lists, "
        "checkpoint lists; zipped or not. Nothing leaves this machine.",
    )
    if files:
        load([Upload(file.name, file.getvalue()) for file in files])
        state.end_upload_round()
        st.rerun()


def offer_samples() -> None:
    """Draw the button that opens the samples."""
    st.button("Open the samples", icon=":material/play_circle:", on_click=load_samples)


def load_samples() -> None:
    """Load the sample runs."""
    paths = sorted(SAMPLES.glob("*.csv")) + sorted(SAMPLES.glob("*.checkpoints.json"))
    load([Upload(path.name, path.read_bytes()) for path in paths])


def load(uploads: Iterable[Upload], failed: Iterable[Failure] = ()) -> None:
    """Read and judge uploads into the session; a mapping or limits among them are remembered.

    What failed before they came here is shown with what fails here.
    """
    files = []
    failures = list(failed)
    for upload in uploads:
        if is_workspace(upload.content):
            failures.extend(restore(upload))
            continue
        if not upload.name.lower().endswith(MAPPING_SUFFIX):
            files.append(upload)
            continue
        try:
            if is_thresholds(upload.content):
                settings.adopt(thresholds_of(upload.content, where=upload.name))
            else:
                state.remember(mapping_of(upload.content))
        except SourceError as error:
            failures.append(Failure(upload.name, str(error)))
    with st.spinner("Reading and judging…"):
        readings = read_uploads(files, state.mapping(), state.parts())
        limits = settings.thresholds()
        judged = {report.run.origin: report for report in state.reports().values()}
        reports = [judged.get(run.origin) or diagnose(run, limits) for run in readings.runs]
    settings.keep_uploads(files)
    state.keep(readings.parts, reports, [*failures, *readings.failures])


def restore(upload: Upload) -> list[Failure]:
    """Open a workspace in this session; return what of it could not be opened."""
    try:
        workspace = workspace_of(upload.content, upload.name)
    except SourceError as error:
        return [Failure(upload.name, str(error))]
    settings.adopt(workspace.thresholds)
    if workspace.mapping:
        state.remember(workspace.mapping)
    before = set(state.reports())
    load(workspace.uploads)
    for run_id in set(state.reports()) - before - set(workspace.runs):
        state.remove(run_id)
    for run_id, tokens in workspace.answer_tokens.items():
        report = state.reports().get(run_id)
        if report is not None:
            run = replace(report.run, answer_tokens=tokens)
            state.rejudge([diagnose(run, workspace.thresholds)])
    settings.keep_evaluations(workspace.evaluations)
    _choose(workspace.view)
    return []


def _choose(view: Mapping[str, str]) -> None:
    """Take over what was chosen when a workspace was saved."""
    if view.get(state.RUN) in state.reports():
        state.choose_run(view[state.RUN])
        step = step_in(view.get(state.STEP, ""))
        if step is not None:
            state.choose_step(step)
        if state.VIEW in view:
            state.choose_view(view[state.VIEW])


def open_with(mapping: ColumnMapping, failure: Failure) -> None:
    """Open an unknown table with what the user says of its columns, and remember that."""
    state.remember(mapping)
    state.dismiss_failure(failure)
    if failure.unmapped is not None:
        load([failure.unmapped])
