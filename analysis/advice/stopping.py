"""Stopping: the four conditions of the AWS Nova RFT guide, fed by the run, and its troubles."""

from dataclasses import dataclass

from analysis.report import Report
from analysis.verdict import Status, Verdict

SOURCE = "AWS Nova RFT guide, when to stop"
TROUBLES = (
    ("All rewards are 0, or all are the same",
     "The reward function answers with a default: call it on ten known answers, good and bad."),
    ("Rewards are missing for some answers",
     "It timed out (15 minutes at most) or failed: raise memory and concurrency, catch its errors, "
     "and return one score for every sample id."),
    ("Rewards are negative without reason",
     "Answers without a grade may be counted as the worst grade: look at the share of them first."),
    ("Under 5 % of the rewards are positive",
     "The task is beyond the model: fine-tune on good answers first, or give partial credit."),
    ("Over 95 % are positive from the start",
     "There is nothing to learn: use harder prompts; RFT may not be needed."),
    ("Rewards scatter more and more",
     "Lower the learning rate, or raise the generations a prompt."),
    ("The same answer gets different rewards",
     "Set a judge model's temperature to 0, or average several of its grades."),
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One reason to stop.

    Attributes
    ----------
    title : str
        The condition.
    met : bool or None
        Whether it holds; None where it cannot be told.
    words : str
        What the run shows.
    """

    title: str
    met: bool | None
    words: str


def stopping_conditions(
    report: Report, target: float | None, budget: int | None
) -> tuple[Condition, ...]:
    """Return the four reasons to stop a reward run.

    Parameters
    ----------
    report : Report
        On a run judged by rewards.
    target : float or None
        Validation reward that is enough, by the user.
    budget : int or None
        Steps that may be spent, by the user.
    """
    verdicts = {verdict.rule: verdict for verdict in report.verdicts}
    return (
        _target(report, target),
        _verdict("Reward stands still", verdicts.get("plateau")),
        _verdict("Validation gets worse", verdicts.get("valid_degrades")),
        _budget(report.run.last_step, budget),
    )


def _target(report: Report, target: float | None) -> Condition:
    title = "The target is reached"
    valid = report.curves.valid
    if target is None:
        return Condition(title, None, "Say which validation reward is enough.")
    if valid is None:
        return Condition(title, None, "Validation reward was never logged.")
    step = valid.step_of_greatest()
    best = float(valid.middle([step])[0])
    said = f"Validation reward is {best:.3g} at its best, near step {step:,}; wanted: {target:g}."
    return Condition(title, best >= target, said)


def _verdict(title: str, verdict: Verdict | None) -> Condition:
    if verdict is None:
        return Condition(title, None, "Not judged for this run.")
    unknown = verdict.status in {Status.INSUFFICIENT_DATA, Status.NOT_APPLICABLE}
    return Condition(title, None if unknown else verdict.found, verdict.statement)


def _budget(last_step: int, budget: int | None) -> Condition:
    title = "The budget is spent"
    if budget is None:
        return Condition(title, None, "Say how many steps may be spent.")
    return Condition(title, last_step >= budget, f"{last_step:,} of {budget:,} steps.")
