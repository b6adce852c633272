"""Checkpoint lists: the API's (JSON), and Tinker's (JSON lines)."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.canonical import LARGEST_STEP
from analysis.errors import SourceError
from analysis.run import Checkpoint
from analysis.sources.flattening import finite
from analysis.sources.formats.jobs import job_key
from analysis.sources.part import Format, Part, Piece
from analysis.sources.records import frame_of_records
from analysis.sources.uploads import name_of

CHECKPOINT = "fine_tuning.job.checkpoint"
FORMAT = Format(
    "checkpoints",
    "Checkpoint list (JSON) as the API returns it, joined to its run",
    f'{{"data": [{{"object": "{CHECKPOINT}", "step_number": …, '
    '"fine_tuned_model_checkpoint": …, "metrics": {…}}, …]}',
)
TINKER = Format(
    "tinker-checkpoints",
    "Tinker checkpoints.jsonl, joined to its run",
    '{"name": …, "step": …, "state_path": …, "sampler_path": …}',
)


def recognises(document: Any) -> bool:
    """Return whether a JSON document holds checkpoints of a fine-tuning job."""
    items = _items(document)
    return bool(items) and all(
        isinstance(item, dict) and item.get("object") == CHECKPOINT for item in items
    )


def parts_of(document: Any, piece: Piece) -> list[Part]:
    """Return the checkpoints of each job in the document, with the metrics given for them.

    Raises
    ------
    SourceError
        If a checkpoint has no whole step number.
    """
    by_job: dict[str | None, list[Mapping[str, Any]]] = {}
    for item in _items(document):
        job_id = item.get("fine_tuning_job_id")
        by_job.setdefault(job_id if isinstance(job_id, str) else None, []).append(item)
    return [_part(job_id, items, piece) for job_id, items in by_job.items()]


def recognises_tinker(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether rows are Tinker's checkpoints."""
    return all(
        {"step", "state_path"} <= row.keys() or {"batch", "state_path"} <= row.keys()
        for row in rows
    )


def tinker_parts(rows: Sequence[Mapping[str, Any]], piece: Piece) -> list[Part]:
    """Return Tinker's checkpoints; they come without metrics."""
    found = [
        Checkpoint(
            _step(row.get("step", row.get("batch")), i, piece.path), _model(row, "sampler_path")
        )
        for i, row in enumerate(rows, 1)
    ]
    return [Part(piece, TINKER, name=_run_name(piece.path), checkpoints=_ordered(found))]


def _part(job_id: str | None, items: Sequence[Mapping[str, Any]], piece: Piece) -> Part:
    checkpoints, rows = [], []
    for position, item in enumerate(items, 1):
        step = _step(item.get("step_number"), position, piece.path)
        checkpoints.append(Checkpoint(step, _model(item, "fine_tuned_model_checkpoint")))
        metrics = item.get("metrics")
        if isinstance(metrics, Mapping):
            rows.append({**metrics, "step": step})
    rows.sort(key=lambda row: row["step"])  # the API lists the newest first
    frame, notes = frame_of_records(rows) if rows else (None, ())
    if frame is not None and frame.drop(columns="step").isna().all(axis=None):
        frame = None
    return Part(
        piece,
        FORMAT,
        name=_run_name(piece.path),
        frame=frame,
        key=job_key(job_id) if job_id else None,
        checkpoints=_ordered(checkpoints),
        notes=notes,
    )


def _step(value: Any, position: int, path: str) -> int:
    step = finite(value)
    if step is None or step != int(step) or not 0 <= step < LARGEST_STEP:
        raise SourceError(
            f"Checkpoint {position} has no whole step_number",
            where=path,
            remedy="Save the list as the API returns it",
        )
    return int(step)


def _items(document: Any) -> list[Any]:
    items = document.get("data") if isinstance(document, dict) else document
    if isinstance(document, dict) and document.get("object") == CHECKPOINT:
        items = [document]
    return items if isinstance(items, list) else []


def _model(item: Mapping[str, Any], name: str) -> str | None:
    model = item.get(name)
    return str(model) if model else None


def _run_name(path: str) -> str:
    return name_of(path).removesuffix(".checkpoints").removesuffix("_checkpoints")


def _ordered(checkpoints: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
    return tuple(sorted(checkpoints, key=lambda checkpoint: checkpoint.step))
