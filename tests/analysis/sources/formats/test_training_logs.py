import numpy as np
import pytest

from analysis import Method, SourceError, read
from tests.analysis.sources.packed import as_json, as_lines, codes, opened, the_run, zipped

SFT = [
    {"loss": 2.0, "grad_norm": 0.9, "learning_rate": 2e-5, "epoch": 0.5, "step": 5},
    {
        "eval_loss": 1.9,
        "eval_runtime": 2.1,
        "eval_samples_per_second": 4.0,
        "epoch": 0.5,
        "step": 5,
    },
    {"loss": 1.5, "grad_norm": 0.9, "learning_rate": 1e-5, "epoch": 1.0, "step": 10},
]
SUMMARY = {
    "train_runtime": 60.0, "train_samples_per_second": 9.0, "total_flos": 1e15,
    "train_loss": 1.75, "epoch": 1.0, "step": 10,
}  # fmt: skip


def state(rows: list, **top) -> bytes:
    """Return a trainer's state as Hugging Face writes it."""
    return as_json(
        {"best_metric": None, "epoch": 1.0, "global_step": 10, "log_history": rows} | top
    )


def test_rows_of_one_step_are_joined_and_the_summary_is_no_point():
    run = read(state([*SFT, SUMMARY], max_steps=10, num_train_epochs=1, train_batch_size=8))[0]
    assert run.origin.format == "hugging-face-trainer-state"
    assert run.method is Method.SFT
    assert run.frame["step"].tolist() == [5, 10]
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert run.frame["valid_loss"].iloc[0] == 1.9
    assert run.hyperparameters == {"n_epochs": 1.0, "batch_size": 8.0}
    assert {"summary_row", "joined_rows"} <= set(codes(run))
    assert "repeated_step" not in codes(run)


@pytest.mark.parametrize("wrap", [as_json, as_lines], ids=["list", "lines"])
def test_a_log_history_saved_alone_is_the_same(wrap):
    run = read(wrap([*SFT, SUMMARY]))[0]
    assert run.frame.equals(read(state([*SFT, SUMMARY]))[0].frame)


def test_dpo_margins_are_no_rewards():
    rows = [
        {"loss": 0.693, "rewards/chosen": 0.0, "rewards/rejected": 0.0, "rewards/margins": 0.0,
         "rewards/accuracies": 0.5, "logps/chosen": -90.0, "epoch": 0.1, "step": 1},
        {"loss": 0.4, "rewards/chosen": -0.1, "rewards/rejected": -1.2, "rewards/margins": 1.1,
         "rewards/accuracies": 0.9, "logps/chosen": -91.0, "epoch": 0.2, "step": 2},
    ]  # fmt: skip
    run = read(state(rows))[0]
    assert run.method is Method.DPO
    assert run.frame["train_loss"].tolist() == [0.693, 0.4]
    assert "train_mean_reward" not in run.frame


def test_orpo_is_read_as_preference_tuning():
    rows = [
        {"loss": 2.1, "sft_loss": 2.0, "odds_ratio_loss": 0.7, "rewards/margins": 0.01,
         "rewards/accuracies": 0.6, "epoch": 0.1, "step": 1},
    ]  # fmt: skip
    assert read(state(rows))[0].method is Method.DPO


@pytest.mark.parametrize(
    ("reward", "length"),
    [
        ({"rewards/correct_func": 0.3}, {"completion_length": 180.0}),
        ({"rewards/correct_func/mean": 0.3}, {"completions/mean_length": 180.0}),
    ],
    ids=["old", "new"],
)
def test_grpo_is_read_with_the_old_names_and_the_new(reward, length):
    rows = [
        {"loss": -0.02, "reward": 0.3, "reward_std": 0.2, "kl": 0.01, "epoch": 0.1, "step": 1}
        | reward | length,
        {"eval_loss": 0.0, "eval_reward": 0.4, "eval_rewards/correct_func/mean": 0.4, "step": 1},
    ]  # fmt: skip
    run = read(state(rows))[0]
    assert run.method is Method.RFT
    assert run.frame["policy_loss"].tolist() == [-0.02]
    assert run.frame["train_mean_reward"].tolist() == [0.3]
    assert run.frame["full_valid_mean_reward"].tolist() == [0.4]
    assert run.frame["completion_tokens_mean"].tolist() == [180.0]
    assert run.frame["graders/correct_func/train_reward"].tolist() == [0.3]
    assert "valid_loss" not in run.frame


def test_a_loss_of_bare_nan_is_lost_and_an_infinite_gradient_is_kept():
    text = b'{"log_history": [{"loss": NaN, "grad_norm": Infinity, "epoch": 1, "step": 1}]}'
    run = read(text)[0]
    assert run.frame["train_loss"].tolist() == [np.inf]
    assert run.frame["grad_norm"].tolist() == [np.inf]
    assert "loss_not_finite" in codes(run)


def test_several_held_out_sets_are_averaged_where_all_were_evaluated():
    rows = [
        {"loss": 2.0, "epoch": 1, "step": 1},
        {"eval_a_loss": 1.0, "eval_a_runtime": 1.0, "epoch": 1, "step": 1},
        {"eval_b_loss": 3.0, "eval_b_runtime": 1.0, "epoch": 1, "step": 1},
        {"eval_a_loss": 0.5, "epoch": 2, "step": 2},
    ]
    run = read(state(rows))[0]
    assert run.frame["valid_loss"].tolist()[0] == 2.0
    assert np.isnan(run.frame["valid_loss"].iloc[1])


def test_llama_factorys_accuracy_is_that_of_preferences():
    rows = [
        {"current_steps": 5, "total_steps": 20, "loss": 0.69, "accuracy": 0.5, "lr": 1e-6,
         "epoch": 0.5, "percentage": 25.0, "elapsed_time": "0:00:41"},
        {"current_steps": 10, "total_steps": 20, "eval_loss": 0.6, "epoch": 1.0,
         "percentage": 50.0, "elapsed_time": "0:01:20"},
        {"current_steps": 20, "total_steps": 20, "epoch": 2.0, "percentage": 100.0},
    ]  # fmt: skip
    run = read(as_lines(rows))[0]
    assert run.origin.format == "llama-factory"
    assert run.method is Method.DPO
    assert run.frame["rewards/accuracies"].iloc[0] == 0.5
    assert run.frame["valid_loss"].iloc[1] == 0.6
    assert "total_steps" not in run.frame


def test_verl_wraps_its_metrics_in_data():
    rows = [
        {"step": step, "data": {"critic/score/mean": 0.1 * step, "critic/rewards/mean": 0.0,
         "actor/ppo_kl": 0.01, "response_length/mean": 200.0, "response/aborted_ratio": 0.25,
         "val-core/openai/gsm8k/reward/mean@1": 0.5}}
        for step in (1, 2)
    ]  # fmt: skip
    run = read(as_lines(rows))[0]
    assert run.origin.format == "verl"
    assert run.frame["train_mean_reward"].tolist() == [0.1, 0.2]
    assert run.frame["rollout_completion_rate"].tolist() == [0.75, 0.75]
    assert run.frame["full_valid_mean_reward"].tolist() == [0.5, 0.5]


def test_together_counts_in_nanoseconds_and_evaluates_in_rows_of_its_own():
    rows = [
        {"timestamp": 1779196193564587000, "train/global_step": 1, "train/loss": 2.43},
        {"timestamp": 1779196194564587000, "train/global_step": 1, "eval/loss": 2.5},
    ]
    run = read(as_json(rows))[0]
    assert run.origin.format == "together"
    assert run.frame[["train_loss", "valid_loss"]].to_numpy().tolist() == [[2.43, 2.5]]
    assert run.frame["wall_time"].iloc[0] == pytest.approx(1779196194.56, abs=0.01)


def test_tinkers_splits_stay_apart():
    rows = [
        {"step": 0, "split": split, "metrics": {"nll": nll, "n": 4}}
        for split, nll in (("test", 1.5), ("other", 9.0))
    ]
    run = read(as_lines(rows))[0]
    assert run.origin.format == "tinker"
    assert run.frame["valid_loss"].tolist() == [1.5]
    assert run.frame["other/nll"].tolist() == [9.0]


def test_tinkers_metrics_begin_at_step_0():
    rows = [
        {"step": step, "mean_reward": 0.2, "format_rate": 1.0, "time/step_s": 9.0, "loss:sum": 3.0}
        for step in (0, 1)
    ]
    run = read(as_lines(rows))[0]
    assert run.frame["step"].tolist() == [0, 1]
    assert run.method is Method.RFT


def test_vertex_begins_its_names_with_a_slash():
    rows = [{"step": 1, "/train_total_loss": 2.0, "/eval_total_loss": 2.1,
             "/train_fraction_of_correct_next_step_preds": 0.4}]  # fmt: skip
    run = read(as_lines(rows))[0]
    assert run.frame[
        ["train_loss", "valid_loss", "train_mean_token_accuracy"]
    ].to_numpy().tolist() == [[2.0, 2.1, 0.4]]


def test_torchtunes_lines_of_json_are_any_log():
    run = read(
        as_lines([{"step": 1, "loss": 1.5, "lr": 2e-5, "tokens_per_second_per_gpu": 900.0}])
    )[0]
    assert run.origin.format == "json-log"
    assert run.frame["train_loss"].tolist() == [1.5]


@pytest.mark.parametrize("method", ["sft", "dpo", ["sft"], {"a": 1}, None, "rl"])
def test_a_reference_run_names_its_method_or_leaves_it_to_the_columns(method):
    document = {
        "config": {"method": method, "args": {"lr": 1e-4, "optim": "adam", "deep": {"x": 1}}},
        "steps": [{"step": 1, "loss": 2.0}],
    }
    run = read(as_json(document))[0]
    assert run.method == (method if method in ("sft", "dpo") else "sft")
    assert run.hyperparameters == {"lr": 1e-4, "optim": "adam"}


def test_a_reference_run_with_an_empty_log_history_beside_it_is_still_read():
    document = {"config": {}, "steps": [{"step": 1, "loss": 2.0}], "log_history": None}
    assert len(read(as_json(document))[0].frame) == 1


@pytest.mark.parametrize("total", [float("inf"), float("nan"), "x", [1], {}, -1, None, 10**400])
def test_a_number_of_steps_that_is_none_is_not_believed(total):
    assert len(read(state(SFT, max_steps=total))[0].frame) == 2
    rows = [{"current_steps": 1, "total_steps": total, "loss": 1.0},
            {"current_steps": 2, "total_steps": 5, "loss": 1.0}]  # fmt: skip
    assert len(read(as_lines(rows))[0].frame) == 2


def test_half_a_surrogate_pair_in_a_name_or_a_value_becomes_a_mark():
    text = rb'[{"step": 1, "loss": 2.0, "run\ud800": "\udfff", "a\\ud8": 1, "\ud83d\ude00": 3}]'
    run = read(text)[0]
    assert set(run.frame) == {"step", "train_loss", "a\\ud8", "\U0001f600"}
    assert any("run\ufffd" in note.message for note in run.notes)


def test_a_log_without_anything_but_progress_says_so():
    rows = [{"current_steps": step, "total_steps": 9, "epoch": 0.1} for step in (1, 2)]
    with pytest.raises(SourceError, match="No known metric"):
        read(as_lines(rows))


def test_the_states_saved_with_every_checkpoint_are_one_run_with_its_checkpoints():
    files = {
        "out/trainer_state.json": state([*SFT, SUMMARY]),
        "out/checkpoint-5/trainer_state.json": state(SFT[:2]),
        "out/checkpoint-10/trainer_state.json": state(SFT),
        "out/checkpoint-10/config.json": b'{"hidden_size": 8}',
        "other/trainer_state.json": state([{"loss": 9.0, "epoch": 1.0, "step": 5}]),
    }
    run, other = opened({"runs.zip": zipped(files)})
    assert [run.name, other.name] == ["out", "other"]
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert [(c.step, c.model) for c in run.checkpoints] == [
        (5, "checkpoint-5"),
        (10, "checkpoint-10"),
    ]


def test_a_state_of_another_run_in_the_same_folder_stays_apart():
    files = {
        "out/checkpoint-5/trainer_state.json": state(SFT[:2]),
        "out/checkpoint-10/trainer_state.json": state([{"loss": 9.0, "epoch": 0.5, "step": 5}]),
    }
    assert len(opened(files)) == 2


def test_a_last_line_cut_short_is_left_out_with_a_note():
    content = as_lines({"step": step, "loss": 1.0} for step in range(9)) + b'{"step": 9, "lo'
    run = the_run({"log.jsonl": content})
    assert len(run.frame) == 9
    assert "malformed_row" in codes(run)
