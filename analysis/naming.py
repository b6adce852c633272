"""Naming: which canonical metric a column of another tool holds."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from analysis.schema import METRICS, REWARDS, STEP

# Other tools' names, lower case; where several columns of a file mean one metric, the name that
# stands first wins. Each was seen in a real file or in its maker's documentation or source:
# OpenAI and Azure result files and guides, Hugging Face Trainer, TRL, LLaMA-Factory, Amazon Nova,
# verl, torchtune, Tinker, Together, Vertex AI, Lightning, Weights & Biases and TensorBoard.
_NAMES: Mapping[str, tuple[str, ...]] = {
    STEP: (
        "global_step",
        "train/global_step",
        "training/global_step",
        "trainer/global_step",
        "current_steps",
        "step_number",
        "iteration",
        "iter",
        "_step",
    ),
    "epoch": ("train/epoch",),
    "train_loss": (
        "training_loss",
        "train/loss",
        "loss",
        "reduced_train_loss",
        "train_total_loss",
        "preference_optimization_train_loss",
        "lm_loss",
        "loss/train",
        "train_loss_step",
        "train_mean_nll",
    ),
    "valid_loss": (
        "validation_loss",
        "eval_loss",
        "val_loss",
        "eval/loss",
        "val/loss",
        "valid/loss",
        "validation/loss",
        "test_loss",
        "eval_total_loss",
        "loss/val",
        "test/nll",
    ),
    "full_valid_loss": ("full_validation_loss",),
    "train_mean_token_accuracy": (
        "train_accuracy",
        "training_token_accuracy",
        "mean_token_accuracy",
        "train/mean_token_accuracy",
        "train_token_accuracy",
        "train_fraction_of_correct_next_step_preds",
    ),
    "valid_mean_token_accuracy": (
        "validation_mean_token_accuracy",
        "validation_token_accuracy",
        "valid_accuracy",
        "valid_token_accuracy",
        "eval_mean_token_accuracy",
        "eval/mean_token_accuracy",
        "eval_fraction_of_correct_next_step_preds",
    ),
    "full_valid_mean_token_accuracy": ("full_valid_token_accuracy",),
    "train_mean_reward": (
        "train_reward_mean",
        "scores/train_reward_mean",
        "critic/score/mean",
        "critic/rewards/mean",
        "train_rm_score",
        "reward",
        "train/reward",
        "reward_mean",
        "mean_reward",
        "train_reward",
        "env/all/reward/total",
        "rewards",
    ),
    "full_valid_mean_reward": (
        "valid_reward_mean",
        "scores/valid_reward_mean",
        "valid_mean_reward",
        "full_validation_mean_reward",
        "eval_mean_reward",
        "eval_reward",
        "eval/reward",
        "valid_reward",
        "val-score/rewards/mean@1",
        "val-score/rewards/mean_at_1",
        "test/env/all/reward/total",
    ),
    "reward_std": ("train/reward_std", "rewards_std"),
    "completion_tokens_mean": (
        "completions/mean_length",
        "train/completions/mean_length",
        "completion_length",
        "train/completion_length",
        "response_length/mean",
        "response_lengths",
        "train_generation_length",
    ),
    "reasoning_tokens_mean": (
        "train_reasoning_tokens_mean",
        "usage/samples/train_reasoning_tokens_mean",
        "train_thinking_token_length",
        "thinking_length",
    ),
    "valid_reasoning_tokens_mean": (
        "usage/samples/valid_reasoning_tokens_mean",
        "eval_thinking_token_length",
    ),
    "clipped_ratio": (
        "completions/clipped_ratio",
        "train/completions/clipped_ratio",
        "response_length/clip_ratio",
    ),
    "parse_error_rate": ("train_sample_parse_error_mean",),
    "parse_error_count": ("train_sample_parse_error_count",),
    "valid_parse_error_rate": ("full_valid_mean_parse_error", "full_validation_mean_parse_error"),
    "grader_error_rate": ("train_other_error_mean",),
    "grader_error_count": ("train_other_error_count",),
    "invalid_variable_rate": ("train_invalid_variable_error_mean",),
    "kl": (
        "train/kl",
        "actor/ppo_kl",
        "actor/kl_loss",
        "kl_loss",
        "approx_policy_kl",
        "kl_logprob_diff_mean",
        "optim/kl_sample_train_v1",
    ),
    "entropy": ("train/entropy", "actor/entropy", "optim/entropy", "entropy_loss_sum"),
    "policy_loss": ("actor/pg_loss", "pg_loss_sum", "train/policy_loss"),
    "learning_rate": ("lr", "train/learning_rate", "actor/lr", "train/lr", "optim/lr"),
    "grad_norm": ("train/grad_norm", "actor/grad_norm", "gradient_norm"),
    "num_tokens": ("train/num_tokens", "elapsed_tokens", "total_tokens"),
    "wall_time": ("timestamp", "_timestamp", "wall time", "created_at"),
    "rewards/chosen": ("train/rewards/chosen",),
    "rewards/rejected": ("train/rewards/rejected",),
    "rewards/margins": ("train/rewards/margins",),
    "rewards/accuracies": ("train/rewards/accuracies",),
}
_RANKED = {
    alias: (canonical, rank)
    for canonical, aliases in _NAMES.items()
    for rank, alias in enumerate(aliases, 1)
}

_SAVED = {name.replace("/", "_"): name for name in (*METRICS, *_RANKED) if "/" in name}

# Names with a part of their own: a grader, a tool, a reward function, a data source. The graders'
# type and name, often random, stand in the columns of Azure's RFT files; verl and TRL write
# one column per data source or reward function.
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"scores/graders/[^/]+/(.+)/train_reward_mean", r"graders/\1/train_reward"),
        (r"scores/graders/[^/]+/(.+)/valid_reward_mean", r"graders/\1/valid_reward"),
        (r"train_tool_calls_to_(.+)", r"tools/\1/calls"),
        (r"train_error_count_(.+)", r"tools/\1/error_rate"),
        (r"train_latency_(.+)", r"tools/\1/latency"),
        (r"valid_tool_calls_to_(.+)", r"valid_tools/\1/calls"),
        (r"(?:train/)?rewards/(?!chosen|rejected|margins|accuracies)([^/]+)(?:/mean)?",
         r"graders/\1/train_reward"),
        (r"eval[_/]rewards/(?!chosen|rejected|margins|accuracies)([^/]+)(?:/mean)?",
         r"graders/\1/valid_reward"),
        (r"val-core/(?:.+/)?(?:acc|reward|score)/mean(?:@|_at_)\d+", "full_valid_mean_reward"),
    )
)  # fmt: skip

_FAMILIES = ("graders/", "tools/", "valid_tools/", "errors/graders/")
_SURROGATE = frozenset({"loss", "train/loss"})  # of GRPO and PPO: no cross-entropy
_HELD_OUT_SURROGATE = frozenset({"eval_loss", "eval/loss"})


def canonical_name(name: str) -> str:
    """Return the canonical name of a column, or its own name, trimmed, where there is none."""
    return _ranked_name(name)[0]


def canonical_names(names: Iterable[str]) -> list[str]:
    """Return the canonical name of each column of one table, seen together.

    Where several columns mean one metric, the first in the list of known names has it and the
    others keep their own. Beside rewards ``loss`` is a surrogate, not a curve of cross-entropy, and
    becomes ``policy_loss`` (facts of the formats: TRL's GRPO trainer).
    """
    own = [_trimmed(name) for name in names]
    ranked = [_ranked_name(name) for name in own]
    if any(name in REWARDS for name, _ in ranked):
        ranked = [_beside_rewards(*pair) for pair in zip(own, ranked, strict=True)]
    best: dict[str, int] = {}
    for name, rank in ranked:
        best[name] = min(rank, best.get(name, rank))
    taken: set[str] = set()
    chosen = []
    for mine, (name, rank) in zip(own, ranked, strict=True):
        wins = rank == best[name] and name not in taken
        chosen.append(name if wins else mine)
        taken.add(chosen[-1])
    return chosen


def with_slashes(name: str) -> str:
    """Return a name whose slashes became underscores on saving as it was, where it is known."""
    return name if is_known(canonical_name(name)) else _SAVED.get(name.lower(), name)


def is_known(name: str) -> bool:
    """Return whether a canonical name is one of the schema's, or one that others follow from."""
    return name == STEP or name in METRICS or name.startswith(_FAMILIES)


def _trimmed(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip()


@lru_cache(maxsize=4096)  # logs repeat their names on every line
def _ranked_name(name: str) -> tuple[str, int]:
    """Return a column's canonical name and its rank among the names for it; 0 is the best."""
    trimmed = _trimmed(name)
    key = trimmed.lower().removeprefix("/")
    if key == STEP or key in METRICS:
        return key, 0
    if key in _RANKED:
        return _RANKED[key]
    for pattern, canonical in _PATTERNS:
        match = pattern.fullmatch(trimmed)
        if match:
            return match.expand(canonical), len(_RANKED)
    return trimmed, 0


def _beside_rewards(own: str, ranked: tuple[str, int]) -> tuple[str, int]:
    if own.lower() in _SURROGATE:
        return "policy_loss", len(_RANKED)
    return (own, 0) if own.lower() in _HELD_OUT_SURROGATE else ranked
