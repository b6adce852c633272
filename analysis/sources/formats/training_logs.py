"""Training logs as JSON objects: Hugging Face, TRL, LLaMA-Factory, verl, Tinker and others.

They differ in how rows are wrapped and in a few names; everything else is naming.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from analysis.naming import canonical_name, is_known
from analysis.run import Checkpoint
from analysis.schema import STEP, Method
from analysis.sources.flattening import finite, flat
from analysis.sources.part import Format, Part, Piece
from analysis.sources.records import frame_of_records
from analysis.sources.uploads import folder_name, name_of

Row = Mapping[str, Any]
TRAINER_STATE = Format(
    "hugging-face-trainer-state",
    "Hugging Face trainer_state.json or its log_history (TRL, Unsloth, Axolotl; SFT, DPO, GRPO)",
    '{"log_history": [{"loss": …, "step": …}, {"eval_loss": …, "step": …}, …]}',
)
REFERENCE = Format(
    "trl-reference",
    "TRL reference run",
    '{"config": {"method": "sft", …}, "steps": [{"step": 1, "loss": …}, …]}',
)
LLAMA_FACTORY = Format(
    "llama-factory",
    "LLaMA-Factory trainer_log.jsonl",
    '{"current_steps": …, "total_steps": …, "loss": …, "lr": …, "epoch": …}',
)
VERL = Format(
    "verl", "verl FileLogger (JSON lines)", '{"step": …, "data": {"critic/rewards/mean": …}}'
)
TINKER = Format("tinker", "Tinker metrics.jsonl", '{"step": …, "mean_reward": …, "time/step_s": …}')
TOGETHER = Format(
    "together", "Together list_metrics (JSON)", '[{"train/global_step": …, "train/loss": …}, …]'
)
JSON_LOG = Format(
    "json-log",
    "Any other JSON objects, listed or one on a line, with a step (torchtune, Vertex AI, …)",
    '{"step": …, "loss": …, …}',
)
AXES = frozenset({STEP, "epoch", "wall_time", "num_tokens", "learning_rate", "grad_norm"})
_STATE_NAME = "trainer_state.json"
_CHECKPOINT = re.compile(r"checkpoint-(\d{1,12})")
MAX_PROBED = 200  # rows looked at to recognise a log


@dataclass(frozen=True)
class Log:
    """How one tool's rows are told and unwrapped.

    Attributes
    ----------
    format : Format
        Its name.
    told_by : callable
        Whether a set of names is this tool's.
    unwrap : callable
        From the tool's row to names that are known.
    """

    format: Format
    told_by: Callable[[frozenset[str]], bool]
    unwrap: Callable[[Row], Row] = dict


def _verl_row(row: Row) -> Row:
    data = row.get("data")
    return {**data, "step": row.get("step")} if isinstance(data, Mapping) else row


def _tinker_row(row: Row) -> Row:
    """Return a row of one split (its metrics nest) with the split's name before each metric."""
    metrics, split = row.get("metrics"), row.get("split")
    if not isinstance(metrics, Mapping):
        return row
    rest = {name: value for name, value in row.items() if name not in {"metrics", "split"}}
    prefix = f"{split}/" if isinstance(split, str) else ""
    return {**rest, **{f"{prefix}{name}": value for name, value in metrics.items()}}


def _llama_factory_row(row: Row) -> Row:
    """Return a row with ``accuracy`` named as what it is there: preference accuracy."""
    renamed = {"accuracy": "rewards/accuracies"}
    return {renamed.get(name, name): value for name, value in row.items()}


_LOGS = (
    Log(LLAMA_FACTORY, lambda names: "current_steps" in names, _llama_factory_row),
    Log(VERL, lambda names: {"step", "data"} <= names, _verl_row),
    Log(TOGETHER, lambda names: "train/global_step" in names),
    Log(
        TINKER,
        lambda names: (
            bool(names & {"loss:sum", "time/step_s", "loss_fn", "n_datums"})
            or {"split", "metrics"} <= names
            or any(name.startswith("env/all/") for name in names)
        ),
        _tinker_row,
    ),
    Log(
        TRAINER_STATE,
        lambda names: {"step", "epoch"} <= names and bool(names & {"loss", "eval_loss"}),
    ),
    Log(JSON_LOG, lambda _: True),
)
FORMATS = (
    TRAINER_STATE,
    REFERENCE,
    *(log.format for log in _LOGS if log.format is not TRAINER_STATE),
)


def recognises_rows(rows: Sequence[Row]) -> bool:
    """Return whether some row, once unwrapped, holds a step and a metric that is known."""
    log = _log_of(rows)
    names = {canonical_name(n) for row in rows[:MAX_PROBED] for n in flat(log.unwrap(row))}
    return STEP in names and any(is_known(name) and name not in AXES for name in names)


def row_parts(rows: Sequence[Row], piece: Piece, lines: Sequence[int] | None = None) -> list[Part]:
    """Return the run in rows for which ``recognises_rows`` holds."""
    log = _log_of(rows)
    return [_part(log.format, [log.unwrap(row) for row in rows], piece, lines=lines)]


def recognises(document: Any) -> bool:
    """Return whether a JSON document wraps a log: a trainer's state or a reference run."""
    return isinstance(document, Mapping) and (_is_state(document) or _is_reference(document))


def parts_of(document: Mapping[str, Any], piece: Piece) -> list[Part]:
    """Return the run in a document for which ``recognises`` holds."""
    if not _is_state(document):
        config = document["config"]
        method = next((m.value for m in Method if m == config.get("method")), "auto")
        knobs = _plain(config.get("args"))
        return [_part(REFERENCE, document["steps"], piece, method=method, knobs=knobs)]
    knobs = {
        ours: value
        for name, ours in (("num_train_epochs", "n_epochs"), ("train_batch_size", "batch_size"))
        if (value := finite(document.get(name))) is not None
    }
    total = finite(document.get("max_steps"))
    part = _part(TRAINER_STATE, document["log_history"], piece, knobs=knobs, total=total)
    return [_in_output_folder(part)]


def _in_output_folder(part: Part) -> Part:
    """Return a state with the key that all states below one output folder share.

    The trainer saves its whole history again with every checkpoint: ``checkpoint-<step>/``.
    """
    path = PurePosixPath(part.piece.path.replace("\\", "/"))
    saved = _CHECKPOINT.fullmatch(path.parent.name)
    output = path.parent.parent if saved else path.parent
    if path.name != _STATE_NAME or not output.name:
        return part
    checkpoints = (Checkpoint(int(saved[1]), path.parent.name),) if saved else ()
    name = folder_name(str(output))
    return replace(part, key=f"trainer:{output}", name=name, checkpoints=checkpoints)


def _part(
    log_format: Format,
    rows: Sequence[Row],
    piece: Piece,
    *,
    lines: Sequence[int] | None = None,
    method: str = "auto",
    knobs: Mapping[str, float | str] | None = None,
    total: float | None = None,
) -> Part:
    frame, notes = frame_of_records([row for row in rows if isinstance(row, Mapping)], lines)
    planned = total or _planned(frame.get("total_steps"))
    return Part(
        piece,
        log_format,
        name=name_of(piece.path),
        frame=frame.drop(columns=["total_steps", "percentage"], errors="ignore"),
        method=method,
        total_steps=int(planned) if planned and planned > 0 else None,
        hyperparameters=knobs or {},
        notes=notes,
    )


def _log_of(rows: Sequence[Row]) -> Log:
    names = frozenset(str(name) for row in rows[:MAX_PROBED] for name in row)
    return next(log for log in _LOGS if log.told_by(names))


def _planned(column: pd.Series | None) -> float | None:
    return None if column is None else finite(pd.to_numeric(column, errors="coerce").max())


def _is_state(document: Mapping[str, Any]) -> bool:
    return _is_rows(document.get("log_history"))


def _is_reference(document: Mapping[str, Any]) -> bool:
    return _is_rows(document.get("steps")) and isinstance(document.get("config"), Mapping)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _plain(args: Any) -> dict[str, float | str]:
    if not isinstance(args, Mapping):
        return {}
    numbers = {str(name): finite(value) for name, value in args.items()}
    words = {str(name): value for name, value in args.items() if isinstance(value, str)}
    return {**words, **{name: value for name, value in numbers.items() if value is not None}}
