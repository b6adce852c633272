"""A part: what one input says of one run, before the inputs that belong together are joined."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from analysis.canonical import ImportNote, to_canonical
from analysis.errors import SourceError
from analysis.job import Job
from analysis.run import Checkpoint
from analysis.schema import STEP


@dataclass(frozen=True)
class Format:
    """A format that is read.

    Attributes
    ----------
    name : str
        Name in reports and JSON.
    title : str
        What it is, in words.
    header : str
        The header or shape by which it is recognised, as really seen.
    """

    name: str
    title: str
    header: str


@dataclass(frozen=True)
class Piece:
    """One file's content on its way to becoming parts.

    Attributes
    ----------
    path : str
        Path or name as the user gave it; in an archive, the archive's name and the member's.
    sha256 : str
        Hash of the file's bytes.
    notes : tuple of ImportNote
        What unpacking and decoding noticed.
    """

    path: str
    sha256: str
    notes: tuple[ImportNote, ...] = ()


@dataclass(frozen=True, eq=False)
class Part:
    """What one input says of one run.

    Attributes
    ----------
    piece : Piece
        The input.
    format : Format
        What it was recognised as.
    name : str
        Name for the run.
    frame : DataFrame or None
        Metrics by step under the source's own names; None where it holds none.
    key : str or None
        Parts of equal key are one run, such as one job's; None where the input does not say.
    within : str or None
        Name of the run within the file, where the file holds several.
    method : str
        ``auto`` where the columns tell it.
    checkpoints : tuple of Checkpoint
        Deployable checkpoints.
    n_epochs : float or None
        Passes over the training data so far.
    total_steps : int or None
        Steps that were planned.
    hyperparameters : mapping of str to float or str
        As the source gives them.
    job : Job or None
        The platform's record.
    result_files : tuple of str
        Identifiers of the job's result files.
    notes : tuple of ImportNote
        What reading noticed.
    """

    piece: Piece
    format: Format
    name: str
    frame: pd.DataFrame | None = None
    key: str | None = None
    within: str | None = None
    method: str = "auto"
    checkpoints: tuple[Checkpoint, ...] = ()
    n_epochs: float | None = None
    total_steps: int | None = None
    hyperparameters: Mapping[str, float | str] = field(default_factory=dict)
    job: Job | None = None
    result_files: tuple[str, ...] = ()
    notes: tuple[ImportNote, ...] = ()

    @cached_property
    def canonical(self) -> tuple[pd.DataFrame, tuple[ImportNote, ...]]:
        """Its metrics as a canonical frame, and what was done to get it."""
        return to_canonical(self.frame if self.frame is not None else pd.DataFrame())

    @cached_property
    def rows(self) -> pd.DataFrame | None:
        """Its canonical metrics by step; None where it has none."""
        try:
            return self.canonical[0].set_index(STEP)
        except SourceError:
            return None
