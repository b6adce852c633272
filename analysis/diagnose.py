"""Diagnose: a run in, a report out."""

from collections.abc import Iterable, Mapping

from analysis.curve.losses import LossCurves, loss_curves
from analysis.curve.rewards import RewardCurves, reward_curves
from analysis.decision import BALANCED, recommend
from analysis.headline import Headline, loss_headline
from analysis.one_thread import in_one_thread
from analysis.precedence import explained
from analysis.preference_headline import preference_headline
from analysis.recommendation import Recommendation
from analysis.report import Report
from analysis.reward_decision import recommend_by_reward
from analysis.reward_headline import reward_headline
from analysis.rules.dpo.saturated import saturated
from analysis.rules.rft.always_negative import always_negative
from analysis.rules.rft.below_base import below_base
from analysis.rules.rft.collapse import collapse
from analysis.rules.rft.flat_zero import flat_zero
from analysis.rules.rft.grader_faults import logic_errors, parse_errors, unresponsive
from analysis.rules.rft.low_positive_share import low_positive_share
from analysis.rules.rft.plateau import plateau
from analysis.rules.rft.policy_drift import entropy_collapse, kl_drift
from analysis.rules.rft.reward_hacking import reward_hacking
from analysis.rules.rft.still_improving import still_improving as reward_still_improving
from analysis.rules.rft.token_growth import token_explosion, token_growth
from analysis.rules.rft.too_lenient import too_lenient
from analysis.rules.rft.unstable_variance import unstable_variance
from analysis.rules.rft.valid_degrades import valid_degrades
from analysis.rules.sft.both_high import both_high
from analysis.rules.sft.column_conflict import column_conflict
from analysis.rules.sft.crash_zero import crash_zero
from analysis.rules.sft.divergence import divergence
from analysis.rules.sft.epoch_staircase import epoch_staircase
from analysis.rules.sft.gap_from_start import gap_from_start
from analysis.rules.sft.loss_accuracy import loss_accuracy
from analysis.rules.sft.low_train_loss import low_train_loss
from analysis.rules.sft.no_validation import no_validation
from analysis.rules.sft.oscillation import oscillation
from analysis.rules.sft.overfitting import overfitting
from analysis.rules.sft.plateau_early import plateau_early
from analysis.rules.sft.spikes import spikes
from analysis.rules.sft.still_improving import still_improving
from analysis.rules.sft.too_short import too_short
from analysis.rules.sft.underfit import underfit
from analysis.rules.sft.validation_rise import validation_rise
from analysis.run import Run
from analysis.schema import Method
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.verdict import Verdict

SFT_RULES = (
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
    loss_accuracy,
    low_train_loss,
    epoch_staircase,
    column_conflict,
    spikes,
    no_validation,
    too_short,
)
RFT_RULES = (
    flat_zero,
    always_negative,
    collapse,
    reward_hacking,
    valid_degrades,
    too_lenient,
    token_explosion,
    token_growth,
    unstable_variance,
    logic_errors,
    unresponsive,
    parse_errors,
    plateau,
    low_positive_share,
    below_base,
    reward_still_improving,
    entropy_collapse,
    kl_drift,
)
# Loss near zero is legitimate for DPO, and its rewards are implicit margins: no rule on either.
DPO_RULES = (
    saturated,
    divergence,
    overfitting,
    validation_rise,
    still_improving,
    spikes,
    no_validation,
    too_short,
)


@in_one_thread
def diagnose(
    run: Run, thresholds: Thresholds = GOLDILOCKS, *, priority: float = BALANCED
) -> Report:
    """Return headline, verdicts and recommendation for a run.

    Pure and deterministic: the same rows give the same report, in any order.

    Parameters
    ----------
    run : Run
        The run to judge.
    thresholds : Thresholds
        Limits of the rules.
    priority : float
        Weight of token accuracy against loss when a checkpoint is chosen, 0 to 1.
    """
    curves = reward_curves(run) if run.method is Method.RFT else loss_curves(run)
    return judge(curves, thresholds, priority=priority)


@in_one_thread
def judge(
    curves: LossCurves | RewardCurves,
    thresholds: Thresholds = GOLDILOCKS,
    *,
    priority: float = BALANCED,
) -> Report:
    """Return the report on curves that are known already: only the rules run.

    Parameters
    ----------
    curves : LossCurves or RewardCurves
        The curves behind a run, as in an earlier report on it.
    thresholds, priority
        As for ``diagnose``.
    """
    if isinstance(curves, RewardCurves):
        return _by_reward(curves, thresholds)
    if curves.run.method is Method.DPO:
        return _by_preference(curves, thresholds, priority)
    verdicts = _by_name(rule(curves, thresholds) for rule in SFT_RULES)
    headline = loss_headline(curves, verdicts, thresholds)
    recommendation = recommend(curves, headline, verdicts, thresholds, priority)
    return _report(curves, headline, verdicts, recommendation, thresholds)


def _by_reward(curves: RewardCurves, thresholds: Thresholds) -> Report:
    verdicts = _by_name(rule(curves, thresholds) for rule in RFT_RULES)
    headline = reward_headline(curves, verdicts, thresholds)
    recommendation = recommend_by_reward(curves, headline, verdicts, thresholds)
    return _report(curves, headline, verdicts, recommendation, thresholds)


def _by_preference(curves: LossCurves, thresholds: Thresholds, priority: float) -> Report:
    verdicts = _by_name(rule(curves, thresholds) for rule in DPO_RULES)
    headline = preference_headline(curves, verdicts)
    recommendation = recommend(curves, headline, verdicts, thresholds, priority)
    return _report(curves, headline, verdicts, recommendation, thresholds)


def _report(
    curves: LossCurves | RewardCurves,
    headline: Headline,
    verdicts: Mapping[str, Verdict],
    recommendation: Recommendation,
    thresholds: Thresholds,
) -> Report:
    settled = tuple(explained(verdicts).values())
    return Report(curves.run, curves, headline, settled, recommendation, thresholds)


def _by_name(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    return {verdict.rule: verdict for verdict in verdicts}
