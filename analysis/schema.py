"""The canonical metrics: their names, units and directions, and what other tools call them."""

import re
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

# Other tools' names, lower case. Each was seen in a real file or in the vendor's documentation:
# OpenAI result files (`train_accuracy`), OpenAI's legacy result files (`training_...`,
# `validation_...`, `elapsed_tokens`), Azure's documentation (`validation_mean_token_accuracy`)
# and the RFT guide (`valid_reward_mean`).
ALIASES = {
    "global_step": STEP,
    "training_loss": "train_loss",
    "validation_loss": "valid_loss",
    "full_validation_loss": "full_valid_loss",
    "train_accuracy": "train_mean_token_accuracy",
    "training_token_accuracy": "train_mean_token_accuracy",
    "validation_mean_token_accuracy": "valid_mean_token_accuracy",
    "validation_token_accuracy": "valid_mean_token_accuracy",
    "valid_accuracy": "valid_mean_token_accuracy",
    "train_reward_mean": "train_mean_reward",
    "valid_reward_mean": "full_valid_mean_reward",
    "elapsed_tokens": "num_tokens",
    "timestamp": "wall_time",
    "lr": "learning_rate",
    "train_other_error_mean": "grader_error_rate",
    "train_other_error_count": "grader_error_count",
    "train_sample_parse_error_mean": "parse_error_rate",
    "train_sample_parse_error_count": "parse_error_count",
    "full_valid_mean_parse_error": "valid_parse_error_rate",
    "train_invalid_variable_error_mean": "invalid_variable_rate",
}

# Azure's RFT result files flatten paths that carry the grader's type and its name, often random.
PATTERNS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"scores/graders/[^/]+/(.+)/train_reward_mean", r"graders/\1/train_reward"),
        (r"scores/graders/[^/]+/(.+)/valid_reward_mean", r"graders/\1/valid_reward"),
        (r"train_tool_calls_to_(.+)", r"tools/\1/calls"),
        (r"train_error_count_(.+)", r"tools/\1/error_rate"),
        (r"train_latency_(.+)", r"tools/\1/latency"),
        (r"valid_tool_calls_to_(.+)", r"valid_tools/\1/calls"),
    )
)


def canonical_name(name: str) -> str:
    """Return the canonical name of a column, or its own name, trimmed, where there is none."""
    trimmed = re.sub(r"\s+", " ", name).strip()
    key = trimmed.lower()
    if key == STEP or key in METRICS:
        return key
    if key in ALIASES:
        return ALIASES[key]
    for pattern, canonical in PATTERNS:
        match = pattern.fullmatch(trimmed)
        if match:
            return match.expand(canonical)
    return trimmed


def is_known(name: str) -> bool:
    """Return whether a canonical name is one that rules may judge."""
    return name == STEP or name in METRICS
