"""Amazon Nova: training and validation metrics in two tables, and the checkpoint's manifest."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.job import Job
from analysis.sources.delimited import frame_of
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import folder_of, printable

METRICS = Format(
    "nova-metrics",
    "Amazon Nova step_wise_training_metrics.csv and validation_metrics.csv, joined",
    "step_number,epoch_number,training_loss  and  step_number,epoch_number,validation_loss",
)
MANIFEST = Format(
    "nova-manifest",
    "Amazon Nova manifest.json: where the checkpoint lies",
    '{"checkpoint_s3_bucket": "s3://…/<job>/<step>"}',
)
# The SDK writes the first name; a page of the documentation the second.
_LOCATIONS = ("checkpoint_s3_bucket", "checkpoint_s3_path")
_JOB_FOLDER = re.compile(r"(.*model-customization-job-[^/]+)/.*")
_KNOWN_FOLDERS = re.compile(
    r"/?(?:training_artifacts|validation_artifacts|post_fine_tuning_validation|"
    r"post_training_validation|validation|output)(?=/|$)"
)


def recognises(header: Sequence[str]) -> bool:
    """Return whether a header is that of Nova's metrics files."""
    return {"step_number", "epoch_number"} <= {name.lower() for name in header}


def parts_of(text: bytes, header: Sequence[str], piece: Piece) -> list[Part]:  # noqa: ARG001
    """Return the metrics in one of the two tables."""
    frame, notes = frame_of(text)
    position = [str(name).lower() for name in frame].index("epoch_number")
    highest = float(pd.to_numeric(frame.iloc[:, position], errors="coerce").max())
    return [
        Part(
            Piece(piece.path, piece.sha256, (*piece.notes, *notes)),
            METRICS,
            name=_job_name(piece.path),
            frame=frame,
            key=_key(piece.path),
            n_epochs=highest + 1 if np.isfinite(highest) and highest >= 0 else None,  # from 0 on
        )
    ]


def is_manifest(document: Any) -> bool:
    """Return whether a JSON document names where a checkpoint lies."""
    return isinstance(document, Mapping) and any(
        isinstance(document.get(name), str) for name in _LOCATIONS
    )


def manifest_parts(document: Mapping[str, Any], piece: Piece) -> list[Part]:
    """Return the location of the final checkpoint."""
    location = next(document[name] for name in _LOCATIONS if isinstance(document.get(name), str))
    job = Job(provider="nova", status="succeeded", fine_tuned_model=location)
    return [Part(piece, MANIFEST, name=_job_name(piece.path), key=_key(piece.path), job=job)]


def _root(path: str) -> str:
    """Return the folder that all files of one job share."""
    folder = folder_of(path)
    match = _JOB_FOLDER.fullmatch(f"{folder}/")
    return match[1] if match else _KNOWN_FOLDERS.sub("", folder)


def _key(path: str) -> str:
    return f"nova:{_root(path)}"


def _job_name(path: str) -> str:
    return printable(_root(path).rpartition("/")[2]) or "Nova job"
