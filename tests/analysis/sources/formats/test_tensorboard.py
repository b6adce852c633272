import math

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util.tensor_util import make_tensor_proto

from analysis import SourceError, read
from tests.analysis.sources.packed import failures, gzipped, opened, the_run, zipped

CSV = b"Wall time,Step,Value\n1773000631.0,10,2.0\n1773000662.0,20,1.5\n"


@pytest.fixture
def written(tmp_path):
    """Return a function that writes scalars by tag and step into an event file's content."""

    def write(tags: dict[str, dict[int, object]]) -> bytes:
        folder = tmp_path / f"written{len(list(tmp_path.iterdir()))}"
        writer = EventFileWriter(str(folder))
        for tag, values in tags.items():
            for step, value in values.items():
                writer.add_event(
                    Event(
                        step=step,
                        wall_time=1773000000.0 + step,
                        summary=Summary(value=[_value(tag, value)]),
                    )
                )
        writer.close()
        (path,) = folder.iterdir()
        return path.read_bytes()

    return write


def _value(tag: str, value: object) -> Summary.Value:
    if isinstance(value, float):
        return Summary.Value(tag=tag, simple_value=value)
    return Summary.Value(tag=tag, tensor=make_tensor_proto(value))


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("run-out-tag-train_loss.csv", "train_loss"),
        ("run-.-tag-val_loss.csv", "valid_loss"),
        ("run-out-tag-train_loss (1).csv", "train_loss"),
        ("tensorboard_run-out-tag-eval_loss.csv", "valid_loss"),
        ("run-out-tag-train_learning_rate.csv", "learning_rate"),
        ("run-out-tag-train_rewards_margins.csv", "rewards/margins"),
        ("loss.csv", "train_loss"),
    ],
)
def test_the_tag_is_in_the_files_name_where_browsers_write_slashes_as_underscores(name, metric):
    files = {name: CSV, "run-out-tag-loss.csv": CSV} if metric == "learning_rate" else {name: CSV}
    assert metric in the_run(files).frame


def test_several_tags_of_a_run_are_one_run():
    run = the_run({"run-fit-tag-loss.csv": CSV, "run-fit-tag-eval_loss.csv": CSV})
    assert run.name == "fit"
    assert run.frame[["train_loss", "valid_loss"]].iloc[0].tolist() == [2.0, 2.0]


def test_the_runs_of_a_folder_stay_apart():
    runs = opened({"run-a-tag-loss.csv": CSV, "run-b-tag-loss.csv": CSV})
    assert [run.name for run in runs] == ["a", "b"]


def test_keras_train_and_validation_are_the_two_sides_of_one_run():
    files = {"run-fit_train-tag-epoch_loss.csv": CSV, "run-fit_validation-tag-epoch_loss.csv": CSV}
    run = the_run(files)
    assert {"train_loss", "valid_loss"} <= set(run.frame)


def test_a_tag_that_says_nothing_is_named_in_the_error():
    assert "No metric that is known among the columns: Value" in failures({"Value.csv": CSV})[0]


def test_scalars_old_and_new_are_read_by_tag(written):
    content = written(
        {"train/loss": {1: 2.0, 2: 1.5}, "eval/loss": {2: np.float32(1.75)}, "n": {2: np.int64(3)}}
    )
    run = read(content)[0]
    assert run.origin.format == "tensorboard-events"
    assert run.frame["train_loss"].tolist() == [2.0, 1.5]
    assert run.frame["valid_loss"].iloc[1] == 1.75
    assert run.frame["n"].iloc[1] == 3
    assert run.frame["wall_time"].tolist() == [1773000001.0, 1773000002.0]


def test_of_a_step_written_twice_the_later_value_counts(written):
    both = written({"loss": {1: 2.0}}) + written({"loss": {1: 9.0}})
    assert read(both)[0].frame["train_loss"].tolist() == [9.0]


def test_images_text_and_tags_that_every_event_has_are_no_curves(written):
    tags = {
        "loss": {1: 2.0}, "text": {1: "words"}, "matrix": {1: np.ones((2, 2))},
        "hp_metric": {0: -1.0}, "step": {1: 7.0}, "wall_time": {1: 7.0},
    }  # fmt: skip
    run = read(written(tags))[0]
    assert run.frame["step"].tolist() == [1]
    assert set(run.frame) == {"step", "train_loss", "wall_time"}


def test_a_tensor_that_claims_to_be_huge_is_not_unfolded():
    value = _value("loss", np.float32(1.0))
    value.tensor.tensor_shape.dim.add().size = 10**12
    record = Event(step=1, summary=Summary(value=[value])).SerializeToString()
    head = Event(file_version="brain.Event:2").SerializeToString()
    with pytest.raises(SourceError, match="holds no scalars"):
        read(
            b"".join(
                len(r).to_bytes(8, "little") + b"\0" * 4 + r + b"\0" * 4 for r in (head, record)
            )
        )


def test_a_file_that_is_still_being_written_is_read_as_far_as_it_goes(written):
    content = written({"loss": {step: 1.0 * step for step in range(1, 30)}})
    assert 0 < len(read(content[: len(content) * 2 // 3])[0].frame) < 29


def test_a_broken_record_says_where(written):
    content = bytearray(written({"loss": {1: 2.0, 2: 1.0}}))
    content[-30:-20] = b"\xff" * 10
    with pytest.raises(SourceError, match="event file is broken"):
        read(bytes(content))


def test_a_file_without_scalars_says_so(written):
    with pytest.raises(SourceError, match="holds no scalars"):
        read(written({"text": {1: "words"}}))


def test_a_folder_of_keras_logs_in_a_zip_is_one_run(written):
    files = {
        "logs/fit/train/events.out.tfevents.1": written({"epoch_loss": {0: 2.0, 1: 1.5}}),
        "logs/fit/validation/events.out.tfevents.2": written({"epoch_loss": {0: 2.5, 1: 1.75}}),
        "logs/other/train/events.out.tfevents.3": written({"epoch_loss": {0: 9.0}}),
    }
    fit, other = opened({"logs.zip": zipped(files)})
    assert [fit.name, other.name] == ["fit", "other"]
    assert fit.frame["train_loss"].tolist() == [2.0, 1.5]
    assert fit.frame["valid_loss"].tolist() == [2.5, 1.75]


def test_a_resumed_run_continues_in_a_second_event_file(written):
    files = {
        "fit-lr0.001/events.out.tfevents.1": written({"loss": {1: 2.0}}),
        "fit-lr0.001/events.out.tfevents.2": written({"loss": {2: 1.0}}),
    }
    run = the_run({"logs.zip": zipped(files)})
    assert run.name == "fit-lr0.001"
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]


def test_a_gzipped_event_file_is_opened(written):
    assert len(the_run({"events.gz": gzipped(written({"loss": {1: 2.0}}))}).frame) == 1


def test_a_scalar_that_is_no_number_is_an_infinite_loss_or_none(written):
    run = read(written({"loss": {1: math.nan, 2: 1.0}}))[0]
    assert run.frame["train_loss"].iloc[-1] == 1.0
