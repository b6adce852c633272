"""Loading: uploads and samples into the session, each read once."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from analysis import Failure, Upload, diagnose, read_uploads
from pages.shared import state

SAMPLES = Path(__file__).parents[2] / "sample_data"


def load_uploads() -> None:
    """Draw the uploader; turn dropped files into runs and empty it."""
    files = st.file_uploader(
        "Result files and checkpoint lists",
        accept_multiple_files=True,
        key=f"uploader-{state.upload_round()}",
        help="OpenAI and Azure result files (CSV, also still base64), and the job's checkpoint "
        "list (JSON). Nothing leaves this machine.",
    )
    if files:
        _load([Upload(file.name, file.getvalue()) for file in files])
        state.end_upload_round()
        st.rerun()


def load_samples() -> None:
    """Load the sample runs."""
    paths = sorted(SAMPLES.glob("*.csv")) + sorted(SAMPLES.glob("*.checkpoints.json"))
    _load([Upload(path.name, path.read_bytes()) for path in paths])


def _load(uploads: Iterable[Upload]) -> None:
    with st.spinner("Reading and judging…"):
        readings = read_uploads(uploads)
        reports = [diagnose(run) for run in readings.runs]
    failures = [Failure(failure.source, failure.error) for failure in readings.failures]
    state.add(reports, failures)
