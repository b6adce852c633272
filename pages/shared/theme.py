"""Colours, dashes, icons and words: one table for metrics, one for statuses.

The line colours keep a contrast of 3:1 on the light and on the dark background, and stay apart
for colour-blind readers (after Okabe and Ito 2008); dashes tell train from validation without
colour.
"""

from dataclasses import dataclass

from analysis import Status

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
GRADED = Line("#8b6fd1", (), "train (graded answers only)")

LINES = {
    "train_loss": TRAIN,
    "valid_loss": VALID,
    "full_valid_loss": FULL,
    "train_mean_token_accuracy": TRAIN,
    "valid_mean_token_accuracy": VALID,
    "full_valid_mean_token_accuracy": FULL,
    "train_mean_reward": TRAIN,
    "train_graded_reward": GRADED,
    "full_valid_mean_reward": Line(FULL.colour, FULL.dash, "valid"),
    "completion_tokens_mean": Line(TRAIN.colour, (), "answer with reasoning"),
    "reasoning_tokens_mean": Line(VALID.colour, VALID.dash, "reasoning alone"),
}


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
