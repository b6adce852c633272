"""Weights & Biases chart exports (CSV): one metric per file, several runs side by side."""

from collections.abc import Sequence

from analysis.errors import SourceError
from analysis.naming import canonical_name
from analysis.schema import STEP
from analysis.sources.delimited import frame_of
from analysis.sources.part import Format, Part, Piece
from analysis.sources.uploads import printable

FORMAT = Format(
    "wandb-chart",
    "Weights & Biases chart export (CSV), several runs in one file, several files to a run",
    '"Step","<run> - <metric>","<run> - <metric>__MIN","<run> - <metric>__MAX",…',
)
_BOUNDS = ("__MIN", "__MAX")
_SEPARATOR = " - "


def recognises(header: Sequence[str]) -> bool:
    """Return whether a header pairs runs with a metric and its bounds."""
    return any(name.endswith(_BOUNDS) and _SEPARATOR in name for name in header)


def parts_of(text: bytes, header: Sequence[str], piece: Piece) -> list[Part]:
    """Return one part for each run in the export.

    Raises
    ------
    SourceError
        If its horizontal axis does not count steps.
    """
    if canonical_name(header[0]) != STEP:
        raise SourceError(
            f"The export's horizontal axis is {header[0][:60]!r}, which counts no steps",
            where="line 1",
            remedy="Choose Step as the chart's x-axis and export it again",
        )
    columns: dict[str, dict[str, str]] = {}
    for name in header[1:]:
        run, separator, metric = name.rpartition(_SEPARATOR)
        if separator and not name.endswith(_BOUNDS) and metric != "_step":
            columns.setdefault(run, {})[name] = metric
    frame, notes = frame_of(text)
    piece = Piece(piece.path, piece.sha256, (*piece.notes, *notes))
    parts = []
    for run, metrics in columns.items():
        logged = frame[list(metrics)].notna().any(axis="columns")
        table = frame.loc[logged, [frame.columns[0], *metrics]].rename(columns=metrics)
        parts.append(
            Part(
                piece,
                FORMAT,
                name=printable(run) or "run",
                frame=table.rename(columns={frame.columns[0]: STEP}),
                key=f"wandb:{run}",
                within=run if len(columns) > 1 else None,
            )
        )
    return parts
