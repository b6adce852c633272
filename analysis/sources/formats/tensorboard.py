"""TensorBoard: CSV exports, one tag to a file, and event files."""

import logging
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from analysis.errors import SourceError
from analysis.schema import STEP
from analysis.sources.delimited import frame_of
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import folder_of, name_of, printable

CSV = Format(
    "tensorboard-csv",
    "TensorBoard CSV export; the tag is in the file's name, several files make a run",
    "Wall time,Step,Value  in  run-<run>-tag-<tag>.csv",
)
EVENTS = Format("tensorboard-events", "TensorBoard event file", "events.out.tfevents.…")
HEAD = 64
_FILE_NAME = re.compile(r"run-(?P<run>.*?)-tag-(?P<tag>.+)")
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
    match = _FILE_NAME.fullmatch(stem)
    run, tag = (match["run"], match["tag"]) if match else ("", stem)
    run, metric = _run_and_metric(run, tag)
    folder = folder_of(piece.path)
    return [
        Part(
            Piece(piece.path, piece.sha256, (*piece.notes, *notes)),
            CSV,
            name=printable(run.strip("._/-")) or name_of(folder or stem),
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
            name=name_of(folder) if folder else name_of(piece.path),
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
    logging.getLogger("tensorboard").setLevel(logging.ERROR)
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.util.tensor_util import make_ndarray

    steps: dict[str, list[int]] = {}
    values: dict[str, list[float]] = {}
    times: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events"
        path.write_bytes(content)
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.WhichOneof("value") != "tensor" or value.tensor.dtype not in _NUMBERS:
                    continue
                array = make_ndarray(value.tensor)
                if array.size == 1:
                    steps.setdefault(value.tag, []).append(event.step)
                    values.setdefault(value.tag, []).append(float(array.reshape(-1)[0]))
                    times[event.step] = event.wall_time
    found = [
        pd.Series(values[tag], index=np.array(steps[tag]), name=tag).groupby(level=0).last()
        for tag in steps
        if tag not in _NO_CURVES
    ]
    return [*found, pd.Series(times, name="wall_time")] if found else []


_NUMBERS = frozenset({1, 2, 3, 9, 19})  # float, double, int32, int64, half in TensorFlow's types
_NO_CURVES = frozenset({"hp_metric"})  # Lightning's placeholder
