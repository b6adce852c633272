"""Views: which charts the SFT and the RFT view have, of the metrics that were logged."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis import Method, Report
from analysis.reward_series import GAP, STOP, UNGRADED, WATCH
from analysis.schema import ACCURACIES, LOSSES

TALL, SMALL = 340, 210  # pixels


@dataclass(frozen=True)
class ChartOf:
    """A chart: what it draws together.

    Attributes
    ----------
    columns : tuple of str
        Its metrics, all of them logged.
    title : str
        Its title, with the unit in brackets.
    height : int
        In pixels.
    limits : tuple of (float, str)
        Levels to mark, each with its words.
    """

    columns: tuple[str, ...]
    title: str
    height: int
    limits: tuple[tuple[float, str], ...] = ()

    @property
    def subject(self) -> str:
        """The title without the unit."""
        return self.title.split(" (", maxsplit=1)[0]


@dataclass(frozen=True)
class View:
    """The charts of one run.

    Attributes
    ----------
    main : tuple of ChartOf
        Each the full width.
    beside : tuple of ChartOf
        Small ones, several in a row.
    missing : tuple of str
        Subjects of the main charts that were not logged.
    """

    main: tuple[ChartOf, ...]
    beside: tuple[ChartOf, ...]
    missing: tuple[str, ...]


LOSS = ChartOf(LOSSES, "Loss (nats per token)", 320)
ACCURACY = ChartOf(ACCURACIES, "Token accuracy", 235)
MARGINS = ("rewards/chosen", "rewards/rejected", "rewards/margins")
REWARD = ChartOf(
    ("train_graded_reward", "train_mean_reward", "full_valid_mean_reward"), "Reward", TALL
)
LIMITS = ((WATCH, f"{WATCH:.2f}: watch"), (STOP, f"{STOP:.2f}: too wide"))
TOKENS = ("completion_tokens_mean", "reasoning_tokens_mean")
ERRORS = ("parse_error_rate", "grader_error_rate", "invalid_variable_rate", UNGRADED)
SHARES = ("reward_share_high", "reward_share_medium", "reward_share_low")
DURATIONS = ("sampling_duration", "training_duration", "eval_duration", "total_duration")
BESIDE_REWARD = (
    ChartOf((GAP,), "Train minus valid (reward)", SMALL, LIMITS),
    ChartOf(TOKENS, "Answer length (tokens)", SMALL),
    ChartOf(SHARES, "Reward distribution (share of answers)", SMALL),
    ChartOf((r"graders/.+/(train|valid)_reward",), "Score by grader (reward)", SMALL),
    ChartOf(ERRORS, "Errors and ungraded answers (share)", SMALL),
    ChartOf((r"(valid_)?tools/.+/calls",), "Tool calls (per step)", SMALL),
    ChartOf((r"tools/.+/error_rate",), "Tool errors (share of calls)", SMALL),
    ChartOf(("reward_std",), "Reward spread (within a step)", SMALL),
    ChartOf(("kl",), "KL from the start (nats)", SMALL),
    ChartOf(("entropy",), "Entropy (nats)", SMALL),
    ChartOf(("clipped_ratio",), "Answers cut off (share)", SMALL),
    ChartOf((*DURATIONS, "step_time"), "Step time (seconds)", SMALL),
)


def view_of(report: Report, columns: Iterable[str]) -> View:
    """Return the charts for a run that logged these columns."""
    logged = tuple(columns)
    if report.run.method is Method.RFT:
        return _view((REWARD,), BESIDE_REWARD, logged)
    beside: tuple[ChartOf, ...] = ()
    if report.run.method is Method.DPO:
        beside = (
            ChartOf(MARGINS, "Preference rewards (log ratio)", SMALL),
            ChartOf(("rewards/accuracies",), "Preference accuracy", SMALL),
        )
        return _view((LOSS,), beside, logged)
    return _view((LOSS, ACCURACY), beside, logged)


def _view(main: Iterable[ChartOf], beside: Iterable[ChartOf], logged: tuple[str, ...]) -> View:
    drawn = [_with_columns(chart, logged) for chart in main]
    small = [_with_columns(chart, logged) for chart in beside]
    return View(
        main=tuple(chart for chart in drawn if chart.columns),
        beside=tuple(chart for chart in small if chart.columns),
        missing=tuple(chart.subject for chart in drawn if not chart.columns),
    )


def _with_columns(chart: ChartOf, logged: tuple[str, ...]) -> ChartOf:
    """Return the chart with the logged columns that its names or patterns stand for."""
    found = dict.fromkeys(
        column
        for wanted in chart.columns
        for column in logged
        if column == wanted or re.fullmatch(wanted, column)
    )
    return ChartOf(tuple(found), chart.title, chart.height, chart.limits)
