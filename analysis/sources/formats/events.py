"""Event lists of a fine-tuning job: one metrics event per step, newest first."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.sources.flattening import finite, number
from analysis.sources.formats.jobs import job_key
from analysis.sources.part import Format, Part, Piece
from analysis.sources.records import frame_of_records
from analysis.sources.uploads import name_of

EVENT = "fine_tuning.job.event"
FORMAT = Format(
    "fine-tuning-events",
    "Events of a fine-tuning job (JSON) as the API returns them, or their messages as text",
    f'{{"data": [{{"object": "{EVENT}", "message": "Step 10/90: …", "data": {{…}}}}]}}',
)
# Messages of OpenAI and Azure, SFT and RFT: "Step 300/300: training loss=0.15, validation
# loss=0.27", "Step 10/20 , train mean reward=0.42, full validation mean reward=0.68".
_STEP = re.compile(r"\bStep (\d{1,12})(?:/(\d{1,12}))?\s*[:,]\s*(?=\w)")
_PAIR = re.compile(
    r"([a-z][a-z ]{2,60}?)\s*=\s*(-?[\d.]+(?:[eE][-+]?\d+)?|nan|inf)\b", re.IGNORECASE
)
_RESULT_FILE = re.compile(r"results? file: (file-[\w-]+)", re.IGNORECASE)
MAX_MESSAGE = 4000  # characters; our choice: the longest message met has 120


def recognises(document: Any) -> bool:
    """Return whether a JSON document is an event of a job, or a list of them."""
    items = _items(document)
    return bool(items) and all(_is_event(item) for item in items)


def parts_of(document: Any, piece: Piece) -> list[Part]:
    """Return the metrics in a list of events, of each job apart where the events name it."""
    by_job: dict[str | None, list[Mapping[str, Any]]] = {}
    for event in _items(document):
        job_id = event.get("fine_tuning_job_id") or event.get("job_id")
        by_job.setdefault(job_id if isinstance(job_id, str) else None, []).append(event)
    return [_part(job_id, events, piece) for job_id, events in by_job.items()]


def row_of_message(message: str) -> dict[str, Any] | None:
    """Return the metrics that a message such as ``Step 3/9: training loss=0.1`` spells; or None."""
    message = message[:MAX_MESSAGE]
    step = _STEP.search(message)
    if step is None:
        return None
    row: dict[str, Any] = {"step": float(step[1])}
    if step[2]:
        row["total_steps"] = float(step[2])
    for name, value in _PAIR.findall(message[step.end() :]):
        row["_".join(name.lower().split())] = number(value)
    return row if len(row) > 1 + ("total_steps" in row) else None


def _items(document: Any) -> list[Any]:
    if isinstance(document, dict) and isinstance(document.get("data"), list):
        return list(document["data"])
    return document if isinstance(document, list) else [document]


def _is_event(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    if item.get("object") == EVENT:
        return True
    if not isinstance(item.get("message"), str) or "step" in item:
        return False
    return isinstance(item.get("data"), Mapping) or "level" in item


def _part(job_id: str | None, events: Sequence[Mapping[str, Any]], piece: Piece) -> Part:
    unique = {str(event.get("id") or i): event for i, event in enumerate(events)}
    rows = [row for event in unique.values() if (row := _row(event)) is not None]
    rows.sort(key=lambda row: finite(row.get("step")) or 0.0)
    frame, notes = frame_of_records(rows) if rows else (None, ())
    totals = [finite(row.get("total_steps")) for row in rows]
    total = max((t for t in totals if t and t > 0), default=None)
    if frame is not None:
        frame = frame.drop(columns="total_steps", errors="ignore").rename_axis(None)
    return Part(
        piece,
        FORMAT,
        name=name_of(piece.path),
        frame=frame,
        key=job_key(job_id) if job_id else None,
        total_steps=int(total) if total else None,
        result_files=tuple(file for event in unique.values() for file in _result_files(event)),
        notes=notes,
    )


def _result_files(event: Mapping[str, Any]) -> list[str]:
    """Return what a message such as ``Completed results file: file-…`` names."""
    return _RESULT_FILE.findall(str(event.get("message") or "")[:MAX_MESSAGE])


def _row(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an event's metrics: its data where it has a step, else what its message spells."""
    data = event.get("data")
    row = dict(data) if isinstance(data, Mapping) and data.get("step") is not None else None
    if row is None:
        row = row_of_message(str(event.get("message") or ""))
    if row is None:
        return None
    when = finite(event.get("created_at"))
    return row if when is None else {**row, "wall_time": when}
