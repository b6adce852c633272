"""Loading: uploads and samples into the session, each read once."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from analysis import Failure, SourceError, Upload, diagnose, read_uploads
from analysis.limits import is_thresholds, thresholds_of
from analysis.sources.mapping import ColumnMapping, mapping_of
from pages.shared import settings, state

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
    state.keep(readings.parts, reports, [*failures, *readings.failures])


def open_with(mapping: ColumnMapping, failure: Failure) -> None:
    """Open an unknown table with what the user says of its columns, and remember that."""
    state.remember(mapping)
    state.dismiss_failure(failure)
    if failure.unmapped is not None:
        load([failure.unmapped])
