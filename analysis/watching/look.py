"""Look: what one look at a job shows."""

from dataclasses import dataclass

from analysis.report import Report

SUCCEEDED = "succeeded"


@dataclass(frozen=True, eq=False)
class Look:
    """A job as it stood when it was looked at.

    Attributes
    ----------
    status : str or None
        In the platform's word, which is an open set; None for a file.
    ended : bool
        Whether nothing more can come.
    report : Report or None
        The report on what it has logged; None while that is nothing, or nothing readable.
    planned : int or None
        Steps that the whole job takes; None when unknown.
    """

    status: str | None = None
    ended: bool = False
    report: Report | None = None
    planned: int | None = None

    @property
    def step(self) -> int | None:
        """The last step that was logged."""
        return self.report.run.last_step if self.report else None

    @property
    def share(self) -> float | None:
        """The share of the planned steps that has passed; None when unknown."""
        if self.step is None or not self.planned:
            return None
        return min(self.step / self.planned, 1.0)

    @property
    def failed(self) -> bool:
        """Whether the job ended otherwise than by reaching its end."""
        return self.ended and self.status is not None and self.status != SUCCEEDED

    @property
    def readings(self) -> tuple[int, int]:
        """How many values the training and the validation curve rest on."""
        if self.report is None:
            return 0, 0
        curves = self.report.curves
        train, valid = (
            len(curve.readings.steps) if curve else 0 for curve in (curves.train, curves.valid)
        )
        return train, valid
