"""Glossary: what each metric counts, who logs it, and how batch and full validation differ."""

from dataclasses import dataclass

from analysis.schema import METRICS, Direction

PLATFORMS = "OpenAI, Azure"
TRAINERS = "Hugging Face, TRL, LLaMA-Factory, Axolotl"
RL = "TRL GRPO, verl, Nova"

# Where each metric was seen: the platforms' own files and documentation, the trainers' source.
LOGGED_BY = {
    "train_loss": f"{PLATFORMS}, {TRAINERS}, Together, Nova",
    "valid_loss": f"{PLATFORMS}; eval_loss of {TRAINERS}",
    "full_valid_loss": PLATFORMS,
    "train_mean_token_accuracy": f"{PLATFORMS} (train_accuracy in result files), TRL",
    "valid_mean_token_accuracy": f"{PLATFORMS}, TRL",
    "full_valid_mean_token_accuracy": PLATFORMS,
    "train_mean_reward": f"{PLATFORMS} RFT, {RL}, Vertex AI",
    "full_valid_mean_reward": f"{PLATFORMS} RFT, {RL}, Vertex AI",
    "train_graded_reward": f"{PLATFORMS} RFT, from the graders' own means",
    "completion_tokens_mean": f"{PLATFORMS} RFT, {RL}",
    "reasoning_tokens_mean": f"{PLATFORMS} RFT",
    "valid_reasoning_tokens_mean": f"{PLATFORMS} RFT",
    "mean_unresponsive_rewards": f"{PLATFORMS} RFT",
    "reward_std": "TRL GRPO",
    "positive_reward_share": "Nova",
    "reward_share_high": "Nova",
    "reward_share_medium": "Nova",
    "reward_share_low": "Nova",
    "parse_error_rate": f"{PLATFORMS} RFT",
    "grader_error_rate": f"{PLATFORMS} RFT",
    "grader_error_count": "Tables of your own",
    "invalid_variable_rate": f"{PLATFORMS} RFT",
    "rollout_completion_rate": "verl, Nova; worked out for OpenAI and Azure",
    "clipped_ratio": "TRL GRPO, verl",
    "policy_updates": "Nova",
    "rewards/chosen": "TRL DPO, LLaMA-Factory",
    "rewards/rejected": "TRL DPO, LLaMA-Factory",
    "rewards/margins": "TRL DPO, LLaMA-Factory",
    "rewards/accuracies": "TRL DPO, LLaMA-Factory",
    "kl": RL,
    "entropy": f"TRL, {RL}",
    "policy_loss": RL,
    "epoch": TRAINERS,
    "learning_rate": TRAINERS,
    "grad_norm": TRAINERS,
    "num_tokens": "TRL",
    "wall_time": "TensorBoard, Weights & Biases, Azure RFT",
}
BETTER = {
    Direction.LOWER: "lower",
    Direction.HIGHER: "higher",
    Direction.NONE: "neither by itself",
}
SUBJECTS = {
    "Loss": ("loss",),
    "Token accuracy": ("token_accuracy",),
    "Rewards": ("reward",),
    "Length of answers": ("tokens_mean", "clipped"),
    "Failures": ("error", "invalid", "unresponsive", "completion_rate"),
    "Preferences (DPO)": ("rewards/",),
}
OTHERS = "Policy and training state"

# Facts of the guides of OpenAI and of Microsoft's fine-tuning skill, and of one real job.
BATCH_AND_FULL = (
    "**One batch** (`valid_loss`) is a handful of validation examples at each step: frequent, "
    "noisy, and often the same few batches in turn, which draws waves that mean nothing.",
    "**The full set** (`full_valid_loss`) is every validation example, at the end of an epoch or "
    "every few steps: rarer, and the one to trust. Where both were logged, verdicts and decisions "
    "rest on it; batches only add to the shape in between.",
    "They can differ wildly: in one real job the last batch said loss 0.00002 and accuracy 100 %, "
    "the full set 0.0044 and 87.6 %.",
)
LOSS_AND_ACCURACY = (
    "**Loss** asks how much probability the model gave to the right tokens: being surely wrong "
    "costs much, being right by a hair costs as well.",
    "**Token accuracy** only asks whether the likeliest token was the right one. It cannot see "
    "confidence.",
    "So loss can rise while accuracy holds: the model is right as often as before, and too sure "
    "when it is wrong. That is over-confidence, not forgetting.",
    "Both count the tokens of the answer alone, not of the prompt. OpenAI counts two hidden "
    "tokens more in each answer, which makes short answers look good: see the calculator.",
)


@dataclass(frozen=True)
class Entry:
    """A metric as the glossary shows it: subject, name, column, unit, direction, meaning, who."""

    subject: str
    label: str
    column: str
    unit: str
    better: str
    meaning: str
    logged_by: str


def entries() -> tuple[Entry, ...]:
    """Return every canonical metric, by subject."""
    found = [
        Entry(
            _subject(metric.name),
            metric.label,
            metric.name,
            metric.unit or "share, 0 to 1" if metric.direction != Direction.NONE else metric.unit,
            BETTER[metric.direction],
            metric.meaning,
            LOGGED_BY[metric.name],
        )
        for metric in METRICS.values()
    ]
    order = [*SUBJECTS, OTHERS]
    return tuple(sorted(found, key=lambda entry: order.index(entry.subject)))


def _subject(name: str) -> str:
    if name == "policy_loss":
        return OTHERS
    if name.startswith("rewards/"):
        return "Preferences (DPO)"
    return next((s for s, words in SUBJECTS.items() if any(w in name for w in words)), OTHERS)
