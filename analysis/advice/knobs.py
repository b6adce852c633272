"""Knobs: each remedy in the words and settings of each platform, with the guide's values.

Values: Microsoft's fine-tuning skill (hyperparameters, reward hacking) for OpenAI and Azure,
Protean AI's guide for LoRA trainers, the AWS Nova guides to SFT and to monitoring RFT.
"""

from collections.abc import Mapping

from analysis.advice.platform import Platform
from analysis.advice.remedies import Remedy

M, T, N = Platform.MANAGED, Platform.TRAINER, Platform.NOVA
R = Remedy


def _everywhere(words: str) -> dict[Platform, str]:
    return dict.fromkeys(Platform, words)


KNOBS: Mapping[Remedy, Mapping[Platform, str]] = {
    R.EARLIER_CHECKPOINT: {
        M: "Deploy the recommended checkpoint. Only those of the last three epochs are kept",
        T: "Load the recommended checkpoint; next time load_best_model_at_end with early stopping",
        N: "Train again with max_steps at the recommended step: only the last state is delivered",
    },
    R.FEWER_EPOCHS: {
        M: "Lower n_epochs; by size of the data: under 100 examples 3-5, to 500 2-3, to 2,000 1-2, "
        "above 1",
        T: "Lower num_train_epochs to 1-3, with early stopping on validation loss",
        N: "Lower max_epochs, or max_steps",
    },
    R.MORE_EPOCHS: {
        M: "Raise n_epochs by one",
        T: "Raise num_train_epochs by one, with early stopping on validation loss",
        N: "Raise max_epochs by one",
    },
    R.LOWER_RATE: {
        M: "Lower learning_rate_multiplier to a third; the usual range is 0.1 to 2",
        T: "Lower learning_rate to a third, and add warm-up (warmup_ratio 0.03-0.1)",
        N: "Lower lr to a third, and add warm-up steps",
    },
    R.HIGHER_RATE: {
        M: "Raise learning_rate_multiplier to two or three times; the usual range is 0.1 to 2",
        T: "Raise learning_rate to two or three times",
        N: "Raise lr to two or three times",
    },
    R.LARGER_BATCH: {
        M: "Double batch_size",
        T: "Double the effective batch: per_device_train_batch_size x gradient_accumulation_steps",
        N: "Double global_batch_size",
    },
    R.WEAKER_ADAPTER: {
        T: "Halve LoRA alpha at inference (alpha x 0.5), and test the same checkpoint again",
    },
    R.REGULARISE: {
        M: "There is no knob for it: fewer epochs or a lower learning_rate_multiplier stand in",
        T: "LoRA dropout 0.1 and weight decay 0.01-0.1",
        N: "Raise adapter dropout and weight decay (0.01-0.1) in the recipe",
    },
    R.MORE_CAPACITY: {
        M: "Try a larger base model, or split the task",
        T: "Raise the LoRA rank (4 to 64) with alpha in step, then try a larger base model",
        N: "Raise the LoRA rank, or tune a larger Nova model",
    },
    R.MORE_DATA: _everywhere("Add examples of the same kind; twice as many is a fair test"),
    R.DIVERSE_DATA: _everywhere(
        "Add examples that look like the validation set: same source, same prompt format"
    ),
    R.CLEAN_DATA: _everywhere(
        "Look through the examples near the steps that are named: wrong, doubled, broken, extreme"
    ),
    R.ADD_VALIDATION: {
        M: "Give the job a validation_file: a tenth of the examples, none of them in training",
        T: "Set eval_dataset with eval_strategy='steps': a tenth of the examples, none in training",
        N: "Give the job a validation dataset: a tenth of the examples, none of them in training",
    },
    R.EVALUATE_MORE: {
        M: "Use a larger validation file; go by full_valid_loss, which covers all of it",
        T: "Lower eval_steps and logging_steps, so that there are 20 evaluations or more",
        N: "Evaluate more often (val_check_interval), so that there are 20 evaluations or more",
    },
    R.TEST_ANSWERS: _everywhere(
        "Answer 30-100 held-out prompts with the candidates and read what they say"
    ),
    R.HARDER_PAIRS: _everywhere(
        "Use pairs whose answers differ in what matters, not in style or length"
    ),
    R.HIGHER_BETA: {
        M: "Raise beta above 0.1",
        T: "Raise beta above 0.1",
    },
    R.MEND_GRADER: {
        M: "Run the grader by itself on ten known answers (alpha.graders.run) until it never fails",
        T: "Call the reward function by itself on ten known answers until it never fails",
        N: "Invoke the reward Lambda by itself on ten known answers: it must answer in 15 minutes, "
        "for every sample id",
    },
    R.STRICTER_GRADER: {
        M: "Make the grader stricter: combine graders (multi), so that no single trick pays",
        T: "Make the reward stricter: add a second reward function that the trick does not please",
        N: "Make the reward function stricter: check content, not only format or keywords",
    },
    R.LOWER_THRESHOLD: {
        M: "Lower pass_threshold until the base model fails 25-50 % (page Grader)",
        T: "Lower the bar of the reward until the base model fails 25-50 % (page Grader)",
        N: "Lower the bar of the reward until the base model fails 25-50 % (page Grader)",
    },
    R.RAISE_THRESHOLD: {
        M: "Raise pass_threshold until the base model fails 25-50 % (page Grader)",
        T: "Raise the bar of the reward until the base model fails 25-50 % (page Grader)",
        N: "Raise the bar of the reward until the base model fails 25-50 % (page Grader)",
    },
    R.PARTIAL_CREDIT: _everywhere(
        "Give partial credit: score parts of an answer between 0 and 1 instead of pass or fail"
    ),
    R.SFT_FIRST: _everywhere(
        "Fine-tune on good answers first (SFT), until over 5 % of the rewards are positive"
    ),
    R.MORE_PROMPTS: _everywhere("Add prompts, and keep a validation set that shares none of them"),
    R.HARDER_PROMPTS: _everywhere(
        "Drop the prompts that the base model always solves, and add harder ones"
    ),
    R.PENALISE_LENGTH: {
        M: "Let the grader take off points for length, or lower reasoning_effort",
        T: "Take off reward for length, or lower max_completion_length",
        N: "Take off reward for length, or lower max_new_tokens (8,192 is recommended)",
    },
    R.MORE_SAMPLES: {
        M: "Raise compute_multiplier, then batch_size",
        T: "Raise num_generations, then the batch",
        N: "Raise the generations a prompt (8 are recommended), then the batch (256)",
    },
    R.LOWER_RATE_RFT: {
        M: "Lower learning_rate_multiplier to a third",
        T: "Lower learning_rate to a third, or raise the weight of KL (beta)",
        N: "Lower lr to a third (1e-7 is recommended)",
    },
    R.GRADER_CAPACITY: {
        M: "Raise the grader's capacity and time limits; look for answers cut at the token cap",
        T: "Raise time-outs of the reward service; look for answers cut at max_completion_length",
        N: "Raise the Lambda's concurrency and memory; it must answer within 15 minutes",
    },
    R.STATE_FORMAT: {
        M: "State the answer's format in the prompt, or set response_format to a JSON schema",
        T: "State the answer's format in the prompt, and give a small reward for keeping it",
        N: "State the answer's format in the prompt, and give a small reward for keeping it",
    },
    R.EXPLORE: {
        M: "Use more varied prompts, or a higher reasoning_effort",
        T: "Raise the sampling temperature or the entropy bonus, or clip higher",
        N: "Raise the sampling temperature, and use more varied prompts",
    },
    R.PEAK_CHECKPOINT: {
        M: "Test the checkpoint of highest validation reward: the three best are kept",
        T: "Test the checkpoint of highest validation reward",
        N: "Train again with max_steps at the peak: only the last state is delivered",
    },
    R.TRAIN_ON: {
        M: "Raise n_epochs by one, or resume the paused job",
        T: "Raise max_steps by half, from the last checkpoint",
        N: "Raise max_steps by half, from the last checkpoint",
    },
    R.KEEP_BASE: _everywhere("Deploy the model you started from, and spend on data or grader"),
}
