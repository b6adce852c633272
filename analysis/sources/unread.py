"""Metric files that are recognised but not read yet: each gets its name in the error."""

import json
from collections.abc import Callable
from typing import Any

from analysis.errors import SourceError
from analysis.sources.delimited import first_line, header_of

HEAD = 4096
_STEPS = frozenset({"step", "global_step", "train/global_step", "_step", "iteration"})


def _has(*columns: str) -> Callable[[tuple[str, ...]], bool]:
    return lambda header: set(columns) <= {name.lower() for name in header}


_DOCUMENTS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("a Hugging Face trainer_state.json", lambda item: "log_history" in item),
    ("a Hugging Face log history", lambda item: {"step", "loss"} <= item.keys()),
    (
        "a list of fine-tuning events",
        lambda item: item.get("object") == "fine_tuning.job.event" or item.get("type") == "metrics",
    ),
    ("a fine-tuning job", lambda item: item.get("object") == "fine_tuning.job"),
    ("a Together metrics list", lambda item: "train/global_step" in item),
    ("an MLflow metric history", lambda item: _is_mlflow(item.get("metrics"))),
    ("a TRL reference run", lambda item: {"config", "steps"} <= item.keys()),
)
# Names and shapes of these files: the vendors' documentation and real exports.
_TABLES: tuple[tuple[str, Callable[[tuple[str, ...]], bool]], ...] = (
    ("a TensorBoard CSV export", _has("wall time", "step", "value")),
    ("an Amazon Nova metrics file", _has("step_number", "epoch_number")),
    (
        "a Weights & Biases chart export",
        lambda header: any(name.endswith("__MIN") for name in header),
    ),
    ("a Weights & Biases history export", _has("_step", "_runtime")),
)


def unread_document(document: Any) -> SourceError | None:
    """Return the error that names a JSON format which is not read yet, or None."""
    items = document if isinstance(document, list) else [document]
    first = next((item for item in items if isinstance(item, dict)), {})
    listed = first.get("data")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        first = listed[0]
    name = next((name for name, recognises in _DOCUMENTS if recognises(first)), None)
    return _not_yet(name) if name else None


def unread_text(text: bytes) -> SourceError | None:
    """Return the error that names a text format which is not read yet, or None."""
    header = header_of(text)
    for name, recognises in _TABLES:
        if recognises(header):
            return _not_yet(name)
    if any(name.startswith("scores/graders/") for name in header):
        return _not_yet("an Azure RFT result file with columns per grader")
    line = _json_line(first_line(text))
    if "current_steps" in line:
        return _not_yet("a LLaMA-Factory trainer_log.jsonl")
    if line:
        return _not_yet("a JSON-lines log")
    if not any(name.lower() in _STEPS for name in header):
        return _not_yet("a text log or a table without a step column")
    return None


def unread_binary(content: bytes) -> SourceError | None:
    """Return the error that names a binary format which is not read yet, or None."""
    if b"brain.Event:" in content[:HEAD]:
        return _not_yet("a TensorBoard event file")
    return None


def _is_mlflow(metrics: Any) -> bool:
    return isinstance(metrics, list) and all(
        isinstance(item, dict) and {"key", "value", "step"} <= item.keys() for item in metrics
    )


def _json_line(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _not_yet(name: str) -> SourceError:
    return SourceError(
        f"This is {name}, a format Goldilocks does not read yet",
        remedy="Export the metrics as a CSV with a step column and canonical names",
    )
