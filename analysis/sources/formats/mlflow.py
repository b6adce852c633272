"""MLflow: a file store's metric files, its parameters, and get-history documents."""

import io
from collections.abc import Mapping
from math import isfinite
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from analysis.errors import SourceError
from analysis.schema import STEP
from analysis.sources.flattening import number
from analysis.sources.limits import check_size
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import folder_name, folder_of, name_of, printable

STORE = Format(
    "mlflow-store",
    "MLflow file store (mlruns folder, zipped or not); metric files with one value on a line",
    "<time in ms> <value> <step>  in  mlruns/<experiment>/<run>/metrics/<key>",
)
HISTORY = Format(
    "mlflow-history",
    "MLflow metric history (JSON of get-history)",
    '{"metrics": [{"key": …, "value": …, "timestamp": …, "step": …}, …]}',
)
_METRICS, _PARAMS = "metrics", "params"
_N_FIELDS = 3
MAX_PARAMETER = 6000  # MLflow's own limit on a parameter's length


def recognises(document: Any) -> bool:
    """Return whether a JSON document is a metric history."""
    metrics = document.get("metrics") if isinstance(document, Mapping) else document
    return (
        isinstance(metrics, list)
        and bool(metrics)
        and all(
            isinstance(item, Mapping) and {"key", "value", "step"} <= item.keys()
            for item in metrics
        )
    )


def parts_of(document: Any, piece: Piece) -> list[Part]:
    """Return the metrics in a history, a column for each key."""
    items = document["metrics"] if isinstance(document, Mapping) else document
    rows = [
        (
            str(item["key"]),
            number(item["step"]),
            number(item["value"]),
            number(item.get("timestamp")),
        )
        for item in items
    ]
    table = pd.DataFrame(rows, columns=["key", STEP, "value", "wall_time"])
    table = table.astype({STEP: "float64", "value": "float64", "wall_time": "float64"})
    said = document if isinstance(document, Mapping) else {}
    run = said.get("run_id") or next((i["run_id"] for i in items if i.get("run_id")), None)
    name = str(said.get("run_name") or run or name_of(piece.path))
    key = f"mlflow:{run or folder_of(piece.path)}"
    return [Part(piece, HISTORY, name=printable(name) or "run", frame=_wide(table), key=key)]


def is_metric_file(text: bytes) -> bool:
    """Return whether every line holds a time in milliseconds, a value and a step."""
    return all(_fields(line) is not None for line in io.BytesIO(text) if not line.isspace())


def metric_parts(text: bytes, piece: Piece) -> list[Part]:
    """Return the one metric in a file of the store, named by its path."""
    fields = [found for line in io.BytesIO(text) if (found := _fields(line)) is not None]
    run, key = _run_and_key(piece.path, _METRICS)
    table = pd.DataFrame(fields, columns=["wall_time", "value", STEP]).assign(key=key)
    name = printable(run.rpartition("/")[2]) or name_of(piece.path)
    return [Part(piece, STORE, name=name, frame=_wide(table), key=f"mlflow:{run}")]


def is_parameter(path: str, text: bytes) -> bool:
    """Return whether a file is a parameter in a store: one short line, in a folder for them."""
    folders = PurePosixPath(path.replace("\\", "/")).parts[:-1]
    return _PARAMS in folders and len(text) <= MAX_PARAMETER and len(text.splitlines()) == 1


def parameter_parts(text: bytes, piece: Piece) -> list[Part]:
    """Return the one hyperparameter in a file of the store."""
    run, key = _run_and_key(piece.path, _PARAMS)
    value = text.decode().strip()
    found = number(value)
    knob = {key: value[:200] if found is None else found}
    return [Part(piece, STORE, name=folder_name(run), key=f"mlflow:{run}", hyperparameters=knob)]


def _fields(line: bytes) -> tuple[float, float, float] | None:
    words = line.split()
    if len(words) != _N_FIELDS or len(words[0]) < 12 or not words[0].isdigit():
        return None
    found = [number(word.decode(errors="replace")) for word in words]
    time, value, step = found
    if time is None or value is None or step is None or not isfinite(step):
        return None
    return time, value, step


def _run_and_key(path: str, folder: str) -> tuple[str, str]:
    """Return a file's run and key: what stands before and behind ``metrics/`` in its path."""
    before, found, key = path.replace("\\", "/").rpartition(f"/{folder}/")
    if not found:
        return folder_of(path), PurePosixPath(path.replace("\\", "/")).name
    return before, key


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per step and one column per key, the last value of a repeated step kept."""
    found = table[table[STEP].notna() & ~table["key"].isin({STEP, "wall_time"})]
    if found.empty:
        raise SourceError("The history holds no step", remedy="Export it again with its steps")
    check_size(found[STEP].nunique(), found["key"].nunique())
    wide = found.pivot_table(index=STEP, columns="key", values="value", aggfunc="last", sort=True)
    times = found.groupby(STEP)["wall_time"].last() / 1000.0
    frame: pd.DataFrame = wide.assign(wall_time=times).reset_index()
    return frame.rename_axis(columns=None)
