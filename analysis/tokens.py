"""Tokens: what OpenAI's loss and accuracy say of the tokens that can be seen.

OpenAI averages both over the visible tokens of an answer and two hidden ones, which a tuned model
predicts almost surely (LessWrong zDnA4SEbkeCj2CDHp, measured for GPT-4.1 and one-token answers).
So the figures flatter short answers: 83 % accuracy on a yes/no task is coin flipping.
"""

from dataclasses import dataclass, replace
from math import exp, isfinite, log

from analysis.curve.quantities import HIDDEN_TOKENS, visible_factor
from analysis.errors import AnalysisError
from analysis.run import Run
from analysis.schema import ACCURACIES

SETTLED = 0.5  # share of the run from which the hidden tokens are taken to be learned; our choice
SLACK = 1e-3  # of an accuracy: figures are reported rounded
RESTS_ON = (
    "The two hidden tokens are predicted surely, which takes some steps of training.",
    "Figures are pooled over tokens, and answers are about this long on average.",
    "Measured for GPT-4.1 on single-turn supervised jobs of OpenAI. For other models, longer "
    "answers, several turns and Azure it is a hypothesis.",
)


class HiddenTokensError(AnalysisError):
    """Figures that two hidden tokens, surely predicted, cannot have given."""


@dataclass(frozen=True)
class VisibleFigures:
    """Loss and accuracy over the visible tokens alone.

    Attributes
    ----------
    loss : float or None
        Nats per visible token; None when no loss was given.
    accuracy : float or None
        Share of the visible tokens that are right; None when no accuracy was given.
    perplexity : float or None
        exp(loss): between how many equally likely tokens the model wavers.
    rests_on : tuple of str
        What must be true for these figures.
    """

    loss: float | None
    accuracy: float | None
    perplexity: float | None
    rests_on: tuple[str, ...] = RESTS_ON


@dataclass(frozen=True)
class GuessingFloor:
    """What a model reports that only guesses among labels.

    Attributes
    ----------
    loss : float
        Nats per token, as OpenAI would report it.
    accuracy : float
        Share of right tokens, as OpenAI would report it.
    """

    loss: float
    accuracy: float


def visible_figures(
    answer_tokens: float, *, loss: float | None = None, accuracy: float | None = None
) -> VisibleFigures:
    """Return what reported figures say of the visible tokens.

    Parameters
    ----------
    answer_tokens : float
        Mean visible tokens of an answer, n: the API does not say it.
    loss, accuracy : float, optional
        As reported. With n visible tokens, loss x (n + 2) / n and (accuracy x (n + 2) - 2) / n.

    Raises
    ------
    HiddenTokensError
        If a figure is impossible, or the two hidden tokens cannot have been surely predicted.
        Nothing is clamped.
    """
    tokens = _checked_tokens(answer_tokens)
    counted = tokens + HIDDEN_TOKENS
    if loss is not None and not (isfinite(loss) and loss >= 0):
        raise HiddenTokensError(f"A loss of {loss:g} is impossible: give one of 0 or above.")
    if accuracy is not None and not (isfinite(accuracy) and 0 <= accuracy <= 1):
        raise HiddenTokensError(
            f"An accuracy of {accuracy:g} is impossible: give a share from 0 to 1."
        )
    seen = None if loss is None else loss * counted / tokens
    right = None if accuracy is None else _visible_accuracy(accuracy, tokens)
    return VisibleFigures(seen, right, None if seen is None else exp(min(seen, 700.0)))


def guessing_floor(n_labels: int, answer_tokens: float = 1.0) -> GuessingFloor:
    """Return what OpenAI reports for a model that guesses evenly among labels.

    Parameters
    ----------
    n_labels : int
        Labels to choose from, two or more, equally frequent.
    answer_tokens : float
        Visible tokens of an answer, of which one decides and the others follow surely.

    Raises
    ------
    HiddenTokensError
        If there are fewer than two labels, or less than one token.
    """
    if n_labels < 2:
        raise HiddenTokensError("Guessing takes two labels or more.")
    counted = max(_checked_tokens(answer_tokens), 1.0) + HIDDEN_TOKENS
    return GuessingFloor(log(n_labels) / counted, (counted - 1.0 + 1.0 / n_labels) / counted)


def with_answer_tokens(run: Run, answer_tokens: float) -> Run:
    """Return the run knowing how long its answers are, so that rules judge visible tokens.

    Raises
    ------
    HiddenTokensError
        If the run is no supervised run of OpenAI, or its later accuracies contradict the two
        hidden tokens.
    """
    known = replace(run, answer_tokens=_checked_tokens(answer_tokens))
    if visible_factor(known) == 1.0:
        raise HiddenTokensError(
            "Two hidden tokens are known of OpenAI's supervised jobs only; "
            f"this run was read as {run.method.upper()} from {run.origin.format}."
        )
    late = run.frame[run.frame["step"] > SETTLED * run.last_step]
    for column in (name for name in ACCURACIES if name in run.frame):
        reported = late[column].mean()
        if isfinite(reported):
            _visible_accuracy(float(reported), answer_tokens)
    return known


def _checked_tokens(answer_tokens: float) -> float:
    if not (isfinite(answer_tokens) and answer_tokens > 0):
        raise HiddenTokensError("Give the mean length of an answer in tokens, above 0.")
    return answer_tokens


def _visible_accuracy(accuracy: float, tokens: float) -> float:
    counted = tokens + HIDDEN_TOKENS
    right = (accuracy * counted - HIDDEN_TOKENS) / tokens
    if right < -SLACK * counted / tokens:
        raise HiddenTokensError(
            f"An accuracy of {accuracy:.1%} is below {HIDDEN_TOKENS / counted:.1%}, which the two "
            f"hidden tokens alone would give to answers of {tokens:g} tokens. So they are not "
            "learned yet, answers are longer, or the figures do not count them."
        )
    return max(right, 0.0)
