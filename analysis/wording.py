"""Numbers and probabilities in words, the same wherever they are shown."""

LEAST = 0.001  # of a loss or reward: less is not told apart in words; our choice
# Words for probabilities, after the scale of the IPCC's guidance note on uncertainty (2010).
LIKELIHOODS = (
    (0.99, "virtually certain"),
    (0.9, "very likely"),
    (0.66, "likely"),
    (0.33, "about as likely as not"),
    (0.1, "unlikely"),
    (0.01, "very unlikely"),
    (0.0, "almost ruled out"),
)


def probability(value: float) -> str:
    """Return a probability as words and number, such as ``very likely, 94%``."""
    words = next(words for least, words in LIKELIHOODS if value >= least)
    shown = "over 99%" if value >= 0.995 else "under 1%" if value < 0.005 else f"{value:.0%}"
    return f"{words}, {shown}"


# Labels whose bare words would not be understood on a screen.
TITLES = {
    "both_high": "Both losses high",
    "column_conflict": "Columns disagree",
    "crash_zero": "Crash to zero",
    "epoch_staircase": "Epoch staircase",
    "gap_from_start": "Gap from the start",
    "kl_drift": "KL drift",
    "loss_accuracy": "Loss against accuracy",
    "low_positive_share": "Few positive rewards",
    "low_train_loss": "Low training loss",
    "overfit_mild": "Mild overfitting",
    "overfit_moderate": "Moderate overfitting",
    "overfit_severe": "Severe overfitting",
    "valid_degrades": "Validation degrades",
    "below_base": "No better than the base model",
    "logic_errors": "Grader errors",
    "unresponsive": "Ungraded answers",
    "plateau_early": "Early plateau",
}


# What to do with a run, by the action of the recommendation.
ACTIONS = {
    "deploy": "Deploy",
    "evaluate": "Test first",
    "retrain": "Train again",
    "wait": "Train longer",
    "none": "Deploy none",
}


def action_words(action: str, step: int | None) -> str:
    """Return what to do, and the step to do it with where it is done with one."""
    named = step is not None and action in {"deploy", "evaluate"}
    return f"{ACTIONS[action]}: step {step:,}" if named else ACTIONS[action]


def words(label: str) -> str:
    """Return the name of a rule or label in words within a sentence, such as ``both high``."""
    return label.replace("_", " ")


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, such as ``1 note`` or ``1,200 notes``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def number(value: float, *, digits: int = 4, as_share: bool = False) -> str:
    """Return a number to so many significant digits, or as a percentage to one decimal."""
    if as_share:
        return f"{value:.1%}"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.{digits}g}"


def regret(value: float, *, in_reward: bool) -> str:
    """Return a regret as a percentage of the loss, or in points of reward."""
    if not in_reward:
        return f"{value:.1%}"
    return f"{value:.2g}" if value >= LEAST else f"under {LEAST:g}"


def label_words(label: str) -> str:
    """Return the name of a rule or label in words, such as ``Severe overfitting``."""
    return TITLES.get(label, label.replace("_", " ").capitalize())
