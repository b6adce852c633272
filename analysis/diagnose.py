"""Diagnose: a run in, a report out."""

from analysis.curve.curves import curves_of
from analysis.decision import Action, Recommendation, recommend
from analysis.headline import UNCLEAR, Headline, headline_of
from analysis.report import Report
from analysis.rules.both_high import both_high
from analysis.rules.crash_zero import crash_zero
from analysis.rules.divergence import divergence
from analysis.rules.gap_from_start import gap_from_start
from analysis.rules.no_validation import no_validation
from analysis.rules.oscillation import oscillation
from analysis.rules.overfitting import overfitting
from analysis.rules.plateau_early import plateau_early
from analysis.rules.still_improving import still_improving
from analysis.rules.too_short import too_short
from analysis.rules.underfit import underfit
from analysis.rules.validation_rise import validation_rise
from analysis.run import Run
from analysis.schema import Method
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.verdict import Rule, Status

SFT_RULES: tuple[Rule, ...] = (
    divergence,
    crash_zero,
    oscillation,
    gap_from_start,
    overfitting,
    validation_rise,
    both_high,
    underfit,
    plateau_early,
    still_improving,
    no_validation,
    too_short,
)


def diagnose(run: Run, thresholds: Thresholds = GOLDILOCKS) -> Report:
    """Return headline, verdicts and recommendation for a run.

    Pure and deterministic: the same rows give the same report, in any order.

    Parameters
    ----------
    run : Run
        The run to judge.
    thresholds : Thresholds
        Limits of the rules.
    """
    if run.method is not Method.SFT:
        return _not_judged(run)
    curves = curves_of(run)
    verdicts = {verdict.rule: verdict for verdict in (r(curves, thresholds) for r in SFT_RULES)}
    headline = headline_of(curves, verdicts, thresholds)
    recommendation = recommend(curves, headline, verdicts, thresholds)
    return Report(run, curves, headline, tuple(verdicts.values()), recommendation)


def _not_judged(run: Run) -> Report:
    statement = f"{run.method.upper()} runs are read and shown, but not judged yet."
    headline = Headline(UNCLEAR, statement, 1.0, Status.INSUFFICIENT_DATA)
    return Report(run, None, headline, (), Recommendation(Action.EVALUATE, None, None, statement))
