"""The recommendation: what to do with a run, and with which of its checkpoints."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.choices import Choices
from analysis.verdict import rounded


class Action(StrEnum):
    """What to do next with the run."""

    DEPLOY = "deploy"
    EVALUATE = "evaluate"
    RETRAIN = "retrain"
    WAIT = "wait"
    NONE = "none"


@dataclass(frozen=True)
class Candidate:
    """A step worth considering.

    Attributes
    ----------
    step : int
        Its training step.
    role : str
        Why it is here, in words.
    model : str or None
        The name to deploy it by, as the platform gave it.
    probability_best : float or None
        Share of the compatible curves in which it is the best choice; None when not measured.
    expected_regret : float or None
        What is expected to be lost against the best choice: a share of the loss, or reward; None
        when not measured.
    """

    step: int
    role: str
    model: str | None = None
    probability_best: float | None = None
    expected_regret: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the candidate as in the JSON document."""
        return {
            "step": self.step,
            "role": self.role,
            "model": self.model,
            "probability_best": rounded(self.probability_best),
            "expected_regret": rounded(self.expected_regret),
        }


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The decision card.

    Attributes
    ----------
    action : Action
        What to do.
    step : int or None
        The recommended step; None when validation cannot name one.
    model : str or None
        Its name for deployment, when known.
    statement : str
        The decision and its reason, no markup.
    tied_steps : tuple of int
        Smallest set of steps that holds the best one with the probability ``tied_share``.
    expected_regret : float or None
        What the recommended step is expected to lose against the best choice.
    candidates : tuple of Candidate
        The recommended step first.
    best_step : int or None
        The best evaluated step, deployable or not.
    optimism : float or None
        How much better the best logged value looks than the curves say it is, in the metric's
        unit: the winner's curse of a picked peak.
    conflict : str
        How loss and token accuracy disagree on the choice; empty when they do not.
    choices : Choices or None
        Regret of every step that could be chosen; None when nothing was validated.
    """

    action: Action
    step: int | None
    model: str | None
    statement: str
    tied_steps: tuple[int, ...] = ()
    expected_regret: float | None = None
    candidates: tuple[Candidate, ...] = ()
    best_step: int | None = None
    optimism: float | None = None
    conflict: str = ""
    choices: Choices | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the recommendation as in the JSON document."""
        return {
            "action": self.action.value,
            "step": self.step,
            "model": self.model,
            "tied_steps": list(self.tied_steps),
            "expected_regret": rounded(self.expected_regret),
            "statement": self.statement,
            "best_step": self.best_step,
            "optimism": rounded(self.optimism),
            "conflict": self.conflict,
            "candidates": [candidate.to_dict() for candidate in self.candidates],
        }
