"""The decision on an RFT run: two or three candidates to test, or none at all."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.choices import Choices, reward_choices
from analysis.curve.curve import Curve
from analysis.curve.rewards import RewardCurves
from analysis.decision import BAD
from analysis.headline import Headline
from analysis.recommendation import Action, Candidate, Recommendation
from analysis.reward_headline import FAILURES
from analysis.rules.card import Lacking
from analysis.rules.rft.preconditions import valid_of
from analysis.run import Run
from analysis.thresholds import Thresholds
from analysis.usable_steps import BASE_MODEL_STEP, model_of, role_of_last, saved_steps, waiting
from analysis.verdict import Verdict

RETRAIN = frozenset({"flat_zero", "always_negative", "too_lenient", "logic_errors"})
EQUAL = 0.02  # of the reward's range: rewards this close count as equal; our choice
HIGHEST, CHEAPEST = "highest expected reward", "equal reward at fewer tokens"
MIDDLE = "in case the others were lucky"
N_CANDIDATES = 3  # more than a task test compares in one go

Array = NDArray[np.float64]


def recommend_by_reward(
    curves: RewardCurves,
    headline: Headline,
    verdicts: Mapping[str, Verdict],
    thresholds: Thresholds,
) -> Recommendation:
    """Return the candidates to test and the action.

    The candidates are the step of least expected regret E[max V - V], the last one, and the
    cheapest in tokens within the noise of the best; where that is one of these or no tokens were
    logged, the step that adds most to the best of the others over the compatible curves. A task
    test decides between them: validation reward alone ranks within its noise. While the job goes
    on, or its reward still rises without a fault, they are the best so far.
    """
    valid = valid_of(curves)
    if isinstance(valid, Lacking):
        return _unvalidated(curves, headline, verdicts, valid)
    steps = _evaluated(curves, valid)
    evaluated = reward_choices(valid.at(steps), steps, deployable=False)
    saved = saved_steps(curves.run)
    choices = evaluated
    if len(saved):
        choices = reward_choices(valid.at(saved), saved, deployable=True)
    step, regret = int(choices.steps[choices.chosen]), float(choices.regret[choices.chosen])
    candidates = _candidates(curves, valid, choices)
    action = _action(curves.run, headline, verdicts)
    kind = "saved checkpoints" if choices.deployable else "evaluated steps"
    why = _why_wait(curves.run, headline)
    if action is Action.RETRAIN:
        why = _reason(headline, verdicts)
    return Recommendation(
        action=action,
        step=None if action is Action.NONE else step,
        model=None if action is Action.NONE else model_of(curves.run, step),
        statement=_statement(action, why, candidates, kind),
        tied_steps=choices.tied(thresholds.tied_share),
        expected_regret=regret,
        candidates=candidates,
        best_step=int(evaluated.steps[evaluated.chosen]),
        optimism=_optimism(valid),
        choices=choices,
    )


def _evaluated(curves: RewardCurves, valid: Curve) -> NDArray[np.int64]:
    steps = valid.readings.steps
    return np.unique([*steps[steps > BASE_MODEL_STEP], curves.run.last_step]).astype(np.int64)


def _candidates(curves: RewardCurves, valid: Curve, choices: Choices) -> tuple[Candidate, ...]:
    roles: dict[int, list[str]] = {choices.chosen: [HIGHEST]}
    roles.setdefault(len(choices.steps) - 1, []).append(role_of_last(curves.run, choices))
    levels = valid.at(choices.steps)
    equal = _equal(curves, levels, choices.chosen)
    if curves.tokens is not None:
        lengths = curves.tokens.middle(choices.steps)
        cheapest = int(equal[lengths[equal].argmin()])
        if lengths[cheapest] < lengths[choices.chosen]:
            roles.setdefault(cheapest, []).append(CHEAPEST)
    if len(roles) < min(N_CANDIDATES, len(choices.steps)):
        third = _complement(levels, list(roles))
        if third is not None:
            roles[third] = [MIDDLE]
    return tuple(
        Candidate(
            step=int(choices.steps[index]),
            role=", ".join(names),
            model=model_of(curves.run, int(choices.steps[index])),
            probability_best=float(choices.probability_best[index]),
            expected_regret=float(choices.regret[index]),
        )
        for index, names in roles.items()
    )


def _complement(levels: Array, tested: list[int]) -> int | None:
    """Return the choice that adds most to the best of those to be tested; None if none does."""
    best = levels[:, tested].max(axis=1, keepdims=True)
    added = np.maximum(levels - best, 0.0).mean(axis=0)
    added[tested] = 0.0
    return int(added.argmax()) if added.max() > 0.0 else None


def _equal(curves: RewardCurves, levels: Array, chosen: int) -> NDArray[np.intp]:
    """Return the choices whose reward the noise does not tell from the best one's."""
    behind = levels[:, [chosen]] - levels
    reach = np.maximum(EQUAL * curves.range, behind.std(axis=0))
    return np.flatnonzero(behind.mean(axis=0) <= reach)


def _action(run: Run, headline: Headline, verdicts: Mapping[str, Verdict]) -> Action:
    if headline.label in RETRAIN or verdicts["logic_errors"].found:
        return Action.RETRAIN
    if waiting(run):
        return Action.WAIT
    if verdicts["below_base"].found:
        return Action.NONE
    rising = verdicts["still_improving"].found and headline.label not in FAILURES
    return Action.WAIT if rising else Action.EVALUATE


def _statement(action: Action, why: str, candidates: tuple[Candidate, ...], kind: str) -> str:
    """Return the decision in words; ``why`` is the reason to train again, or to wait."""
    named = "; ".join(f"step {c.step:,} ({c.role})" for c in candidates)
    if action is Action.NONE:
        return "Deploy none of these: no checkpoint beats the base model on validation reward."
    if action is Action.RETRAIN:
        return f"Train again: {why}"
    if action is Action.WAIT:
        return f"{why} To test of the {kind} so far: {named}."
    return f"Test these {kind} on your task: {named}."


def _why_wait(run: Run, headline: Headline) -> str:
    """Return why to wait: for the job, whatever shows so far, else for a reward still rising."""
    if not waiting(run):
        return "Train longer: reward was still rising."
    seen = f" So far: {headline.statement}" if headline.status in BAD else ""
    return f"{waiting(run)}{seen}"


def _reason(headline: Headline, verdicts: Mapping[str, Verdict]) -> str:
    """Return why to train again: a broken grader outweighs whatever else was found."""
    broken = verdicts["logic_errors"]
    return broken.statement if broken.found else headline.statement


def _optimism(valid: Curve) -> float:
    """Return how far the highest logged validation reward lies above the curves at its step."""
    highest = int(valid.readings.values.argmax())
    expected = float(valid.at([int(valid.readings.steps[highest])]).mean())
    return float(valid.readings.values[highest]) - expected


def _unvalidated(
    curves: RewardCurves, headline: Headline, verdicts: Mapping[str, Verdict], lacking: Lacking
) -> Recommendation:
    steps = [c.step for c in curves.run.checkpoints][-3:] or [curves.run.last_step]
    broken = headline.label in RETRAIN or verdicts["logic_errors"].found
    action, next_move = Action.EVALUATE, "Test them on your task."
    if broken:
        action, next_move = Action.RETRAIN, f"Train again: {_reason(headline, verdicts)}"
    elif waiting(curves.run):
        action, next_move = Action.WAIT, _why_wait(curves.run, headline)
    reason = lacking.statement[0].lower() + lacking.statement[1:]
    return Recommendation(
        action=action,
        step=None,
        model=None,
        statement=f"No checkpoint can be recommended: {reason} {next_move}",
        candidates=tuple(
            Candidate(step, "not validated", model_of(curves.run, step)) for step in reversed(steps)
        ),
    )
