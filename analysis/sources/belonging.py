"""Belonging: which parts are of one run."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from analysis.schema import STEP
from analysis.sources.formats import checkpoints, events, jobs
from analysis.sources.part import Part
from analysis.sources.uploads import name_of

_JOB_ID = re.compile(r"ftjob-[A-Za-z0-9]+")  # how the ids of both platforms begin
_AXES = frozenset({"epoch", "epoch_number", "wall_time"})
_STEPS = frozenset({STEP, "step_number"})
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
        return sorted(found, key=_is_told)

    @property
    def framed(self) -> list[Part]:
        """All parts with metrics, the most exact first."""
        lists = [p for p in self.parts if p.frame is not None and p.format is checkpoints.FORMAT]
        return [*self.curves, *lists]

    @property
    def result_files(self) -> set[str]:
        """Identifiers of the result files of its job."""
        return {file for part in self.parts for file in part.result_files}


def groups_of(parts: Iterable[Part]) -> list[Group]:
    """Return the parts of each run.

    Parts of one key are one run: a job's record, checkpoints and events; the tags of a TensorBoard
    run; Nova's two tables. Events that name no job belong to the one table that holds each of
    their values. A job or checkpoint list without curves belongs to the result file that it names,
    or that logged each of its steps with the same values; where several did (copies), the name
    decides.

    Parameters
    ----------
    parts : iterable of Part
        In the order they came.

    Returns
    -------
    list of Group
        In the order of their first part.
    """
    groups = _keyed(parts)
    free = [group for group in groups if group.curves and group.key is None]
    told = [group for group in free if _is_told(group.curves[0])]
    tables = [group for group in free if not _is_told(group.curves[0])]
    given = {id(group) for group in told if _attached(group, _tables_of(group, tables))}
    free = [group for group in free if id(group) not in given]
    for group in groups:
        if group.curves and group.key is None:
            continue
        chosen = _attached(group, _runs_for(group, free))
        if chosen is not None:
            free.remove(chosen)
            given.add(id(group))
    return [group for group in groups if id(group) not in given]


def _keyed(parts: Iterable[Part]) -> list[Group]:
    groups: list[Group] = []
    by_key: dict[str, list[Group]] = {}
    given = list(parts)
    known = {part.key for part in given}
    for part in given:
        key = part.key or _key_from_path(part.piece.path, known)
        keyed = part if key == part.key else replace(part, key=key)
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
    """Return the key of the job whose id a path spells, the innermost folder's before others."""
    *folders, name = PurePosixPath(path.replace("\\", "/")).parts or ("",)
    named = next((f for f in reversed(folders) if jobs.job_key(f) in known), None)
    if named:
        return jobs.job_key(named)
    found = next((m for part in [name, *reversed(folders)] if (m := _JOB_ID.search(part))), None)
    return jobs.job_key(found[0]) if found else None


def _attached(group: Group, fitting: Sequence[Group]) -> Group | None:
    """Give a group to the only one that fits; None where none or several do."""
    if len(fitting) != 1:
        return None
    fitting[0].parts.extend(group.parts)
    return fitting[0]


def _tables_of(told: Group, tables: Sequence[Group]) -> list[Group]:
    rows = told.curves[0].rows
    if rows is None:
        return []
    return [g for g in tables if _holds(g, rows.index) and _alike(rows, g.curves[0].rows) is True]


def _runs_for(group: Group, free: Sequence[Group]) -> list[Group]:
    named = [g for g in free if _shares_result_file(group, g)]
    listed = [part for part in group.parts if part.checkpoints]
    if len(named) == 1 or group.curves or not listed:
        return named
    names = {part.name for part in listed}
    of_name = [g for g in free if name_of(g.parts[0].piece.path) in names]
    for among in (of_name, free):
        fitting = [g for g in among if all(_fits(part, g) for part in listed)]
        if fitting:
            return fitting
    return []


def _shares_result_file(job: Group, run: Group) -> bool:
    files = job.result_files
    return bool(files & run.result_files) or any(f in run.parts[0].piece.path for f in files)


def _agrees(part: Part, group: Group) -> bool:
    """Return whether a part contradicts no value that its group holds: another run else."""
    if part.frame is None or (part.key or "").startswith("job:"):
        return True
    return not any(_contradicts(part, other) for other in group.framed)


def _contradicts(one: Part, other: Part) -> bool:
    if one.frame is None or other.frame is None:
        return False
    shared = {*one.frame.columns} & {*other.frame.columns}
    if shared <= {*_STEPS, *_AXES}:
        return False
    return one.rows is not None and _alike(one.rows, other.rows, within=0.0) is False


def _fits(listed: Part, run: Group) -> bool:
    """Return whether a run logged the list's steps, and nothing that contradicts its values."""
    steps = pd.Index([checkpoint.step for checkpoint in listed.checkpoints])
    if not _holds(run, steps):
        return False
    return listed.rows is None or _alike(listed.rows, run.parts[0].rows) is not False


def _holds(run: Group, steps: pd.Index) -> bool:
    rows = run.parts[0].rows
    return rows is not None and bool(steps.isin(rows.index).all())


def _alike(one: pd.DataFrame, other: pd.DataFrame | None, within: float = PRINTED) -> bool | None:
    """Return whether two runs agree wherever both logged a value; None where they never did."""
    if other is None:
        return None
    steps = one.index.intersection(other.index)
    names = [name for name in one if name in other and name not in _AXES]
    mine, theirs = one.loc[steps, names].to_numpy(), other.loc[steps, names].to_numpy()
    both = ~(np.isnan(mine) | np.isnan(theirs))
    if not both.any():
        return None
    return bool(np.isclose(mine[both], theirs[both], rtol=within, atol=within / 10).all())


def _is_told(part: Part) -> bool:
    return part.format is events.FORMAT
