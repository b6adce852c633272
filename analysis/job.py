"""A fine-tuning job: what the platform says of it beside its metrics."""

from dataclasses import dataclass

# The API's words: openai's FineTuningJob.status, `paused` of its pause call, `pending` of Azure.
UNFINISHED = frozenset({"validating_files", "queued", "pending", "running", "paused"})


@dataclass(frozen=True)
class Job:
    """A fine-tuning job on a platform.

    Attributes
    ----------
    job_id : str or None
        Its identifier; None where the file does not say.
    provider : str or None
        ``openai``, ``azure`` or ``nova``; None when unknown.
    status : str or None
        In the platform's word, which is an open set.
    base_model : str or None
        The model that was tuned.
    fine_tuned_model : str or None
        The final model's name; None until the job succeeds.
    problem : str or None
        Why the job failed, in the platform's words.
    created_at, finished_at : float or None
        Seconds since 1970.
    trained_tokens : float or None
        Billed tokens; None until finished.
    """

    job_id: str | None = None
    provider: str | None = None
    status: str | None = None
    base_model: str | None = None
    fine_tuned_model: str | None = None
    problem: str | None = None
    created_at: float | None = None
    finished_at: float | None = None
    trained_tokens: float | None = None

    @property
    def unfinished(self) -> bool:
        """Whether more steps may come."""
        return self.status in UNFINISHED
