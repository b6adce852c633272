"""Remedies: what helps against each finding, the cheapest first, before any platform's words."""

from collections.abc import Mapping
from enum import StrEnum


class Remedy(StrEnum):
    """One change, of one thing."""

    EARLIER_CHECKPOINT = "earlier_checkpoint"
    FEWER_EPOCHS = "fewer_epochs"
    MORE_EPOCHS = "more_epochs"
    LOWER_RATE = "lower_rate"
    HIGHER_RATE = "higher_rate"
    LARGER_BATCH = "larger_batch"
    WEAKER_ADAPTER = "weaker_adapter"
    REGULARISE = "regularise"
    MORE_CAPACITY = "more_capacity"
    MORE_DATA = "more_data"
    DIVERSE_DATA = "diverse_data"
    CLEAN_DATA = "clean_data"
    ADD_VALIDATION = "add_validation"
    EVALUATE_MORE = "evaluate_more"
    TEST_ANSWERS = "test_answers"
    HARDER_PAIRS = "harder_pairs"
    HIGHER_BETA = "higher_beta"
    MEND_GRADER = "mend_grader"
    STRICTER_GRADER = "stricter_grader"
    LOWER_THRESHOLD = "lower_threshold"
    RAISE_THRESHOLD = "raise_threshold"
    PARTIAL_CREDIT = "partial_credit"
    SFT_FIRST = "sft_first"
    MORE_PROMPTS = "more_prompts"
    HARDER_PROMPTS = "harder_prompts"
    PENALISE_LENGTH = "penalise_length"
    MORE_SAMPLES = "more_samples"
    LOWER_RATE_RFT = "lower_rate_rft"
    GRADER_CAPACITY = "grader_capacity"
    STATE_FORMAT = "state_format"
    EXPLORE = "explore"
    PEAK_CHECKPOINT = "peak_checkpoint"
    TRAIN_ON = "train_on"
    KEEP_BASE = "keep_base"


R = Remedy

# After Microsoft's fine-tuning skill (training curves, hyperparameters, reward hacking, diagnosis),
# Protean AI's guide to balancing model performance, and the AWS Nova guide to monitoring RFT.
LOSS_REMEDIES: Mapping[str, tuple[Remedy, ...]] = {
    "divergence": (R.LOWER_RATE, R.CLEAN_DATA),
    "crash_zero": (R.TEST_ANSWERS, R.LOWER_RATE, R.FEWER_EPOCHS, R.DIVERSE_DATA),
    "oscillation": (R.LARGER_BATCH, R.CLEAN_DATA, R.LOWER_RATE),
    "gap_from_start": (R.DIVERSE_DATA, R.CLEAN_DATA),
    "overfitting": (
        R.EARLIER_CHECKPOINT,
        R.FEWER_EPOCHS,
        R.WEAKER_ADAPTER,
        R.LOWER_RATE,
        R.REGULARISE,
        R.MORE_DATA,
    ),
    "validation_rise": (R.EARLIER_CHECKPOINT, R.FEWER_EPOCHS, R.WEAKER_ADAPTER, R.LOWER_RATE),
    "both_high": (R.MORE_CAPACITY, R.CLEAN_DATA, R.HIGHER_RATE),
    "underfit": (R.HIGHER_RATE, R.MORE_EPOCHS, R.MORE_CAPACITY, R.CLEAN_DATA),
    "plateau_early": (R.FEWER_EPOCHS, R.LOWER_RATE, R.DIVERSE_DATA),
    "still_improving": (R.MORE_EPOCHS, R.HIGHER_RATE),
    "loss_accuracy": (R.TEST_ANSWERS, R.EARLIER_CHECKPOINT, R.FEWER_EPOCHS),
    "low_train_loss": (R.TEST_ANSWERS, R.FEWER_EPOCHS, R.REGULARISE, R.MORE_DATA),
    "epoch_staircase": (R.FEWER_EPOCHS, R.MORE_DATA, R.REGULARISE),
    "column_conflict": (R.EVALUATE_MORE, R.CLEAN_DATA),
    "spikes": (R.CLEAN_DATA, R.LARGER_BATCH),
    "no_validation": (R.ADD_VALIDATION, R.TEST_ANSWERS),
    "too_short": (R.EVALUATE_MORE, R.MORE_EPOCHS),
    "saturated": (R.HARDER_PAIRS, R.FEWER_EPOCHS, R.HIGHER_BETA),
}
REWARD_REMEDIES: Mapping[str, tuple[Remedy, ...]] = {
    "flat_zero": (R.MEND_GRADER, R.LOWER_THRESHOLD, R.SFT_FIRST, R.PARTIAL_CREDIT),
    "always_negative": (R.LOWER_THRESHOLD, R.GRADER_CAPACITY, R.SFT_FIRST),
    "collapse": (R.PEAK_CHECKPOINT, R.LOWER_RATE_RFT, R.PENALISE_LENGTH),
    "reward_hacking": (R.STRICTER_GRADER, R.PEAK_CHECKPOINT, R.MORE_PROMPTS),
    "valid_degrades": (R.PEAK_CHECKPOINT, R.MORE_PROMPTS, R.LOWER_RATE_RFT),
    "too_lenient": (R.RAISE_THRESHOLD, R.HARDER_PROMPTS, R.KEEP_BASE),
    "token_explosion": (R.PENALISE_LENGTH, R.STRICTER_GRADER, R.PEAK_CHECKPOINT),
    "token_growth": (R.PENALISE_LENGTH, R.PEAK_CHECKPOINT),
    "unstable_variance": (R.LOWER_RATE_RFT, R.MORE_SAMPLES),
    "logic_errors": (R.MEND_GRADER,),
    "unresponsive": (R.GRADER_CAPACITY, R.STATE_FORMAT),
    "parse_errors": (R.STATE_FORMAT, R.SFT_FIRST),
    "plateau": (R.PARTIAL_CREDIT, R.MORE_PROMPTS, R.MORE_SAMPLES),
    "low_positive_share": (R.SFT_FIRST, R.PARTIAL_CREDIT),
    "below_base": (R.KEEP_BASE, R.STRICTER_GRADER, R.LOWER_RATE_RFT),
    "still_improving": (R.TRAIN_ON,),
    "entropy_collapse": (R.EXPLORE, R.LOWER_RATE_RFT),
    "kl_drift": (R.LOWER_RATE_RFT, R.PEAK_CHECKPOINT),
}
# What can be done with the run as it is, before anything is trained again.
FREE = frozenset(
    {R.EARLIER_CHECKPOINT, R.PEAK_CHECKPOINT, R.TEST_ANSWERS, R.KEEP_BASE, R.WEAKER_ADAPTER}
)
WHY: Mapping[Remedy, str] = {
    R.EARLIER_CHECKPOINT: "It costs nothing: the model was better there, and it is saved or can "
    "be trained again up to there.",
    R.FEWER_EPOCHS: "Passes after the best step teach the examples by heart, not the task.",
    R.MORE_EPOCHS: "Validation was still getting better when training ended.",
    R.LOWER_RATE: "Smaller updates stop the loss from overshooting and memorise later.",
    R.HIGHER_RATE: "The updates were too small to move the model away from where it began.",
    R.LARGER_BATCH: "More examples an update average out the noise that throws the loss about.",
    R.WEAKER_ADAPTER: "It weakens what was learned by heart, without training again.",
    R.REGULARISE: "It makes memorising single examples harder than learning what they share.",
    R.MORE_CAPACITY: "The loss stays high: what can be trained is too small for the task.",
    R.MORE_DATA: "More examples leave less room to learn any of them by heart.",
    R.DIVERSE_DATA: "Training and validation examples differ: the data are too narrow.",
    R.CLEAN_DATA: "Wrong, doubled or extreme examples pull the loss where no setting can mend it.",
    R.ADD_VALIDATION: "Without held-out examples nobody can see whether the model generalises.",
    R.EVALUATE_MORE: "There are too few readings to tell noise from change.",
    R.TEST_ANSWERS: "The curves cannot tell whether the answers are good: only answers can.",
    R.HARDER_PAIRS: "Pairs that are told apart without effort teach nothing.",
    R.HIGHER_BETA: "It holds the model closer to where it started, so margins stop growing.",
    R.MEND_GRADER: "As long as the grader fails, reward says nothing about the answers.",
    R.STRICTER_GRADER: "Reward rises where quality does not: the model found what the grader "
    "misses.",
    R.LOWER_THRESHOLD: "Where nothing passes there is nothing to learn from.",
    R.RAISE_THRESHOLD: "Where everything passes there is nothing to learn from.",
    R.PARTIAL_CREDIT: "Steps on the way earn something, so that the model finds the way.",
    R.SFT_FIRST: "Reinforcement sharpens what a model can do at times; it does not teach it anew.",
    R.MORE_PROMPTS: "With few prompts their answers are learned by heart.",
    R.HARDER_PROMPTS: "The model already masters these.",
    R.PENALISE_LENGTH: "Longer answers cost more and earn nothing here.",
    R.MORE_SAMPLES: "More answers to each prompt make each update less a matter of luck.",
    R.LOWER_RATE_RFT: "Smaller updates keep the policy from running away from what worked.",
    R.GRADER_CAPACITY: "Answers without a grade count as the worst grade, whatever they say.",
    R.STATE_FORMAT: "An answer that cannot be read earns nothing, however good it is.",
    R.EXPLORE: "A policy that always gives the same answer cannot find a better one.",
    R.PEAK_CHECKPOINT: "It costs nothing: the model was better there.",
    R.TRAIN_ON: "Validation reward was still climbing when training ended.",
    R.KEEP_BASE: "The model you started from is no worse, and is already paid for.",
}
