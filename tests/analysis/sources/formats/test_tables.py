import io

import numpy as np
import pandas as pd
import pytest

from analysis import Method, SourceError, read
from analysis.sources.formats.tables import FORMATS, format_of, policies_of
from analysis.sources.mapping import ColumnMapping, UnknownTableError
from tests.analysis.sources.packed import codes

# Verbatim headers of real files.
AZURE_RFT = (
    "step,train_mean_reward,full_valid_mean_reward,full_valid_mean_parse_error,"
    "completion_tokens_mean,mean_unresponsive_rewards,reasoning_tokens_mean,"
    "errors/graders/python/grader-e0045157892e/errors/train_other_error_mean,"
    "errors/graders/python/grader-e0045157892e/errors/train_other_error_count,"
    "scores/graders/python/grader-e0045157892e/train_reward_mean,"
    "scores/graders/python/grader-e0045157892e/valid_reward_mean,"
    "train_tool_calls_to_get_order,train_error_count_get_order,timestamp\n"
    "1,0.42,0.68,,276.3,0,220.0,0,753,0.4471,0.68,22,0.29,2026-04-17T15:43:14.2520000Z\n"
    "2,0.44,,,281.0,0,230.0,0,741,0.4713,,30,0.27,2026-04-17T15:44:14.2520000Z\n"
)
HISTORY = (
    "_step,_runtime,_timestamp,train/loss,eval/loss\n10,1.5,1773000000,2.0,\n20,3,1773000002,,1.9\n"
)
KERAS = "epoch,accuracy,loss,val_accuracy,val_loss\n0,0.5,2.1,0.4,2.2\n1,0.6,1.8,0.5,2.0\n"
SELF_PLAY = (
    "step,wall_time,defend_reward_mean,defend_reward_std,attack_reward_mean,attack_reward_std,lr\n"
    "0,1.0,-24,3,24,3,1e-4\n1,2.0,-20,3,20,3,1e-4\n"
)


@pytest.mark.parametrize("table_format", FORMATS, ids=lambda item: item.name)
def test_every_table_format_fits_the_header_it_is_told_by(table_format):
    assert format_of([*table_format.needs, "another"]) is table_format


def test_an_rft_result_file_names_its_grader_and_tools_whatever_their_ids():
    run = read(AZURE_RFT.encode())[0]
    assert run.origin.format == "rft-results"
    assert run.method is Method.RFT
    assert run.frame["graders/grader-e0045157892e/train_reward"].tolist() == [0.4471, 0.4713]
    assert run.frame["tools/get_order/error_rate"].tolist() == [0.29, 0.27]
    assert run.frame["wall_time"].iloc[0] == pytest.approx(1776440594.252)
    assert np.isnan(run.frame["full_valid_mean_reward"].iloc[1])


def test_a_wandb_history_counts_steps_as_it_does():
    run = read(HISTORY.encode())[0]
    assert run.origin.format == "wandb-history"
    assert run.frame["step"].tolist() == [10, 20]
    assert run.frame["valid_loss"].iloc[1] == 1.9


def test_a_keras_log_counts_epochs_as_steps():
    run = read(KERAS.encode())[0]
    assert run.frame["step"].tolist() == [0, 1]
    assert run.frame["train_loss"].tolist() == [2.1, 1.8]
    assert run.frame["valid_loss"].tolist() == [2.2, 2.0]


def test_the_summary_row_of_a_log_history_saved_as_a_table_is_no_point_of_the_curve():
    table = pd.DataFrame(
        [
            {"loss": 2.0, "epoch": 0.5, "step": 5},
            {"eval_loss": 1.9, "epoch": 0.5, "step": 5},
            {"loss": 1.5, "epoch": 1.0, "step": 10},
            {"train_loss": 1.75, "train_runtime": 60.0, "epoch": 1.0, "step": 10},
        ]
    )
    run = read(table.to_csv(index=False).encode())[0]
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert run.frame["valid_loss"].iloc[0] == 1.9
    assert "summary_row" in codes(run)


def test_a_column_named_twice_that_only_a_summary_fills_is_survived():
    content = b"step,loss,train_runtime,train_runtime\n1,2.0,,\n2,1.0,,\n2,,60,60\n"
    assert read(content)[0].frame["train_loss"].tolist() == [2.0, 1.0]


def test_each_policy_of_a_self_play_table_is_a_run_of_its_own():
    runs = read(SELF_PLAY.encode())
    assert [run.origin.within for run in runs] == ["defend", "attack"]
    assert [run.frame["train_mean_reward"].iloc[0] for run in runs] == [-24, 24]
    assert all(run.frame["learning_rate"].iloc[0] == 1e-4 for run in runs)


def test_a_policy_whose_name_begins_with_another_keeps_its_columns():
    content = b"step,a_reward_mean,a_b_reward_mean\n1,0.1,0.2\n"
    first, second = read(content)
    assert first.frame["train_mean_reward"].tolist() == [0.1]
    assert second.frame["train_mean_reward"].tolist() == [0.2]


def test_train_and_valid_are_no_policies():
    assert policies_of(["train_reward_mean", "valid_reward_mean"]) == []
    assert policies_of(["scores/graders/python/x/train_reward_mean", "a_reward_mean"]) == []


def test_mlflows_export_of_runs_holds_no_curve_and_says_so():
    content = b"run_id,metrics.train_loss,params.lr\nabc,0.5,1e-4\ndef,0.4,1e-3\n"
    with pytest.raises(SourceError, match="only the last value of each metric") as caught:
        read(content)
    assert "get-history" in caught.value.remedy


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters_are_the_same_table(delimiter):
    run = read(KERAS.replace(",", delimiter).encode())[0]
    assert run.frame["train_loss"].tolist() == [2.1, 1.8]


def test_parquet_is_the_same_table():
    buffer = io.BytesIO()
    frame = pd.read_csv(io.StringIO(KERAS.replace("epoch", "step")))
    frame.to_parquet(buffer)
    run = read(buffer.getvalue())[0]
    assert run.frame["train_loss"].tolist() == [2.1, 1.8]


def test_a_quoted_name_with_a_delimiter_in_it_is_one_column():
    run = read(b'"step","loss, in nats","train_loss"\n1,9,2.0\n2,9,1.0\n')[0]
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]
    assert run.frame["loss, in nats"].tolist() == [9, 9]


def test_times_in_nanoseconds_are_read_though_no_float_holds_them_exactly():
    run = read(
        b"step,train_loss,timestamp\n1,2.0,1779196193564587000\n2,1.0,1779196194564587001\n"
    )[0]
    assert run.frame["wall_time"].tolist() == pytest.approx([1779196193.5646, 1779196194.5646])


def test_text_that_comes_late_in_a_large_file_is_one_bad_cell():
    rows = "".join(f"{step},1.5,0.5\n" for step in range(1, 200_000))
    run = read(f"step, train_loss ,train_accuracy\n{rows}200000,oops,0.5\n".encode())[0]
    assert len(run.frame) == 200_000
    assert "not_a_number" in codes(run)


def test_an_unknown_table_says_its_columns_and_shows_its_first_rows():
    with pytest.raises(UnknownTableError) as caught:
        read(b"tick,mistake\n1,2.0\n2,1.0\n")
    assert caught.value.columns == ("tick", "mistake")
    assert caught.value.head.shape == (2, 2)


def test_a_mapping_makes_an_unknown_table_a_run():
    mapping = ColumnMapping({"tick": "step", "mistake": "train_loss"})
    run = read(b"tick, mistake\n1,2.0\n2,1.0\n", mapping=mapping)[0]
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]
    counted = ColumnMapping({"mistake": "train_loss"}, count_rows=True)
    assert read(b"mistake,x\n2.0,0\n1.0,0\n", mapping=counted)[0].frame["step"].tolist() == [1, 2]
