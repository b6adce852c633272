"""TensorBoard: CSV exports, one tag to a file, and event files."""

import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from analysis.errors import SourceError
from analysis.naming import with_slashes
from analysis.schema import STEP
from analysis.sources.delimited import frame_of
from analysis.sources.limits import check_size
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import folder_name, folder_of, name_of, printable

CSV = Format(
    "tensorboard-csv",
    "TensorBoard CSV export; the tag is in the file's name, several files make a run",
    "Wall time,Step,Value  in  run-<run>-tag-<tag>.csv",
)
EVENTS = Format("tensorboard-events", "TensorBoard event file", "events.out.tfevents.…")
HEAD = 64
_HEADER = struct.Struct("<QI")
_CHECK = 4
_NUMBERS = frozenset({1, 2, 3, 9, 19})  # float, double, int32, int64, half in TensorFlow's types
# Lightning's placeholder, and names that stand for what every event has of itself.
_NO_CURVES = frozenset({"hp_metric", STEP, "wall_time"})
_FILE_NAME = re.compile(r"(?:\b|_)run-(?P<run>.*?)-tag-(?P<tag>.+)")
_COPY = re.compile(r"\s*\(\d+\)$")  # what browsers put behind a name that is taken
# Keras writes training and validation as two runs with the same tags.
_SIDES = {"train": "train", "validation": "val", "val": "val", "eval": "val", "valid": "val"}
_KERAS = "epoch_"


def recognises(header: Sequence[str]) -> bool:
    """Return whether a header is that of a scalar export."""
    return [name.lower() for name in header] == ["wall time", "step", "value"]


def parts_of(text: bytes, header: Sequence[str], piece: Piece) -> list[Part]:  # noqa: ARG001
    """Return the one metric in an export, named by its tag."""
    frame, notes = frame_of(text)
    stem = _COPY.sub("", PurePosixPath(piece.path.replace("\\", "/")).stem)
    match = _FILE_NAME.search(stem)
    run, tag = (match["run"], match["tag"]) if match else ("", stem)
    run, metric = _run_and_metric(run, with_slashes(tag))
    folder = folder_of(piece.path)
    return [
        Part(
            Piece(piece.path, piece.sha256, (*piece.notes, *notes)),
            CSV,
            name=printable(run.strip("._/-")) or (folder_name(folder) if folder else name_of(stem)),
            frame=frame.set_axis(["wall_time", STEP, metric], axis="columns"),
            key=f"tensorboard:{folder}/{run}",
        )
    ]


def is_event_file(content: bytes) -> bool:
    """Return whether content is an event file, by its first record."""
    return b"brain.Event:" in content[:HEAD]


def event_parts(content: bytes, piece: Piece) -> list[Part]:
    """Return the scalars in an event file.

    Raises
    ------
    SourceError
        If it holds none.
    """
    values = _scalars(content)
    if not values:
        raise SourceError(
            "The event file holds no scalars",
            where=piece.path,
            remedy="Choose the event file of the run that logged losses or rewards",
        )
    frame = pd.concat(values, axis="columns").rename_axis(STEP).reset_index()
    folder = folder_of(piece.path)
    side = _SIDES.get(PurePosixPath(folder).name.lower())
    if side:
        folder = folder_of(folder)
        frame = frame.rename(columns=lambda tag: _run_and_metric(side, str(tag))[1])
    return [
        Part(
            piece,
            EVENTS,
            name=folder_name(folder) if folder else name_of(piece.path),
            frame=frame,
            key=f"tensorboard:{folder}/" if folder else None,
        )
    ]


def _run_and_metric(run: str, tag: str) -> tuple[str, str]:
    parent, _, last = run.rpartition("_")
    side = _SIDES.get(last.lower())
    if side is None or (tag == STEP):
        return run, tag
    bare = tag.removeprefix(_KERAS)
    return parent, tag if bare.startswith(("train", "val", "eval")) else f"{side}_{bare}"


def _scalars(content: bytes) -> list[pd.Series]:
    """Return one series per tag, indexed by step, the last value of a repeated step kept."""
    values: dict[str, dict[int, float]] = {}
    times: dict[int, float] = {}
    for event in _events(content):
        for value in event.summary.value:
            number = _number(value)
            if number is not None and value.tag not in _NO_CURVES:
                values.setdefault(value.tag, {})[event.step] = number
                times[event.step] = event.wall_time
    check_size(len(times), len(values))
    found = [pd.Series(by_step, name=tag) for tag, by_step in values.items()]
    return [*found, pd.Series(times, name="wall_time")] if found else []


def _events(content: bytes) -> Iterator[Any]:
    """Yield the events in a file of TensorFlow records: length, its check, the event, its check.

    A last record cut short, as by a job that is still writing, is left out.
    """
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    start = _HEADER.size
    while start <= len(content):
        (length, _) = _HEADER.unpack_from(content, start - _HEADER.size)
        if start + length > len(content):
            return
        try:
            yield Event.FromString(content[start : start + length])
        except DecodeError as error:
            raise SourceError(
                "The event file is broken", where=f"byte {start}", remedy="Copy it again"
            ) from error
        start += length + _CHECK + _HEADER.size


def _number(value: Any) -> float | None:
    """Return the scalar in a summary, old style or new; None where it holds something else."""
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return float(value.simple_value)
    if kind != "tensor" or value.tensor.dtype not in _NUMBERS:
        return None
    if any(side.size != 1 for side in value.tensor.tensor_shape.dim):
        return None
    from tensorboard.util.tensor_util import make_ndarray

    try:
        return float(make_ndarray(value.tensor).item())
    except (ValueError, TypeError):  # says it is one number and is not
        return None
