"""Joining: the parts that belong together become one run."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pandas as pd

from analysis.canonical import ImportNote, count_of
from analysis.errors import SourceError
from analysis.job import Job
from analysis.naming import is_known
from analysis.run import Origin, Run, run_from_frame
from analysis.schema import STEP
from analysis.sources.belonging import Group, groups_of
from analysis.sources.formats import jobs
from analysis.sources.formats.training_logs import AXES
from analysis.sources.part import Part
from analysis.sources.uploads import name_of, printable

_SUCCEEDED = "succeeded"
_MANY = 8  # files beyond which their count says more than their names


def runs_of(parts: Iterable[Part]) -> tuple[list[Run], list[tuple[str, SourceError]]]:
    """Return the runs in parts, and what could not become one.

    Returns
    -------
    runs : list of Run
        In the order of their first part.
    failures : list of tuple of str and SourceError
        Path and reason.
    """
    runs, failures = [], []
    for group in groups_of(parts):
        try:
            runs.append(_run(group))
        except SourceError as error:
            failures.append((group.parts[0].piece.path, error))
    return runs, failures


def _run(group: Group) -> Run:
    framed = group.framed
    if not framed:
        raise _without_metrics(group)
    main = framed[0]
    frame, notes = _merged(framed)
    named = next((part for part in group.parts if part.format is jobs.FORMAT), main)
    origin = Origin(
        path=main.piece.path,
        format=main.format.name,
        sha256=main.piece.sha256,
        job_id=_job_id(group),
        within=main.within,
        joined=tuple(part.piece.sha256 for part in group.parts if part is not main),
    )
    run = run_from_frame(
        frame,
        method=next((part.method for part in group.parts if part.method != "auto"), "auto"),
        name=named.name,
        checkpoints=[c for part in group.parts for c in part.checkpoints],
        n_epochs=_epochs(group, frame),
        hyperparameters={k: v for part in group.parts for k, v in part.hyperparameters.items()},
        job=_job(group),
        origin=origin,
        notes=(*notes, *_joining_notes(group, main)),
    )
    if not any(is_known(str(name)) and name not in AXES for name in run.frame):
        raise _unknown(run)
    return run


def _merged(framed: Sequence[Part]) -> tuple[pd.DataFrame, list[ImportNote]]:
    """Return one frame of several, the earlier outranking the later, and all notes."""
    notes = [note for part in framed for note in (*part.piece.notes, *part.notes)]
    if len(framed) == 1 and framed[0].frame is not None:
        return framed[0].frame, notes
    merged: pd.DataFrame | None = None
    for part in framed:
        source = "" if part is framed[0] else f"{name_of(part.piece.path)}: "
        try:
            rows = part.canonical[0].set_index(STEP)
        except SourceError as error:
            notes.append(ImportNote("not_joined", f"{source}{error.problem}", 1))
            continue
        repairs = [note for note in part.canonical[1] if note.code not in _SAID_AGAIN]
        notes.extend(replace(note, message=source + note.message) for note in repairs)
        merged = rows if merged is None else merged.combine_first(rows)
    if merged is None:
        raise SourceError(
            "None of the files that belong together holds metrics", where=framed[0].piece.path
        )
    return merged.reset_index(), notes


_SAID_AGAIN = frozenset({"unknown_column"})  # of the joined table


def _job(group: Group) -> Job | None:
    """Return the job's latest record: one that says how it ended before one that does not."""
    found = [part.job for part in group.parts if part.job]
    return min(found, key=lambda job: job.unfinished, default=None)


def _epochs(group: Group, frame: pd.DataFrame) -> float | None:
    """Return the epochs passed so far: a job that did not end passed only a share of its own."""
    found = next((part.n_epochs for part in group.parts if part.n_epochs), None)
    if found is None or "epoch" in frame:
        return None
    job = _job(group)
    if job is None or job.status == _SUCCEEDED:
        return found
    total = next((part.total_steps for part in group.parts if part.total_steps), None)
    last = pd.to_numeric(frame[STEP], errors="coerce").max() if STEP in frame else None
    return float(found * last / total) if total and last else None


def _joining_notes(group: Group, main: Part) -> list[ImportNote]:
    notes = []
    for part in group.parts:
        if part is main:
            continue
        source = printable(PurePosixPath(part.piece.path.replace("\\", "/")).name)
        if part.checkpoints:
            message = f"{count_of(len(part.checkpoints), 'checkpoint')} from {source}"
            notes.append(ImportNote("checkpoints", message, len(part.checkpoints)))
        else:
            notes.append(ImportNote("joined", f"Joined with {source} ({part.format.title})", 1))
    if len(notes) > _MANY:
        return [ImportNote("joined", f"Joined from {len(group.parts):,} files", len(group.parts))]
    return notes


def _job_id(group: Group) -> str | None:
    key = group.key or ""
    return key.removeprefix("job:") if key.startswith("job:") else None


def _without_metrics(group: Group) -> SourceError:
    part = group.parts[0]
    job = _job(group)
    if job is not None and job.job_id:
        status = f", its status is {printable(job.status)}" if job.status else ""
        reason = f": {printable(job.problem)}" if job.problem else ""
        return SourceError(
            f"Job {printable(job.job_id)} comes without metrics{status}{reason}",
            where=part.piece.path,
            remedy="Load its events or result file with it, once it has logged something",
        )
    if part.checkpoints:
        return SourceError(
            "A checkpoint list that belongs to no single run here",
            where=part.piece.path,
            remedy="Load it together with its job's result file, and no copy of that file",
        )
    return SourceError(
        f"{part.format.title}: no metrics in it",
        where=part.piece.path,
        remedy="Load it together with the files that hold the metrics",
    )


def _unknown(run: Run) -> SourceError:
    names = [str(name) for name in run.frame if name not in AXES]
    shown = ", ".join(printable(name) for name in names[:_MANY]) or "none"
    return SourceError(
        f"No metric that is known among the columns: {shown}",
        where=run.origin.path or "",
        remedy="Name them as 'python -m analysis formats' lists them",
    )
