"""Rule cards: what a rule is called, where it comes from, and how it speaks of what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Mask, Status, Verdict


@dataclass(frozen=True)
class Lacking:
    """Why a rule cannot judge.

    Attributes
    ----------
    status : Status
        NOT_APPLICABLE when never logged, INSUFFICIENT_DATA when logged too rarely.
    statement : str
        The reason in one sentence.
    advice : str
        What would let the rule judge.
    """

    status: Status
    statement: str
    advice: str


@dataclass(frozen=True)
class RuleCard:
    """What a rule is called, where it comes from, and what it says.

    Attributes
    ----------
    name : str
        Name of the rule.
    source : str
        Where its definition comes from.
    good : str
        Its sentence when it does not hold.
    close : str
        Its sentence when the data cannot tell.
    advice : tuple of str
        What to do when it holds, the cheapest first.
    """

    name: str
    source: str
    good: str
    close: str
    advice: tuple[str, ...] = ()

    def judge(
        self,
        holds: Mask,
        thresholds: Thresholds,
        *,
        bad: str,
        evidence: tuple[Evidence, ...],
        steps: tuple[int, int],
        flips: str,
        grave: Status = Status.WARN,
        label: str | None = None,
        advice: tuple[str, ...] | None = None,
        excluded: Sequence[tuple[Mask, str]] = (),
    ) -> Verdict:
        """Return the verdict of a rule that could be evaluated on every compatible curve.

        Parameters
        ----------
        holds : array of bool, shape (n_draws,)
            In which curves it holds; their share is the probability.
        thresholds : Thresholds
            For the width of the undecided zone.
        bad : str
            Its sentence when it holds.
        evidence, steps, flips, label, advice
            As in ``Verdict``; steps, label and advice are left out when it does not hold. Advice
            is the card's unless given.
        grave : Status
            Its status when it holds.
        excluded : sequence of (array of bool of shape (n_draws,), str)
            In which curves the sign of the rule is there but a condition excludes it, and the
            sentence that says so in place of the card's when the rule does not hold.
        """
        probability = float(np.mean(holds))
        status = Status.INSUFFICIENT_DATA
        if abs(probability - 0.5) >= thresholds.undecided:
            status = grave if probability > 0.5 else Status.PASS
        statements = {Status.PASS: self._good(excluded), Status.INSUFFICIENT_DATA: self.close}
        found = status not in statements
        return Verdict(
            rule=self.name,
            status=status,
            statement=statements.get(status, bad),
            label=label if found else None,
            probability=probability,
            evidence=evidence,
            steps=steps if found else (),
            advice=(self.advice if advice is None else advice) if found else (),
            flips=flips,
            source=self.source,
            holds=holds,
        )

    def _good(self, excluded: Sequence[tuple[Mask, str]]) -> str:
        """Return the sentence of a rule that does not hold: what kept it, where that is likely."""
        if not excluded or np.mean(np.logical_or.reduce([mask for mask, _ in excluded])) <= 0.5:
            return self.good
        return max(excluded, key=lambda pair: float(np.mean(pair[0])))[1]

    def fact(
        self,
        *,
        found: bool,
        bad: str,
        evidence: tuple[Evidence, ...],
        n_draws: int,
        steps: tuple[int, int] | tuple[()] = (),
        grave: Status = Status.WARN,
        flips: str = "",
        good: str | None = None,
    ) -> Verdict:
        """Return the verdict of a rule that is a matter of counting: probability 0 or 1.

        Parameters
        ----------
        found : bool
            Whether it holds.
        bad, good : str
            Its sentence when it holds, and when it does not: the card's unless given.
        n_draws : int
            How many curves others are judged on.
        evidence, steps, grave, flips
            As in ``judge``.
        """
        return Verdict(
            rule=self.name,
            status=grave if found else Status.PASS,
            statement=bad if found else good or self.good,
            probability=float(found),
            evidence=evidence,
            steps=steps if found else (),
            advice=self.advice if found else (),
            flips=flips if found else "",
            source=self.source,
            holds=np.full(n_draws, found),
        )

    def lacking(self, lacking: Lacking) -> Verdict:
        """Return the verdict of a rule that lacks its data."""
        return Verdict(
            self.name,
            lacking.status,
            lacking.statement,
            advice=(lacking.advice,) if lacking.advice else (),
            source=self.source,
        )
