"""Console logs: lines of names and values, as trainers print them."""

import re
from collections.abc import Iterator
from typing import Any

from analysis.canonical import ImportNote, count_of
from analysis.naming import canonical_name, is_known
from analysis.sources.formats.events import row_of_message
from analysis.sources.formats.training_logs import AXES
from analysis.sources.part import Format, Part, Piece
from analysis.sources.records import frame_of_records
from analysis.sources.uploads import name_of

FORMAT = Format(
    "console-log",
    "Console log, names and values on a line (Nova, verl, torchtune, Hugging Face, job events)",
    "global_step=1 - critic/rewards/mean=0.12 …,  Step 1 | loss:1.23 …,  {'loss': 1.2, …}",
)
VALUES = Format("losses", "Plain list of losses, one on a line", "2.31")
MAX_LINE = 20_000  # characters; our choice: the longest metric line met has 4,000
MIN_VALUES = 3  # fewer bare numbers are no list of losses
# Possessive: a long row of digits that is no number after all is not tried again and again.
_NUMBER = r"[-+]?(?:\d++(?:,\d{3}(?!\d))*+(?:\.\d*+)?+|\.\d++)(?:[eE][-+]?\d++)?+|nan|inf|-inf"
_PAIR = re.compile(
    rf"(?<![\w./@-])['\"]?([A-Za-z_][\w./@-]*)['\"]?\s*[:=]\s*['\"]?({_NUMBER})(?![\w.])",
    re.IGNORECASE,
)
_STEP_WORD = re.compile(r"\b(?:step|iteration)\s+(\d{1,12})(?:\s*/\s*\d+)?\b", re.IGNORECASE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_STEPS = ("global_step", "training/global_step", "step", "current_steps", "iteration")
_NO_METRICS = frozenset({*_STEPS, "pid"})
_SUMMARY = "train_runtime"  # stands only in the line in which Hugging Face sums up the run


def row_parts(text: bytes, piece: Piece) -> list[Part]:
    """Return the run in a text log; an empty list where no line holds a known metric."""
    rows, lines, counted = [], [], 0
    for number, row in _rows(text):
        if row.get("step") is None:
            counted += 0 if _is_evaluation(row) and counted else 1
        rows.append({"step": counted, **row})
        lines.append(number)
    if not rows:
        return []
    frame, notes = frame_of_records(rows, lines)
    if counted:
        message = f"Steps were not logged: {count_of(counted, 'logged line')} counted instead"
        notes = (*notes, ImportNote("counted_steps", message, counted))
    return [
        Part(
            Piece(piece.path, piece.sha256, (*piece.notes, *notes)),
            FORMAT,
            name=name_of(piece.path),
            frame=frame.drop(columns="total_steps", errors="ignore"),
        )
    ]


def value_parts(text: bytes, piece: Piece) -> list[Part]:
    """Return the run in a plain list of losses; an empty list where a line is no number."""
    words = text.split()
    if len(words) < MIN_VALUES or len(words) != sum(1 for w in text.splitlines() if w.strip()):
        return []
    try:
        values = [float(word) for word in words]
    except ValueError:
        return []
    rows = [{"step": step, "train_loss": value} for step, value in enumerate(values, 1)]
    frame, notes = frame_of_records(rows)
    said = ImportNote("counted_steps", "One number on each line: read as training loss", len(rows))
    piece = Piece(piece.path, piece.sha256, (*piece.notes, *notes, said))
    return [Part(piece, VALUES, name=name_of(piece.path), frame=frame)]


def _rows(text: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, raw in enumerate(text.splitlines(), 1):
        if len(raw) > MAX_LINE:
            continue
        line = _COLOUR.sub("", raw.decode())
        row = row_of_message(line) or _row(line)
        if row and any(_is_metric(name) for name in row) and _SUMMARY not in row:
            yield number, row


def _row(line: str) -> dict[str, Any]:
    pairs = {name: float(value.replace(",", "")) for name, value in _PAIR.findall(line)}
    step = next((pairs[name] for name in _STEPS if name in pairs), None)
    if step is None and (word := _STEP_WORD.search(line)):
        step = float(word[1])
    rest = {name: value for name, value in pairs.items() if name not in _NO_METRICS}
    return rest if step is None else {**rest, "step": step}


def _is_metric(name: str) -> bool:
    known = canonical_name(name)
    return is_known(known) and known not in AXES


def _is_evaluation(row: dict[str, Any]) -> bool:
    return any(name.startswith(("eval", "val")) for name in row)
