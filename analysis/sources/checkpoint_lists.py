"""Checkpoint lists (JSON), as the API's list call returns them, and the runs they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isclose, isfinite
from typing import Any

from analysis.canonical import ImportNote, count_of
from analysis.errors import SourceError
from analysis.run import Checkpoint, Run
from analysis.schema import STEP, canonical_name
from analysis.sources.result_files import name_of

CHECKPOINT = "fine_tuning.job.checkpoint"


@dataclass(frozen=True)
class CheckpointList:
    """The checkpoints of one job.

    Attributes
    ----------
    path : str
        Path or name as the user gave it.
    checkpoints : tuple of Checkpoint
        Ascending by step.
    metrics : mapping of int to mapping of str to float
        Canonical metrics the platform gave for a step; may be empty.
    """

    path: str
    checkpoints: tuple[Checkpoint, ...]
    metrics: Mapping[int, Mapping[str, float]]


def is_checkpoint_list(document: Any) -> bool:
    """Return whether a JSON document holds checkpoints of a fine-tuning job."""
    items = _items(document)
    return bool(items) and all(
        isinstance(item, dict) and item.get("object") == CHECKPOINT for item in items
    )


def checkpoint_list_of(document: Any, path: str) -> CheckpointList:
    """Return the checkpoints in a JSON document for which ``is_checkpoint_list`` holds.

    Raises
    ------
    SourceError
        If a checkpoint has no whole step number.
    """
    checkpoints, metrics = [], {}
    for position, item in enumerate(_items(document), 1):
        step = item.get("step_number")
        if not isinstance(step, int | float) or not isfinite(step) or step != int(step):
            raise SourceError(
                f"Checkpoint {position} has no whole step_number",
                where=path,
                remedy="Save the list as the API returns it",
            )
        model = item.get("fine_tuned_model_checkpoint")
        checkpoints.append(Checkpoint(int(step), str(model) if model else None))
        metrics[int(step)] = _numbers(item.get("metrics"))
    ordered = sorted(checkpoints, key=lambda checkpoint: checkpoint.step)
    return CheckpointList(path, tuple(ordered), metrics)


def join_checkpoints(
    runs: Iterable[Run], lists: Iterable[CheckpointList]
) -> tuple[list[Run], list[CheckpointList]]:
    """Give each list's checkpoints to the run they belong to.

    A list belongs to the run that logged every one of its steps with the same values; where
    several fit (copies of a file) or no value can be compared, the file name decides.

    Returns
    -------
    runs : list of Run
        In the order given.
    strays : list of CheckpointList
        Lists that fit no run, or several alike.
    """
    joined, strays = list(runs), []
    for listed in lists:
        fitting = [position for position, run in enumerate(joined) if _fits(listed, run)]
        named = [p for p in fitting if _stem(listed.path) == _stem(joined[p].origin.path or "")]
        chosen = named if len(named) == 1 else fitting
        if len(chosen) != 1:
            strays.append(listed)
            continue
        message = f"{count_of(len(listed.checkpoints), 'checkpoint')} from {name_of(listed.path)}"
        note = ImportNote("checkpoints", message, len(listed.checkpoints))
        joined[chosen[0]] = joined[chosen[0]].with_checkpoints(listed.checkpoints, note)
    return joined, strays


def stray(listed: CheckpointList) -> SourceError:
    """Return the error for a checkpoint list that fits no run, or more than one."""
    return SourceError(
        "A checkpoint list that belongs to no single run here",
        where=listed.path,
        remedy="Load it together with its job's result file, and no copy of that file",
    )


def _items(document: Any) -> list[Any]:
    items = document.get("data") if isinstance(document, dict) else document
    return items if isinstance(items, list) else []


def _numbers(metrics: Any) -> dict[str, float]:
    if not isinstance(metrics, dict):
        return {}
    return {
        canonical_name(name): float(value)
        for name, value in metrics.items()
        if isinstance(value, int | float) and isfinite(value)
    }


def _stem(path: str) -> str:
    return name_of(path).removesuffix(".checkpoints").removesuffix("_checkpoints")


def _same(given: float, logged: float) -> bool:
    """Return whether two values agree to the digits that platforms print."""
    return isclose(given, logged, rel_tol=1e-3, abs_tol=1e-4)


def _fits(listed: CheckpointList, run: Run) -> bool:
    """Return whether a run logged the list's steps, and nothing that contradicts its values."""
    rows = run.frame.set_index(STEP)
    for step, metrics in listed.metrics.items():
        if step not in rows.index:
            return False
        logged = rows.loc[[step]].dropna(axis="columns").to_dict("records")[0]
        shared = [name for name in metrics if name in logged]
        if not all(_same(metrics[name], float(logged[name])) for name in shared):
            return False
    return True
