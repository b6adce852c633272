"""The decision: which checkpoint to deploy, how sure that is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.curve.curves import Curve, Curves
from analysis.headline import Headline
from analysis.rules.preconditions import Lacking, valid_of
from analysis.schema import STEP
from analysis.thresholds import Thresholds
from analysis.verdict import Status, Verdict, rounded

Array = NDArray[np.float64]

TINY = 1e-9
WORTH_SAYING = 0.001  # regrets below a tenth of a per cent are not put into words
MAX_CANDIDATES = 5  # our choice: more than anyone would test
VALIDATION = ("valid_loss", "full_valid_loss")
BASE_MODEL_STEP = 1  # an evaluation at step 0 or 1 shows the model before it learned anything
RETRAIN = frozenset({"divergence", "underfit", "both_high"})


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
        Relative loss expected to be lost against the best choice; None when not measured.
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
class Choices:
    """What each step that could be chosen is expected to cost.

    Attributes
    ----------
    steps : array of int64, shape (n,)
        Deployable steps where any is known, else the evaluated ones; ascending.
    regret : array, shape (n,)
        Expected relative loss above the best choice.
    probability_best : array, shape (n,)
        Share of the compatible curves in which the step is the best choice.
    deployable : bool
        Whether these are known to be deployable.
    """

    steps: NDArray[np.int64]
    regret: Array
    probability_best: Array
    deployable: bool


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
        Relative loss expected to be lost by the recommended step.
    candidates : tuple of Candidate
        The recommended step first.
    best_step : int or None
        The best evaluated step, deployable or not.
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
            "candidates": [candidate.to_dict() for candidate in self.candidates],
        }


def recommend(
    curves: Curves, headline: Headline, verdicts: Mapping[str, Verdict], thresholds: Thresholds
) -> Recommendation:
    """Return the step of least expected regret among those that can be chosen, and the action.

    Regret of a step is E[V(step) / min V - 1] over the compatible curves, the minimum taken over
    the same steps. With curves instead of points a lucky evaluation cannot win by its luck.
    """
    valid = valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return _unvalidated(curves, headline, valid)
    saved = np.array([c.step for c in curves.run.checkpoints], dtype=np.int64)
    evaluated = choices_among(valid, _trained_steps(curves), deployable=False)
    choices = choices_among(valid, saved, deployable=True) if len(saved) else evaluated
    best = int(evaluated.steps[evaluated.regret.argmin()])
    chosen = int(choices.regret.argmin())
    step, regret = int(choices.steps[chosen]), float(choices.regret[chosen])
    tied = _tied(choices, thresholds.tied_share)
    action = _action(headline, verdicts, regret, thresholds)
    return Recommendation(
        action=action,
        step=step,
        model=_model(curves, step),
        statement=_statement(action, headline, step, best, choices),
        tied_steps=tied,
        expected_regret=regret,
        candidates=_candidates(curves, choices, chosen),
        best_step=best,
        choices=choices,
    )


def choices_among(valid: Curve, steps: NDArray[np.int64], *, deployable: bool) -> Choices:
    """Return the expected regret of each step and its chance to be the best of them."""
    levels = valid.at(steps)
    least = np.maximum(levels.min(axis=1, keepdims=True), TINY)
    wins = np.bincount(levels.argmin(axis=1), minlength=len(steps)) / len(levels)
    return Choices(steps, (levels / least - 1.0).mean(axis=0), wins, deployable)


def _trained_steps(curves: Curves) -> NDArray[np.int64]:
    """Return the evaluated steps and the last one, which is the model the job delivers.

    The first ones are left out: an evaluation at step 0 or 1 shows the base model.
    """
    logged = [column for column in VALIDATION if column in curves.run.frame]
    rows = curves.run.frame.dropna(subset=logged, how="all")
    steps = rows[STEP].to_numpy(dtype=np.int64)
    trained = np.unique([*steps[steps > BASE_MODEL_STEP], curves.run.last_step])
    return trained.astype(np.int64)


def _tied(choices: Choices, share: float) -> tuple[int, ...]:
    order = np.argsort(-choices.probability_best, kind="stable")
    n_tied = int(np.searchsorted(np.cumsum(choices.probability_best[order]), share - 1e-9)) + 1
    return tuple(sorted(int(step) for step in choices.steps[order[:n_tied]]))


def _action(
    headline: Headline, verdicts: Mapping[str, Verdict], regret: float, thresholds: Thresholds
) -> Action:
    if headline.label in RETRAIN:
        return Action.RETRAIN
    if verdicts["still_improving"].status is Status.WARN:
        return Action.WAIT
    allowed = headline.label not in {"unclear", "crash_zero"}
    return Action.DEPLOY if allowed and regret < thresholds.deploy_regret else Action.EVALUATE


def _statement(action: Action, headline: Headline, step: int, best: int, choices: Choices) -> str:
    kind = "saved checkpoint" if choices.deployable else "evaluated step"
    reason = f"step {step} is the {kind} with the lowest expected validation loss"
    if action is Action.DEPLOY:
        text = f"Of the {kind}s, step {step} has the lowest expected validation loss."
        if choices.regret.min() >= WORTH_SAYING:
            text += f" About {choices.regret.min():.1%} may be lost against the best of them."
    elif action is Action.WAIT:
        text = f"Train longer: validation loss was still falling. Of what there is, {reason}."
    elif action is Action.RETRAIN:
        text = f"Train again: {headline.statement} If you must use this run, {reason}."
    else:
        text = f"Test the candidates on your task first. {reason[0].upper()}{reason[1:]}."
    if choices.deployable and best not in choices.steps:
        text += f" The best step of the run, {best}, was not saved."
    if not choices.deployable:
        text += " Which steps were saved as checkpoints is not known."
    return text


def _candidates(curves: Curves, choices: Choices, chosen: int) -> tuple[Candidate, ...]:
    last = len(choices.steps) - 1
    order = [chosen, last, *np.argsort(choices.regret, kind="stable")]
    picked = list(dict.fromkeys(int(index) for index in order))
    kept = picked[: MAX_CANDIDATES if choices.deployable else 2]
    roles = {last: "last step", chosen: "lowest expected loss"}
    if chosen == last:
        roles[chosen] = "lowest expected loss, and the last step"
    return tuple(
        Candidate(
            step=int(choices.steps[index]),
            role=roles.get(index, "also saved"),
            model=_model(curves, int(choices.steps[index])),
            probability_best=float(choices.probability_best[index]),
            expected_regret=float(choices.regret[index]),
        )
        for index in kept
    )


def _unvalidated(curves: Curves, headline: Headline, lacking: Lacking) -> Recommendation:
    """Return the decision where validation cannot rank the steps."""
    saved = [checkpoint.step for checkpoint in curves.run.checkpoints]
    steps = saved[-MAX_CANDIDATES:] or [int(curves.run.frame[STEP].iloc[-1])]
    role = "saved checkpoint" if saved else "last step"
    action = Action.RETRAIN if headline.label in RETRAIN else Action.EVALUATE
    next_move = (
        f"Train again: {headline.statement}"
        if action is Action.RETRAIN
        else "Test the candidates on held-out examples before choosing."
    )
    return Recommendation(
        action=action,
        step=None,
        model=None,
        statement=f"No checkpoint can be recommended: {_lower(lacking.statement)} {next_move}",
        candidates=tuple(Candidate(step, role, _model(curves, step)) for step in reversed(steps)),
    )


def _model(curves: Curves, step: int) -> str | None:
    return next((c.model for c in curves.run.checkpoints if c.step == step), None)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
