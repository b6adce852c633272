"""Judging: what the user's own evaluations say, before any curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from analysis.evaluations.scores import Scores

LEVEL = 0.95
PAIRED_LEAST = 2  # examples that both must have been scored on
PRIOR = 0.25  # of the squared range: one made-up difference, so that few equal ones prove little


@dataclass(frozen=True)
class ScoreDifference:
    """How far one mean score lies from another.

    Attributes
    ----------
    estimate, low, high : float
        A minus B with its interval, in the score's unit.
    probability : float
        Probability that A is better.
    paired : bool
        Whether both were scored on the same examples, one by one.
    """

    estimate: float
    low: float
    high: float
    probability: float
    paired: bool

    @property
    def real(self) -> bool:
        """Whether the interval leaves no difference out."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, eq=False)
class Judged:
    """What evaluations say of one candidate.

    Attributes
    ----------
    scores : Scores
        Its scores.
    above_base : ScoreDifference or None
        Against the base model; None where that was not evaluated.
    behind_best : ScoreDifference or None
        The best candidate's lead over it; None for the best itself.
    tied : bool
        Whether that lead may be noise.
    """

    scores: Scores
    above_base: ScoreDifference | None
    behind_best: ScoreDifference | None
    tied: bool

    @property
    def beats_base(self) -> bool | None:
        """Whether it beats the base model by more than noise; None where that is not known."""
        return None if self.above_base is None else self.above_base.low > 0.0


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What evaluations say of all candidates.

    Attributes
    ----------
    candidates : tuple of Judged
        The best mean score first.
    base : Scores or None
        The base model's.
    chosen : Judged or None
        The one to deploy; None for none.
    statement : str
        The decision and its reason, no markup.
    """

    candidates: tuple[Judged, ...]
    base: Scores | None
    chosen: Judged | None
    statement: str


def judge(scores: Sequence[Scores], base_label: str | None = None) -> Evaluation | None:
    """Return what evaluations say; None where no candidate was evaluated.

    Of the candidates that the best one's lead does not tell apart, the one of fewest tokens is
    chosen; without tokens, the best. One that does not beat the base model by more than noise is
    never chosen, and noise is reckoned for as many candidates as there are (Bonferroni).

    Parameters
    ----------
    scores : sequence of Scores
        Of the candidates and, if it was evaluated, of the base model.
    base_label : str, optional
        What the base model is called, if it was evaluated; left out, the label that says so.
    """
    if base_label is None:
        base = next((each for each in scores if each.is_base), None)
    else:
        base = next((each for each in scores if each.label == base_label), None)
    ordered = sorted((each for each in scores if each is not base), key=lambda s: -s.mean)
    if not ordered:
        return None
    span = _span(scores)
    best = ordered[0]
    judged = [_judged(each, best, base, span, len(ordered)) for each in ordered]
    chosen = _chosen(judged)
    return Evaluation(tuple(judged), base, chosen, _statement(judged, base, chosen))


def difference(a: Scores, b: Scores, span: float, level: float = LEVEL) -> ScoreDifference:
    """Return how far A's mean score lies above B's.

    Paired by example where both tell theirs, else as two samples; where only means are known,
    one score's variance is at most that of a score at the ends of the range.

    Parameters
    ----------
    a, b : Scores
        The two.
    span : float
        Range of the scores.
    level : float
        Of the interval.
    """
    common = [example for example in a.by_example if example in b.by_example]
    if len(common) >= PAIRED_LEAST:
        gaps = np.array([a.by_example[e] - b.by_example[e] for e in common])
        gap, freedom = float(gaps.mean()), float(len(gaps) - 1)
        squares = float(((gaps - gap) ** 2).sum()) + PRIOR * span**2
        error = sqrt(squares / freedom / len(gaps))
    else:
        gap, freedom = a.mean - b.mean, float(max(a.count + b.count - 2, 1))
        error = sqrt(_variance(a, span) / a.count + _variance(b, span) / b.count)
    reach = _student(level, freedom) * error
    probability = 0.5 * (1.0 + erf(gap / (error * sqrt(2.0)))) if error > 0.0 else 0.5
    paired = len(common) >= PAIRED_LEAST
    return ScoreDifference(gap, gap - reach, gap + reach, probability, paired)


def _variance(scores: Scores, span: float) -> float:
    least = PRIOR * span**2 / max(scores.count, 1)
    if scores.spread is not None:
        return max(scores.spread**2, least)
    return max(PRIOR * span**2, least)


def _span(scores: Sequence[Scores]) -> float:
    """Return the range of the scores: at least from 0 to 1, the usual one."""
    values = [v for each in scores for v in (*each.by_example.values(), each.mean)]
    return max(*values, 1.0) - min(*values, 0.0)


def _student(level: float, freedom: float) -> float:
    """Return the quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5)."""
    z = _normal(0.5 + level / 2.0)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _normal(share: float) -> float:
    """Return the quantile of the normal distribution, by halving."""
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2.0
        below = 0.5 * (1.0 + erf(middle / sqrt(2.0))) < share
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2.0


def _judged(
    scores: Scores, best: Scores, base: Scores | None, span: float, n_candidates: int
) -> Judged:
    strict = 1.0 - (1.0 - LEVEL) / n_candidates
    above = None if base is None else difference(scores, base, span, strict)
    if scores is best:
        return Judged(scores, above, None, tied=True)
    behind = difference(best, scores, span)
    return Judged(scores, above, behind, tied=not behind.real)


def _chosen(judged: Sequence[Judged]) -> Judged | None:
    """Return the cheapest of the tied ones that beat the base model; None where none does."""
    good = [each for each in judged if each.beats_base is not False]
    tied = [each for each in good if each.tied]
    if not tied:
        return None
    best, told = tied[0], [each for each in tied if each.scores.tokens is not None]
    if best.scores.tokens is None or not told:
        return best
    return min(told, key=lambda each: each.scores.tokens or 0.0)


def _statement(judged: Sequence[Judged], base: Scores | None, chosen: Judged | None) -> str:
    if chosen is None:
        return "Deploy none: no candidate beats the base model by more than noise."
    name, mean = chosen.scores.label, chosen.scores.mean
    tied = [each.scores.label for each in judged if each.tied and each is not chosen]
    if chosen.behind_best is not None:
        reason = "its score is not told apart from the best, at fewer tokens"
    elif tied:
        reason = "the highest score, though noise does not tell it from " + ", ".join(tied)
    else:
        reason = "the highest score, by more than noise"
    text = f"Deploy {name}: {reason} (mean {mean:.3g} on {chosen.scores.count} examples)."
    if base is None:
        return f"{text} Whether it beats the base model is not known: evaluate that too."
    return f"{text} It beats the base model by more than noise."
