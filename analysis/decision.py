"""The decision on a run judged by its losses: which checkpoint, how sure, and what to do."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.choices import Choices, balanced_choices, loss_choices
from analysis.curve.curve import Curve
from analysis.curve.losses import LossCurves
from analysis.curve.quantities import visible
from analysis.headline import UNCLEAR, Headline
from analysis.recommendation import Action, Candidate, Recommendation
from analysis.rules.card import Lacking
from analysis.rules.sft.preconditions import accuracy_of, valid_of
from analysis.run import Run
from analysis.thresholds import Thresholds
from analysis.usable_steps import (
    before,
    evaluated_steps,
    model_of,
    role_of_last,
    saved_steps,
    waiting,
)
from analysis.verdict import Status, Verdict

MAX_CANDIDATES = 5  # our choice: more than anyone would test
WORTH_SAYING = 0.001  # regrets below a tenth of a per cent are not put into words
HOPELESS = "divergence"  # no further step of the job mends it
RETRAIN = frozenset({HOPELESS, "underfit", "both_high"})
BAD = frozenset({Status.WARN, Status.FAIL})
TEST_FIRST = frozenset({UNCLEAR, "crash_zero", "saturated"})
NOTHING_LEFT = Lacking(
    Status.INSUFFICIENT_DATA,
    "The loss was infinite before the first evaluation.",
    "Lower the learning rate and train again",
)
BALANCED = 0.2  # weight of token accuracy: it decides where losses nearly tie; our choice


def recommend(
    curves: LossCurves,
    headline: Headline,
    verdicts: Mapping[str, Verdict],
    thresholds: Thresholds,
    priority: float = BALANCED,
) -> Recommendation:
    """Return the step of least expected regret among those that can be chosen, and the action.

    Regret of a step is E[V(step) / min V - 1] over the compatible curves, the minimum taken over
    the same steps: with curves instead of points a lucky evaluation cannot win by its luck. One
    choice is deployed where it costs less than ``deploy_regret`` and the tied set names a place in
    the run: steps that tie over more than ``tied_span`` of it differ in what loss does not show.
    While the job goes on, nothing but divergence is final.

    Parameters
    ----------
    curves, headline, verdicts, thresholds
        What is known of the run.
    priority : float
        Weight of token accuracy against loss, 0 to 1. Regret in accuracy counts in absolute
        points, regret in loss as a share.
    """
    valid = valid_of(curves, thresholds)
    if isinstance(valid, Lacking):
        return _unvalidated(curves, headline, valid)
    steps = before(evaluated_steps(curves.run), curves.lost_from)
    if not len(steps):
        return _unvalidated(curves, headline, NOTHING_LEFT)
    evaluated = _weighed(curves, valid, steps, priority, thresholds, deployable=False)
    saved = before(saved_steps(curves.run), curves.lost_from)
    choices = evaluated
    if len(saved):
        choices = _weighed(curves, valid, saved, priority, thresholds, deployable=True)
    best = int(evaluated.steps[evaluated.chosen])
    step, regret = int(choices.steps[choices.chosen]), float(choices.regret[choices.chosen])
    action = _action(curves.run, headline, verdicts, thresholds, choices, valid)
    return Recommendation(
        action=action,
        step=step,
        model=model_of(curves.run, step),
        statement=_statement(curves.run, action, headline, best, choices),
        tied_steps=choices.tied(thresholds.tied_share),
        expected_regret=regret,
        candidates=_candidates(curves.run, choices),
        best_step=best,
        optimism=_optimism(valid),
        conflict=_conflict(valid, accuracy_of(curves, thresholds), choices.steps),
        choices=choices,
    )


def _weighed(
    curves: LossCurves,
    valid: Curve,
    steps: NDArray[np.int64],
    priority: float,
    thresholds: Thresholds,
    *,
    deployable: bool,
) -> Choices:
    """Return the choices by loss, weighed with token accuracy where that can be judged."""
    losses = visible(valid.at(steps), curves.run)
    accuracy = accuracy_of(curves, thresholds)
    if isinstance(accuracy, Lacking) or priority <= 0.0:
        return loss_choices(losses, steps, deployable=deployable)
    return balanced_choices(losses, accuracy.at(steps), steps, priority, deployable=deployable)


def _action(
    run: Run,
    headline: Headline,
    verdicts: Mapping[str, Verdict],
    thresholds: Thresholds,
    choices: Choices,
    valid: Curve,
) -> Action:
    if headline.label == HOPELESS:
        return Action.RETRAIN
    if waiting(run):
        return Action.WAIT
    if headline.label in RETRAIN:
        return Action.RETRAIN
    if verdicts["still_improving"].found:
        return Action.WAIT
    sure = choices.regret.min() < thresholds.deploy_regret and not _is_wide(
        choices, valid, thresholds
    )
    return Action.DEPLOY if sure and headline.label not in TEST_FIRST else Action.EVALUATE


def _is_wide(choices: Choices, valid: Curve, thresholds: Thresholds) -> bool:
    """Return whether the tied steps stretch over so much of the run that they name no place."""
    tied = valid.progress(np.array(choices.tied(thresholds.tied_share)))
    return bool(tied[-1] - tied[0] > thresholds.tied_span)


def _statement(run: Run, action: Action, headline: Headline, best: int, choices: Choices) -> str:
    kind = "saved checkpoint" if choices.deployable else "evaluated step"
    step, regret = int(choices.steps[choices.chosen]), float(choices.regret.min())
    merit = (
        "best balance of loss and token accuracy"
        if choices.balanced
        else "lowest expected validation loss"
    )
    reason = f"step {step:,} is the {kind} with the {merit}"
    if action is Action.DEPLOY:
        text = f"Of the {kind}s, step {step:,} has the {merit}."
        if regret >= WORTH_SAYING:
            text += f" About {regret:.1%} may be lost against the best of them."
    elif action is Action.WAIT:
        text = f"{_why_wait(run, headline)} Of what there is, {reason}."
    elif action is Action.RETRAIN:
        text = f"Train again: {headline.statement} If you must use this run, {reason}."
    else:
        text = f"Test the candidates on your task first. {reason[0].upper()}{reason[1:]}."
    return text + _what_is_missing(run, best, choices)


def _why_wait(run: Run, headline: Headline) -> str:
    """Return why to wait: for the job, whatever shows so far, else for what is still falling."""
    if not waiting(run):
        return "Train longer: validation loss was still falling."
    seen = f" So far: {headline.statement}" if headline.status in BAD else ""
    return f"{waiting(run)}{seen}"


def _what_is_missing(run: Run, best: int, choices: Choices) -> str:
    text = ""
    if choices.deployable and best not in choices.steps:
        text += f" The best evaluated step, {best}, was not saved."
    if not run.checkpoints:
        text += " Which steps were saved as checkpoints is not known."
    elif not choices.deployable:
        text += " No saved checkpoint can be used."
    return text


def _candidates(run: Run, choices: Choices) -> tuple[Candidate, ...]:
    last, chosen = len(choices.steps) - 1, choices.chosen
    order = [chosen, last, *np.argsort(choices.regret, kind="stable")]
    kept = list(dict.fromkeys(int(index) for index in order))
    merit = "best balance" if choices.balanced else "lowest expected loss"
    roles = {last: role_of_last(run, choices), chosen: merit}
    if chosen == last:
        roles[chosen] = f"{merit}, and the {role_of_last(run, choices)}"
    return tuple(
        Candidate(
            step=int(choices.steps[index]),
            role=roles.get(index, "also saved" if choices.deployable else "next lowest loss"),
            model=model_of(run, int(choices.steps[index])),
            probability_best=float(choices.probability_best[index]),
            expected_regret=float(choices.regret[index]),
        )
        for index in kept[: MAX_CANDIDATES if choices.deployable else 3]
    )


def _optimism(valid: Curve) -> float:
    """Return how far the lowest logged validation loss lies below the curves at its step."""
    lowest = int(valid.readings.values.argmin())
    expected = float(valid.at([int(valid.readings.steps[lowest])]).mean())
    return expected - float(valid.readings.values[lowest])


def _conflict(valid: Curve, accuracy: Curve | Lacking, steps: NDArray[np.int64]) -> str:
    """Return how loss and token accuracy disagree on the step; empty when they agree."""
    if isinstance(accuracy, Lacking) or len(steps) < 2:
        return ""
    losses, accuracies = valid.at(steps).mean(axis=0), accuracy.at(steps).mean(axis=0)
    by_loss, by_accuracy = int(losses.argmin()), int(accuracies.argmax())
    gained = float(accuracies[by_accuracy] - accuracies[by_loss])
    if by_loss == by_accuracy or gained < 0.002:
        return ""
    lost = float(losses[by_accuracy] / max(float(losses[by_loss]), 1e-9) - 1.0)
    return (
        f"Loss is best at step {steps[by_loss]}, token accuracy at step {steps[by_accuracy]}: "
        f"{gained:.1%} more right tokens for {lost:.1%} more loss."
    )


def _unvalidated(curves: LossCurves, headline: Headline, lacking: Lacking) -> Recommendation:
    """Return the decision where validation cannot rank the steps."""
    saved = [checkpoint.step for checkpoint in curves.run.checkpoints]
    steps = saved[-MAX_CANDIDATES:] or [curves.run.last_step]
    role = "saved checkpoint" if saved else "last step"
    action = Action.RETRAIN if headline.label in RETRAIN else Action.EVALUATE
    next_move = "Test the candidates on held-out examples before choosing."
    if waiting(curves.run) and headline.label != HOPELESS:
        action, next_move = Action.WAIT, _why_wait(curves.run, headline)
    elif action is Action.RETRAIN:
        next_move = f"Train again: {headline.statement}"
    reason = lacking.statement[0].lower() + lacking.statement[1:]
    return Recommendation(
        action=action,
        step=None,
        model=None,
        statement=f"No checkpoint can be recommended: {reason} {next_move}",
        candidates=tuple(
            Candidate(step, role, model_of(curves.run, step)) for step in reversed(steps)
        ),
    )
