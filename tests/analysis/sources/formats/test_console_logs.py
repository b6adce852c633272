import numpy as np
import pytest

from analysis import Method, SourceError, read
from tests.analysis.sources.packed import codes

NOVA_RFT = (
    b"2026-05-01 INFO starting\n"
    b"(main_task pid=1) global_step=1 - critic/rewards/mean=0.120 - actor/entropy=0.495 - "
    b"response/aborted_ratio=0.000\n"
    b"(main_task pid=1) global_step=2 - critic/rewards/mean=0.140 - actor/entropy=0.490 - "
    b"response/aborted_ratio=0.000\n"
)
NOVA_SFT = (
    b"Training epoch 0, iteration 0/9 | lr: 6.25e-07 | global_batch_size: 32 | global_step: 1 | "
    b"reduced_train_loss: 9.240 | train_step_timing in s: 7.5\n"
    b"Training epoch 0, iteration 1/9 | lr: 1.2e-06 | global_batch_size: 32 | global_step: 2 | "
    b"reduced_train_loss: 8.1 | train_step_timing in s: 7.5\n"
)
VERL = (
    b"step:1 - critic/rewards/mean:0.025 - actor/pg_loss:-0.01\nstep:2 - critic/rewards/mean:0.05\n"
)
TORCHTUNE = (
    b"Step 1 | loss:1.23 lr:2e-05 tokens_per_second_per_gpu:900\nStep 2 | loss:1.1 lr:2e-05\n"
)
HUGGING_FACE = (
    b"  0%|          | 0/3 [00:00<?]\n"
    b"{'loss': 2.1, 'grad_norm': 0.5, 'learning_rate': 2e-05, 'epoch': 0.33}\n"
    b"{'eval_loss': 2.0, 'eval_runtime': 1.2, 'epoch': 0.33}\n"
    b"{'loss': '1.7', 'grad_norm': nan, 'learning_rate': '1e-05', 'epoch': 0.67}\n"
    b"{'train_runtime': 12.0, 'train_loss': 1.9, 'epoch': 1.0}\n"
)


@pytest.mark.parametrize(
    ("content", "method", "column", "values"),
    [
        (NOVA_RFT, Method.RFT, "train_mean_reward", [0.12, 0.14]),
        (NOVA_SFT, Method.SFT, "train_loss", [9.24, 8.1]),
        (VERL, Method.RFT, "train_mean_reward", [0.025, 0.05]),
        (TORCHTUNE, Method.SFT, "train_loss", [1.23, 1.1]),
        (b"Step 1/9: training loss=2.50, validation loss=2.60\nStep 2/9: training loss=2.10\n",
         Method.SFT, "train_loss", [2.5, 2.1]),
    ],
    ids=["Nova RFT", "Nova SFT", "verl", "torchtune", "job events"],
)  # fmt: skip
def test_each_tools_lines_are_read_by_their_steps(content, method, column, values):
    run = read(content)[0]
    assert run.origin.format == "console-log"
    assert run.method is method
    assert run.frame["step"].tolist() == [1, 2]
    assert run.frame[column].tolist() == values
    assert "counted_steps" not in codes(run)


def test_hugging_faces_printed_rows_are_counted_and_said_to_be():
    run = read(HUGGING_FACE)[0]
    assert run.frame["step"].tolist() == [1, 2]
    assert run.frame["train_loss"].tolist() == [2.1, 1.7]
    assert run.frame["valid_loss"].iloc[0] == 2.0
    assert "counted_steps" in codes(run)


@pytest.mark.parametrize("before", [b"\x1b[32mINFO\x1b[0m ", b"[2026-05-01 10:00:00,123] ", b"> "])
def test_colours_and_times_before_a_line_do_not_matter(before):
    lines = b"".join(before + line + b"\n" for line in TORCHTUNE.splitlines())
    assert read(lines)[0].frame["train_loss"].tolist() == [1.23, 1.1]


def test_a_progress_bar_that_returns_to_the_line_s_start_is_many_lines():
    content = TORCHTUNE.replace(b"\n", b"\r")
    assert read(content)[0].frame["train_loss"].tolist() == [1.23, 1.1]


def test_thousands_may_be_set_apart_and_lists_are_no_thousands():
    run = read(b"step 1,000 done\nstep: 1,200, loss: 2.5, lr: 1e-4\nstep: 1,300,loss: 2.0\n")[0]
    assert run.frame["step"].tolist() == [1200, 1300]
    assert run.frame["train_loss"].tolist() == [2.5, 2.0]


def test_a_plain_list_of_losses_is_counted():
    run = read(b"2.31\n2.05\nnan\n1.80\n")[0]
    assert run.origin.format == "losses"
    assert run.frame["train_loss"].tolist() == [2.31, 2.05, np.inf, 1.8]
    assert "counted_steps" in codes(run)


@pytest.mark.parametrize(
    "content",
    [
        b"epoch 1 done in 3s\nepoch 2 done in 3s\n",
        b"ValueError: loss: see above\n",
        b"1.5\n2.5\n",
        b"1.5 2.5\n3.5 4.5\n5.5 6.5\n",
        b"lr: 1e-4\nlr: 2e-4\n",
    ],
)
def test_a_text_without_metrics_says_that_it_holds_none(content):
    with pytest.raises(SourceError, match="No line of the text holds a metric"):
        read(content)


@pytest.mark.parametrize(
    "line",
    [
        "loss=" + "1" * 19_000 + "x",
        "loss" + " " * 19_000,
        "a " * 9_000,
        "Step 1: " + "a " * 9_000,
        "a=" * 9_000,
        "loss: " + "e" * 19_000,
        "-" * 19_999,
    ],
    ids=range(7),
)
def test_a_long_line_that_nearly_fits_is_given_up(line):
    with pytest.raises(SourceError):
        read((line + "\n").encode() * 20)
