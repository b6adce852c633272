"""Colours, dashes, icons and words: one table for metrics, one for statuses.

The line colours keep a contrast of 3:1 on the light and on the dark background, and stay apart
for colour-blind readers (after Okabe and Ito 2008); dashes tell train from validation without
colour.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import Status
from analysis.reward_series import GAP, UNGRADED
from analysis.schema import METRICS

UNKNOWN = "\N{EN DASH}"  # in a table
NEUTRAL = "#8a8578"
ACCENT = "#c07a12"


@dataclass(frozen=True)
class Line:
    """How a metric is drawn.

    Attributes
    ----------
    colour : str
        Hex colour of its line, points and band.
    dash : tuple of int
        Dash pattern in pixels; empty for a solid line.
    name : str
        Its name in legends.
    """

    colour: str
    dash: tuple[int, ...]
    name: str


TRAIN = Line("#3987e5", (), "train")
VALID = Line("#d9730d", (6, 3), "valid (one batch)")
FULL = Line("#1a9e77", (2, 2), "valid (full set)")
GRADED = Line("#8b6fd1", (), "train (graded)")

LINES = {
    "train_loss": TRAIN,
    "valid_loss": VALID,
    "full_valid_loss": FULL,
    "train_mean_token_accuracy": TRAIN,
    "valid_mean_token_accuracy": VALID,
    "full_valid_mean_token_accuracy": FULL,
    "train_mean_reward": Line(TRAIN.colour, (), "train (reported)"),
    "train_graded_reward": GRADED,
    "full_valid_mean_reward": Line(FULL.colour, FULL.dash, "valid"),
    "completion_tokens_mean": Line(TRAIN.colour, (), "whole answer"),
    "reasoning_tokens_mean": Line(VALID.colour, VALID.dash, "its reasoning"),
    GAP: Line(TRAIN.colour, (), "train minus valid"),
    "parse_error_rate": Line(TRAIN.colour, (), "answer not parsed"),
    "grader_error_rate": Line("#c2403f", (6, 3), "grader failed"),
    "invalid_variable_rate": Line(GRADED.colour, (2, 2), "variable missing"),
    UNGRADED: Line(VALID.colour, (8, 2), "rollout not graded"),
    "reward_share_high": Line(FULL.colour, (), "high"),
    "reward_share_medium": Line(VALID.colour, VALID.dash, "medium"),
    "reward_share_low": Line("#c2403f", FULL.dash, "low"),
    "sampling_duration": Line(TRAIN.colour, (), "sampling"),
    "training_duration": Line(VALID.colour, VALID.dash, "training"),
    "eval_duration": Line(FULL.colour, FULL.dash, "evaluation"),
    "total_duration": Line(GRADED.colour, (8, 2), "whole step"),
}

# For graders, tools and the rest, in the order they come.
PALETTE = (TRAIN.colour, VALID.colour, FULL.colour, GRADED.colour, "#c2403f", "#7a8a2a")
OF_GRADER = re.compile(r"graders/(.+)/(train|valid)_reward")
OF_TOOL = re.compile(r"(valid_)?tools/(.+)/[a-z_]+")


def lines_of(columns: Sequence[str]) -> Mapping[str, Line]:
    """Return how each of a chart's metrics is drawn.

    A grader or tool keeps one colour for training and validation, which differ by their dash.
    """
    subjects = list(dict.fromkeys(_subject(column) for column in columns))
    return {
        column: LINES.get(column) or _line_of(column, subjects.index(_subject(column)))
        for column in columns
    }


def _subject(column: str) -> str:
    grader, tool = OF_GRADER.fullmatch(column), OF_TOOL.fullmatch(column)
    return grader.group(1) if grader else tool.group(2) if tool else column


def _line_of(column: str, order: int) -> Line:
    colour = PALETTE[order % len(PALETTE)]
    grader, tool = OF_GRADER.fullmatch(column), OF_TOOL.fullmatch(column)
    if grader:
        name, part = grader.groups()
        return Line(colour, FULL.dash if part == "valid" else (), f"{part}: {name}")
    if tool:
        on_valid = bool(tool.group(1))
        name = tool.group(2)
        return Line(colour, FULL.dash if on_valid else (), f"valid: {name}" if on_valid else name)
    return Line(colour, (), label_of(column).lower())


def label_of(column: str) -> str:
    """Return a metric's name on the screen."""
    if column in METRICS:
        return METRICS[column].label
    return LINES[column].name.capitalize() if column in LINES else column.replace("_", " ")


@dataclass(frozen=True)
class Badge:
    """How a status is shown: word, icon and colour together.

    Attributes
    ----------
    word : str
        The status in plain words.
    icon : str
        Streamlit's name of the icon.
    colour : str
        Streamlit's name of the colour.
    """

    word: str
    icon: str
    colour: str


BADGES = {
    Status.FAIL: Badge("Problem", ":material/error:", "red"),
    Status.WARN: Badge("Look closer", ":material/warning:", "orange"),
    Status.PASS: Badge("Fine", ":material/check_circle:", "green"),
    Status.NOT_APPLICABLE: Badge("Not logged", ":material/do_not_disturb_on:", "gray"),
    Status.INSUFFICIENT_DATA: Badge("Cannot tell", ":material/help:", "gray"),
}
GRAVITY = (
    Status.FAIL,
    Status.WARN,
    Status.INSUFFICIENT_DATA,
    Status.NOT_APPLICABLE,
    Status.PASS,
)


@dataclass(frozen=True)
class RunLook:
    """How a run is marked wherever several are shown.

    Attributes
    ----------
    colour : str
        Hex colour of its curve.
    badge : str
        Streamlit's name of the nearest colour, for badges.
    """

    colour: str
    badge: str


RUN_LOOKS = (
    RunLook("#3987e5", "blue"),
    RunLook("#d9730d", "orange"),
    RunLook("#1a9e77", "green"),
    RunLook("#8b6fd1", "violet"),
    RunLook("#c2403f", "red"),
    RunLook("#9a7d0a", "yellow"),
    RunLook("#8a8578", "gray"),
)


def run_look(order: int) -> RunLook:
    """Return how the run loaded as the n-th is marked."""
    return RUN_LOOKS[order % len(RUN_LOOKS)]
