"""Joining: the parts that belong together become one run."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from analysis.canonical import ImportNote, count_of, to_canonical
from analysis.errors import SourceError
from analysis.run import Origin, Run, run_from_frame
from analysis.schema import STEP
from analysis.sources.formats import checkpoints, events, jobs
from analysis.sources.part import Part
from analysis.sources.uploads import name_of, printable

_JOB_ID = "ftjob-"  # how the ids of both platforms begin
_SUCCEEDED = "succeeded"
PRINTED = 1e-3  # likeness of one value in two outputs of a platform, rounded differently


@dataclass(eq=False)
class Group:
    """The parts of one run.

    Attributes
    ----------
    parts : list of Part
        In the order they came; those of a lower rank outrank the others where both say something.
    """

    parts: list[Part]

    @property
    def key(self) -> str | None:
        """What its parts share."""
        return next((part.key for part in self.parts if part.key), None)

    @property
    def curves(self) -> list[Part]:
        """The parts that hold metrics of more than the saved steps, the most exact first."""
        found = [
            p for p in self.parts if p.frame is not None and p.format is not checkpoints.FORMAT
        ]
        return sorted(found, key=lambda part: part.format is events.FORMAT)

    @property
    def framed(self) -> list[Part]:
        """All parts with metrics, the most exact first."""
        return [*self.curves, *(p for p in self.parts if p.frame is not None and _is_list(p))]


def runs_of(parts: Iterable[Part]) -> tuple[list[Run], list[tuple[str, SourceError]]]:
    """Return the runs in parts, and what could not become one.

    Parts of one key are one run: a job's record, checkpoints and events; the tags of a TensorBoard
    run; Nova's two tables. A job or checkpoint list without curves belongs to the result file that
    logged each of its steps with the same values; where several did (copies), the name decides.

    Returns
    -------
    runs : list of Run
        In the order of their first part.
    failures : list of tuple of str and SourceError
        Path and reason.
    """
    groups = _attached(_grouped(parts))
    runs, failures = [], []
    for group in groups:
        try:
            runs.append(_run(group))
        except SourceError as error:
            failures.append((group.parts[0].piece.path, error))
    return runs, failures


def _is_list(part: Part) -> bool:
    return part.format is checkpoints.FORMAT


def _grouped(parts: Iterable[Part]) -> list[Group]:
    groups: list[Group] = []
    by_key: dict[str, list[Group]] = {}
    given = list(parts)
    known = {part.key for part in given}
    for part in given:
        key = part.key or _key_from_path(part.piece.path, known)
        keyed = replace(part, key=key)
        home = next((g for g in by_key.get(key or "", []) if _agrees(keyed, g)), None)
        if home is not None:
            home.parts.append(keyed)
            continue
        group = Group([keyed])
        groups.append(group)
        if key is not None:
            by_key.setdefault(key, []).append(group)
    return groups


def _key_from_path(path: str, known: Container[str | None]) -> str | None:
    """Return the job's key where a folder bears its id, as in an archive: ``jobs/<id>/…``."""
    folders = PurePosixPath(path.replace("\\", "/")).parts[:-1]
    keys = [jobs.job_key(name) for name in reversed(folders)]
    ids = (key for key in keys if key in known or key.startswith(jobs.job_key(_JOB_ID)))
    return next(ids, None)


def _agrees(part: Part, group: Group) -> bool:
    """Return whether a part contradicts no value that its group holds: another run else."""
    if part.frame is None or (part.key or "").startswith("job:"):
        return True
    return all(not _contradicts(part.frame, other.frame) for other in group.framed)


def _contradicts(one: pd.DataFrame, other: pd.DataFrame | None) -> bool:
    if other is None:
        return False
    shared = [name for name in one.columns if name in other.columns and name not in _AXES]
    if not shared:
        return False
    axis = next(name for name in one.columns if name in _STEPS)
    axis_of_other = next(name for name in other.columns if name in _STEPS)
    both = one.set_index(axis)[shared].join(
        other.set_index(axis_of_other)[shared], how="inner", rsuffix=" of other"
    )
    return any((both[name] - both[f"{name} of other"]).abs().max() > 0 for name in shared)


_STEPS = ("step", "step_number")
_AXES = frozenset({*_STEPS, "wall_time", "epoch_number"})


def _attached(groups: list[Group]) -> list[Group]:
    """Give each job or checkpoint list without curves the result file it belongs to."""
    free = [group for group in groups if group.curves and group.key is None]
    given: set[int] = set()
    for group in groups:
        if group in free:
            continue
        chosen = _belonging(group, free)
        if chosen is not None:
            free.remove(chosen)
            given.add(id(group))
            chosen.parts.extend(group.parts)
    return [group for group in groups if id(group) not in given]


def _belonging(group: Group, candidates: Sequence[Group]) -> Group | None:
    results = {file for part in group.parts for file in part.result_files}
    tests: tuple[Callable[[Group], bool], ...] = (
        lambda g: any(file in g.parts[0].piece.path for file in results),
    )
    for test in tests:
        found = [g for g in candidates if test(g)]
        if len(found) == 1:
            return found[0]
    listed = [part for part in group.parts if part.checkpoints]
    if group.curves or not listed:
        return None
    names = {part.name for part in listed}
    named = [g for g in candidates if name_of(g.parts[0].piece.path) in names]
    for among in (named, candidates):
        fitting = [g for g in among if all(_fits(part, g.parts[0]) for part in listed)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _fits(listed: Part, curve: Part) -> bool:
    """Return whether a run logged the list's steps, and nothing that contradicts its values."""
    rows, given = _rows(curve), _rows(listed)
    if rows is None or not all(c.step in rows.index for c in listed.checkpoints):
        return False
    shared = [] if given is None else [name for name in given.columns if name in rows.columns]
    if given is None or not shared:
        return True
    values, logged = given[shared].to_numpy(), rows.loc[given.index, shared].to_numpy()
    both = ~(np.isnan(logged) | np.isnan(values))
    return bool(np.isclose(values[both], logged[both], rtol=PRINTED, atol=PRINTED / 10).all())


def _rows(part: Part) -> pd.DataFrame | None:
    """Return a part's canonical metrics by step; None where it has none."""
    if part.frame is None:
        return None
    try:
        return to_canonical(part.frame)[0].set_index(STEP)
    except SourceError:
        return None


def _run(group: Group) -> Run:
    framed = group.framed
    if not framed:
        raise _without_metrics(group)
    main = framed[0]
    frame, notes = _merged(framed)
    job = next((part.job for part in group.parts if part.job), None)
    named = next((part for part in group.parts if part.format is jobs.FORMAT), main)
    origin = Origin(
        path=main.piece.path,
        format=main.format.name,
        sha256=main.piece.sha256,
        job_id=_job_id(group),
        within=main.within,
        joined=tuple(part.piece.sha256 for part in group.parts if part is not main),
    )
    return run_from_frame(
        frame,
        method=next((part.method for part in group.parts if part.method != "auto"), "auto"),
        name=named.name,
        checkpoints=[c for part in group.parts for c in part.checkpoints],
        n_epochs=_epochs(group, frame),
        hyperparameters={k: v for part in group.parts for k, v in part.hyperparameters.items()},
        job=job,
        origin=origin,
        notes=(*notes, *_joining_notes(group, main)),
    )


def _merged(framed: Sequence[Part]) -> tuple[pd.DataFrame, list[ImportNote]]:
    """Return one frame of several, the earlier outranking the later, and all notes."""
    notes = [note for part in framed for note in (*part.piece.notes, *part.notes)]
    if len(framed) == 1 and framed[0].frame is not None:
        return framed[0].frame, notes
    merged: pd.DataFrame | None = None
    for part in framed:
        if part.frame is None:
            continue
        frame, repairs = to_canonical(part.frame)
        source = "" if part is framed[0] else f"{name_of(part.piece.path)}: "
        kept = [repair for repair in repairs if repair.code != "unknown_column"]  # said once, later
        notes.extend(replace(repair, message=source + repair.message) for repair in kept)
        rows = frame.set_index(STEP)
        merged = rows if merged is None else merged.combine_first(rows)
    if merged is None:
        raise SourceError("No metrics to join")
    return merged.reset_index(), notes


def _epochs(group: Group, frame: pd.DataFrame) -> float | None:
    """Return the epochs passed so far: a job that did not end passed only a share of its own."""
    found = next((part.n_epochs for part in group.parts if part.n_epochs), None)
    if found is None or "epoch" in frame:
        return None
    job = next((part.job for part in group.parts if part.job), None)
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


_MANY = 8  # files beyond which their count says more than their names


def _job_id(group: Group) -> str | None:
    key = group.key or ""
    return key.removeprefix("job:") if key.startswith("job:") else None


def _without_metrics(group: Group) -> SourceError:
    part = group.parts[0]
    job = next((part.job for part in group.parts if part.job), None)
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
