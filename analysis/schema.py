"""The canonical metrics: their names, units and directions, and what other tools call them."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How the model was fine-tuned."""

    SFT = "sft"
    RFT = "rft"
    DPO = "dpo"


class Direction(StrEnum):
    """Which way a metric improves."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = "none"


@dataclass(frozen=True)
class Metric:
    """One canonical column.

    Attributes
    ----------
    name : str
        The column's name in every frame, file and JSON document.
    label : str
        Its name on the screen.
    unit : str
        Unit in words; empty for a bare ratio.
    direction : Direction
        Which way it improves.
    meaning : str
        One sentence on what it counts.
    """

    name: str
    label: str
    unit: str
    direction: Direction
    meaning: str


STEP = "step"

# Names and meanings: the fields of openai's FineTuningJobCheckpoint.metrics, and the OpenAI
# guides "Supervised fine-tuning" and "Reinforcement fine-tuning".
METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "train_loss",
            "Training loss",
            "nats per token",
            Direction.LOWER,
            "Loss on the training batch of this step",
        ),
        Metric(
            "valid_loss",
            "Validation loss (one batch)",
            "nats per token",
            Direction.LOWER,
            "Loss on one validation mini-batch: noisy",
        ),
        Metric(
            "full_valid_loss",
            "Validation loss (full set)",
            "nats per token",
            Direction.LOWER,
            "Loss on the whole validation set: the trustworthy one",
        ),
        Metric(
            "train_mean_token_accuracy",
            "Training token accuracy",
            "",
            Direction.HIGHER,
            "Share of tokens predicted right in the training batch of this step",
        ),
        Metric(
            "valid_mean_token_accuracy",
            "Validation token accuracy (one batch)",
            "",
            Direction.HIGHER,
            "Share of tokens predicted right in one validation mini-batch: noisy",
        ),
        Metric(
            "full_valid_mean_token_accuracy",
            "Validation token accuracy (full set)",
            "",
            Direction.HIGHER,
            "Share of tokens predicted right in the whole validation set",
        ),
        Metric(
            "train_mean_reward",
            "Training reward",
            "reward",
            Direction.HIGHER,
            "Mean reward over this step's rollouts; an ungraded rollout counts as -1",
        ),
        Metric(
            "full_valid_mean_reward",
            "Validation reward",
            "reward",
            Direction.HIGHER,
            "Mean reward on the validation set",
        ),
        Metric(
            "completion_tokens_mean",
            "Completion tokens",
            "tokens",
            Direction.LOWER,
            "Mean length of an answer, reasoning included",
        ),
        Metric(
            "reasoning_tokens_mean",
            "Reasoning tokens",
            "tokens",
            Direction.LOWER,
            "Mean length of the reasoning, a part of the completion tokens",
        ),
        Metric(
            "mean_unresponsive_rewards",
            "Unresponsive rewards",
            "",
            Direction.LOWER,
            "As the platform reports it",
        ),
        Metric(
            "train_graded_reward",
            "Training reward, graded only",
            "reward",
            Direction.HIGHER,
            "Mean reward over the graded rollouts of this step: what to set against validation",
        ),
        Metric(
            "reward_std", "Reward spread", "reward", Direction.NONE, "Spread of rewards in the step"
        ),
        Metric(
            "positive_reward_share",
            "Positive rewards",
            "",
            Direction.HIGHER,
            "Share of examples with a positive reward",
        ),
        Metric(
            "valid_reasoning_tokens_mean",
            "Reasoning tokens, validation",
            "tokens",
            Direction.LOWER,
            "Mean length of the reasoning on validation prompts",
        ),
        Metric(
            "parse_error_rate",
            "Parse errors",
            "",
            Direction.LOWER,
            "Share of answers the grader could not parse",
        ),
        Metric(
            "grader_error_rate",
            "Grader errors",
            "",
            Direction.LOWER,
            "Share of answers on which the grader failed by its own fault",
        ),
        Metric(
            "grader_error_count",
            "Grader errors, count",
            "errors",
            Direction.LOWER,
            "Answers on which the grader failed by its own fault",
        ),
        Metric(
            "invalid_variable_rate",
            "Invalid variables",
            "",
            Direction.LOWER,
            "Share of answers whose grader template lacked a variable",
        ),
        Metric(
            "rollout_completion_rate",
            "Graded rollouts",
            "",
            Direction.HIGHER,
            "Share of rollouts that were graded",
        ),
        Metric(
            "clipped_ratio",
            "Answers cut off",
            "",
            Direction.LOWER,
            "Share of completions cut at the length cap",
        ),
        Metric(
            "reward_share_high",
            "High rewards",
            "",
            Direction.HIGHER,
            "Share of rollouts with a high reward, as the platform draws the line",
        ),
        Metric(
            "reward_share_medium",
            "Medium rewards",
            "",
            Direction.NONE,
            "Share of rollouts with a medium reward",
        ),
        Metric(
            "reward_share_low",
            "Low rewards",
            "",
            Direction.LOWER,
            "Share of rollouts with a low reward",
        ),
        Metric(
            "policy_updates",
            "Policy updates",
            "updates",
            Direction.HIGHER,
            "Weight updates that succeeded",
        ),
        Metric(
            "rewards/chosen",
            "Margin of the chosen answers",
            "nats",
            Direction.NONE,
            "Log-ratio of the chosen answers against the starting model; no reward of a grader",
        ),
        Metric(
            "rewards/rejected",
            "Margin of the rejected answers",
            "nats",
            Direction.NONE,
            "Log-ratio of the rejected answers against the starting model",
        ),
        Metric(
            "rewards/margins",
            "Preference margin",
            "nats",
            Direction.NONE,
            "How much further the chosen answers moved than the rejected ones",
        ),
        Metric(
            "rewards/accuracies",
            "Preference accuracy",
            "",
            Direction.HIGHER,
            "Share of pairs in which the chosen answer comes out ahead",
        ),
        Metric("kl", "KL", "nats", Direction.NONE, "Distance from the starting policy"),
        Metric("entropy", "Entropy", "nats", Direction.NONE, "Variety of the policy's answers"),
        Metric("policy_loss", "Policy loss", "", Direction.NONE, "A surrogate, not a loss curve"),
        Metric("epoch", "Epoch", "epochs", Direction.NONE, "Passes over the training data so far"),
        Metric(
            "learning_rate",
            "Learning rate",
            "",
            Direction.NONE,
            "Size of the update at this step",
        ),
        Metric("grad_norm", "Gradient norm", "", Direction.NONE, "Length of the gradient"),
        Metric("num_tokens", "Tokens trained", "tokens", Direction.NONE, "Training tokens so far"),
        Metric("wall_time", "Wall time", "seconds", Direction.NONE, "Time of logging, Unix epoch"),
    )
}

LOSSES = ("train_loss", "valid_loss", "full_valid_loss")
ACCURACIES = (
    "train_mean_token_accuracy",
    "valid_mean_token_accuracy",
    "full_valid_mean_token_accuracy",
)
REWARDS = ("train_mean_reward", "full_valid_mean_reward")
PREFERENCES = ("rewards/margins", "rewards/accuracies", "rewards/chosen", "rewards/rejected")
