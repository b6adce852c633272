"""Stopping: whether letting a job run on is worth it."""

from dataclasses import dataclass

from analysis.report import Report
from analysis.verdict import Verdict
from analysis.wording import counted
from analysis.wording import probability as likely

SURE = 0.9  # probability from which stopping is advised; our choice
PATIENCE = 3  # evaluations after the best one; our choice, as is usual in early stopping
RISEN = "validation_rise"
# Rules that say by themselves that more steps of the same bring nothing (AWS Nova RFT guide:
# stop at a plateau or when validation degrades; Microsoft's skill: fix a broken grader first).
REASONS = {
    "divergence": "the run has diverged",
    "collapse": "reward has collapsed",
    "valid_degrades": "validation reward falls while training reward does not",
    "plateau": "reward no longer rises",
    "flat_zero": "no answer has earned a reward",
    "always_negative": "every reward is negative",
    "too_lenient": "the grader passes nearly every answer",
    "logic_errors": "the grader fails",
}


@dataclass(frozen=True)
class Stopping:
    """The advice to stop a job.

    Attributes
    ----------
    rule : str
        The rule it rests on.
    probability : float
        That the rule holds.
    statement : str
        The advice and its reason in a sentence.
    step : int or None
        The step from which more training did harm; None where it never helped.
    """

    rule: str
    probability: float
    statement: str
    step: int | None = None


def stopping(report: Report) -> Stopping | None:
    """Return the advice to stop; None where the job had better run on, or nothing is known."""
    verdicts = {verdict.rule: verdict for verdict in report.findings}
    for rule, reason in REASONS.items():
        verdict = verdicts.get(rule)
        if verdict and _sure(verdict):
            sure = verdict.probability or 0.0
            return Stopping(rule, sure, f"Stop the job: {reason} ({likely(sure)}).")
    risen = verdicts.get(RISEN)
    return _risen(report, risen) if risen and _sure(risen) else None


def _risen(report: Report, verdict: Verdict) -> Stopping | None:
    """Return the advice where validation loss has risen for long enough."""
    valid = report.curves.valid
    if valid is None:
        return None
    turn = valid.step_of_least()
    since = int((valid.readings.steps > turn).sum())
    if since < PATIENCE:
        return None
    sure = verdict.probability or 0.0
    statement = (
        f"Stop the job: validation loss has risen for {counted(since, 'evaluation')}, "
        f"since about step {turn:,} ({likely(sure)})."
    )
    return Stopping(RISEN, sure, statement, turn)


def _sure(verdict: Verdict) -> bool:
    return verdict.probability is not None and verdict.probability >= SURE
