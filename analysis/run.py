"""A run: one fine-tuning job's metrics by step, and what is known about its checkpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite

import pandas as pd

from analysis.canonical import ImportNote, to_canonical
from analysis.composed import with_composed_columns
from analysis.derived import with_reward_columns
from analysis.errors import SourceError
from analysis.job import Job
from analysis.schema import LOSSES, PREFERENCES, REWARDS, STEP, Method
from analysis.visible import visible


@dataclass(frozen=True)
class Checkpoint:
    """A saved state of the model that can be deployed.

    Attributes
    ----------
    step : int
        The training step it was saved at.
    model : str or None
        The name to call or deploy it by, as the platform gave it; None when only the step is known.
    """

    step: int
    model: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a run came from.

    Attributes
    ----------
    path : str or None
        Path or file name as the user gave it.
    format : str
        Name of the recognised format.
    sha256 : str or None
        Hash of the file's bytes.
    job_id : str or None
        Identifier of the fine-tuning job.
    within : str or None
        Name of the run within the file, where the file holds several.
    joined : tuple of str
        Hashes of the other files that the run was joined from.
    """

    path: str | None = None
    format: str = "frame"
    sha256: str | None = None
    job_id: str | None = None
    within: str | None = None
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Run:
    """One fine-tuning run.

    Attributes
    ----------
    name : str
        Name on the screen; not unique.
    method : Method
        How the model was tuned.
    frame : DataFrame
        Canonical metrics, one row per step (int64, unique, ascending), float64 columns;
        NaN where a metric was not logged at that step.
    checkpoints : tuple of Checkpoint
        Deployable checkpoints, ascending by step; empty when nothing is known of any.
    n_epochs : float or None
        Passes over the training data; None when unknown.
    answer_tokens : float or None
        Mean visible tokens of an answer, as the user gives it; None when not given.
    hyperparameters : mapping of str to float or str
        As the platform or trainer gave them; empty when unknown.
    job : Job or None
        The platform's record of the job; None when there is none.
    origin : Origin
        Where it came from.
    notes : tuple of ImportNote
        What the import repaired or noticed.
    """

    name: str
    method: Method
    frame: pd.DataFrame
    checkpoints: tuple[Checkpoint, ...] = ()
    n_epochs: float | None = None
    answer_tokens: float | None = None
    hyperparameters: Mapping[str, float | str] = field(default_factory=dict)
    job: Job | None = None
    origin: Origin = Origin()
    notes: tuple[ImportNote, ...] = ()

    @cached_property
    def last_step(self) -> int:
        """The last step at which anything was logged."""
        logged = self.frame.drop(columns=STEP).notna().any(axis="columns")
        return int(self.frame.loc[logged, STEP].max())

    def has(self, metric: str) -> bool:
        """Return whether a metric was ever logged."""
        return metric in self.frame and bool(self.frame[metric].notna().any())


def run_from_frame(
    frame: pd.DataFrame,
    method: str | Method = "auto",
    *,
    name: str = "run",
    checkpoints: Iterable[int | Checkpoint] = (),
    n_epochs: float | None = None,
    answer_tokens: float | None = None,
    hyperparameters: Mapping[str, float | str] | None = None,
    job: Job | None = None,
    origin: Origin = Origin(),
    notes: Iterable[ImportNote] = (),
) -> Run:
    """Return a run from a frame whose columns are canonical or nearly so.

    Parameters
    ----------
    frame : DataFrame
        A ``step`` column and metric columns under canonical names or known aliases. It is not
        changed.
    method : {"auto", "sft", "rft", "dpo"}
        ``auto`` reads it from the columns: rewards mean RFT.
    name : str
        Name of the run.
    checkpoints : iterable of int or Checkpoint
        Deployable steps; empty when nothing is known of any.
    n_epochs : float, optional
        Passes over the training data.
    answer_tokens : float, optional
        Mean visible tokens of an answer: OpenAI's losses count two hidden ones more.
    hyperparameters : mapping of str to float or str, optional
        As the platform or trainer gave them.
    job : Job, optional
        The platform's record of the job.
    origin : Origin
        Where the frame came from.
    notes : iterable of ImportNote
        Notes of earlier import stages.

    Returns
    -------
    Run

    Raises
    ------
    SourceError
        If there is no step column, no usable row, no metric column, an unknown method, a negative
        checkpoint, or a number of epochs or of answer tokens that is none.
    """
    if method not in {"auto", *Method}:
        raise SourceError(f"Unknown method {method!r}", remedy="Use auto, sft, rft or dpo")
    read, repairs = to_canonical(frame)
    composed, sums = with_composed_columns(read)
    canonical, derived = with_reward_columns(composed)
    resolved = method_of(canonical) if method == "auto" else Method(method)
    if n_epochs is not None and not (isfinite(n_epochs) and n_epochs > 0):
        raise SourceError(
            f"The number of epochs is {n_epochs}", remedy="Give a positive number, or leave it out"
        )
    if answer_tokens is not None and not (isfinite(answer_tokens) and answer_tokens > 0):
        raise SourceError(
            f"The mean length of an answer is {answer_tokens} tokens",
            remedy="Give a positive number, or leave it out",
        )
    saved = {c.step: c for c in (_checkpoint(item) for item in checkpoints)}
    return Run(
        name=visible(name),
        method=resolved,
        frame=canonical,
        checkpoints=tuple(saved[step] for step in sorted(saved)),
        n_epochs=n_epochs,
        answer_tokens=answer_tokens,
        hyperparameters=_readable(hyperparameters or {}),
        job=job,
        origin=origin,
        notes=(*notes, *repairs, *sums, *derived),
    )


def _checkpoint(item: int | Checkpoint) -> Checkpoint:
    found = item if isinstance(item, Checkpoint) else Checkpoint(int(item))
    if found.step < 0:
        raise SourceError(
            f"A checkpoint at step {found.step:,}", remedy="Give the steps that were saved"
        )
    return replace(found, model=visible(found.model)) if found.model else found


def _readable(given: Mapping[str, float | str]) -> dict[str, float | str]:
    """Return hyperparameters with names and words in which everything can be seen."""
    return {
        visible(name): visible(value) if isinstance(value, str) else value
        for name, value in given.items()
    }


def method_of(frame: pd.DataFrame) -> Method:
    """Return the method a canonical frame's columns speak of.

    Preference margins mean DPO; rewards without losses mean RFT; everything else is SFT.
    """
    if any(column in frame for column in PREFERENCES):
        return Method.DPO
    has_reward = any(column in frame for column in REWARDS)
    has_loss = any(column in frame for column in LOSSES)
    return Method.RFT if has_reward and not has_loss else Method.SFT
