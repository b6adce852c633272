"""Grader faults: errors of the grader, rollouts without a grade, answers it cannot parse."""

import numpy as np

from analysis.curve.curve import N_DRAWS
from analysis.curve.reward_quantities import end_level, start_level
from analysis.curve.rewards import RewardCurves
from analysis.rules.card import Lacking, RuleCard
from analysis.rules.rft.logged_shares import judge_share, share
from analysis.rules.rft.preconditions import logged, span_of
from analysis.thresholds import Thresholds
from analysis.verdict import Evidence, Status, Verdict

LOGIC = RuleCard(
    name="logic_errors",
    source="Microsoft fine-tuning skill: other errors must be 0",
    good="The grader reports no error of its own.",
    close="",
    advice=("Fix the grader before going on: its errors are graded as answers",),
)
UNRESPONSIVE = RuleCard(
    name="unresponsive",
    source="Microsoft fine-tuning skill; AWS Nova RFT guide: rollout completion",
    good="Nearly all rollouts are graded.",
    close="",
    advice=("Look for time-outs, output caps and the capacity of the grader's endpoint",),
)
PARSE = RuleCard(
    name="parse_errors",
    source="Microsoft fine-tuning skill: parse errors are fine while reward climbs",
    good="Nearly all answers can be parsed.",
    close="",
    advice=("State the answer's format in the prompt, or make the grader's parser lenient",),
)
CLIMBS = 0.05  # gain of reward, as a share of the range, while which parse errors are fine


def logic_errors(curves: RewardCurves, thresholds: Thresholds) -> Verdict:  # noqa: ARG001
    """Judge whether the grader failed by its own fault, by rate or by true count.

    Azure's ``*_error_count`` is the number of graded samples and no evidence; the import tells
    the two apart.
    """
    rates, counts = logged(curves, "grader_error_rate"), logged(curves, "grader_error_count")
    if rates is None and counts is None:
        statement = "Errors of the grader were never logged."
        return LOGIC.lacking(Lacking(Status.NOT_APPLICABLE, statement, "Log the grader's errors"))
    values = rates if rates is not None and (rates.any() or counts is None) else counts
    values = np.zeros(1) if values is None else values
    n_steps = int((values > 0).sum())
    return LOGIC.fact(
        found=n_steps > 0,
        bad=f"The grader failed by its own fault in {n_steps} of {len(values)} logged steps.",
        evidence=(
            Evidence("steps_with_errors", n_steps, "Steps with grader errors", "0"),
            Evidence("highest_error", float(values.max()), "Highest rate or count", "0"),
        ),
        steps=span_of(curves),
        grave=Status.FAIL,
        flips="the grader's errors are gone",
        n_draws=N_DRAWS,
    )


def unresponsive(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether more than ``unresponsive`` of the rollouts went without a grade."""
    shares = []
    completed, reported = (
        logged(curves, "rollout_completion_rate"),
        logged(curves, "mean_unresponsive_rewards"),
    )
    if completed is not None:
        shares.append(1.0 - float(completed.mean()))
    if reported is not None:
        shares.append(float(reported.mean()))
    if not shares:
        statement = "The share of graded rollouts was never logged."
        return UNRESPONSIVE.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    ungraded, limit = max(shares), f"{thresholds.unresponsive:.0%}"
    return judge_share(
        UNRESPONSIVE,
        curves,
        share("ungraded_share", ungraded, "Rollouts without a grade", f"under {limit}"),
        found=ungraded > thresholds.unresponsive,
        bad=f"{ungraded:.0%} of the rollouts went without a grade.",
        flips=f"the share crosses {limit}",
    )


def parse_errors(curves: RewardCurves, thresholds: Thresholds) -> Verdict:
    """Judge whether answers often cannot be parsed and reward does not climb."""
    rates = logged(curves, "parse_error_rate")
    if rates is None:
        statement = "Parse errors were never logged."
        return PARSE.lacking(Lacking(Status.NOT_APPLICABLE, statement, ""))
    rate = float(rates.mean())
    climbs = curves.train is not None and bool(
        np.median(end_level(curves.train) - start_level(curves.train)) > CLIMBS * curves.range
    )
    limit, often = f"{thresholds.parse_errors:.0%}", rate > thresholds.parse_errors
    failed = f"{rate:.0%} of the answers cannot be parsed"
    return judge_share(
        PARSE,
        curves,
        share("parse_error_rate", rate, "Answers that cannot be parsed", f"under {limit}"),
        found=often and not climbs,
        bad=f"{failed}, and reward does not climb.",
        flips="reward climbs",
        good=f"{failed}, but reward climbs in spite of it." if often else None,
    )
