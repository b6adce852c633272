import pytest

from analysis import SourceError, read
from tests.analysis.sources.packed import as_json, failures, opened, the_run, zipped

TIME = 1691409746901  # as really seen, in milliseconds


def history(**keys: list[float]) -> bytes:
    """Return a get-history document with steps from 1."""
    return as_json(
        {
            "metrics": [
                {"key": key, "value": value, "timestamp": TIME + 1000 * step, "step": step}
                for key, values in keys.items()
                for step, value in enumerate(values, 1)
            ]
        }
    )


def lines(*values: float) -> bytes:
    """Return a metric file of the store with steps from 0."""
    return b"".join(b"%d %r %d\n" % (TIME, value, step) for step, value in enumerate(values))


STORE = {
    "mlruns/1/abc123/meta.yaml": b"run_name: fit\n",
    "mlruns/1/abc123/metrics/train/loss": lines(2.0, 1.0),
    "mlruns/1/abc123/metrics/eval_loss": lines(2.5, 1.5),
    "mlruns/1/abc123/params/lr": b"0.0001",
    "mlruns/1/abc123/params/optimizer": b"adamw",
    "mlruns/1/abc123/tags/mlflow.user": b"me",
    "mlruns/1/def456/metrics/train/loss": lines(3.0, 2.0),
}


def test_a_history_has_a_column_for_each_key_and_times_in_seconds():
    run = read(history(loss=[2.0, 1.0], eval_loss=[2.5]))[0]
    assert run.origin.format == "mlflow-history"
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]
    assert run.frame["valid_loss"].iloc[0] == 2.5
    assert run.frame["wall_time"].iloc[0] == pytest.approx(TIME / 1000 + 1)


def test_a_history_without_times_or_with_nothing_but_nulls_is_still_read():
    items = [{"key": "loss", "value": v, "step": s} for s, v in ((1, 2.0), (2, None), (None, 3.0))]
    run = read(as_json({"metrics": items}))[0]
    assert run.frame["train_loss"].tolist() == [2.0]


@pytest.mark.parametrize("key", ["step", "wall_time", "", "\udfff", 3, None, [1]])
def test_a_key_of_any_name_is_survived(key):
    items = [{"key": k, "value": 2.0, "step": 1} for k in (key, "loss")]
    assert read(as_json({"metrics": items}))[0].frame["train_loss"].tolist() == [2.0]


def test_a_history_of_many_keys_at_many_steps_is_refused_before_it_is_spread_out():
    items = [{"key": f"k{i}", "value": 1.0, "step": i} for i in range(9_000)]
    with pytest.raises(SourceError, match="too large"):
        read(as_json(items))


def test_a_file_store_is_its_runs_with_parameters_and_keys_in_folders():
    first, second = opened({"mlruns.zip": zipped(STORE)})
    assert [first.name, second.name] == ["abc123", "def456"]
    assert first.frame["train_loss"].tolist() == [2.0, 1.0]
    assert first.frame["valid_loss"].tolist() == [2.5, 1.5]
    assert first.hyperparameters == {"lr": 0.0001, "optimizer": "adamw"}
    assert second.hyperparameters == {}


def test_a_metric_file_alone_is_named_by_itself():
    run = the_run({"loss": lines(2.0, 1.0)})
    assert run.frame["train_loss"].tolist() == [2.0, 1.0]


def test_several_histories_of_one_folder_are_one_run():
    run = the_run({"a/loss.json": history(loss=[2.0]), "a/eval.json": history(eval_loss=[2.5])})
    assert {"train_loss", "valid_loss"} <= set(run.frame)


def test_a_table_in_a_folder_that_happens_to_be_called_params_is_a_table():
    content = b"step,train_loss,train_accuracy\n1,2.0,0.5\n"
    assert the_run({"home/params/run.csv": content}).frame["train_loss"].tolist() == [2.0]


def test_parameters_without_metrics_say_so():
    assert "no metrics in it" in failures({"run/params/lr": b"0.1"})[0]


def test_lines_of_three_numbers_whose_first_is_no_time_are_no_metric_file():
    with pytest.raises(SourceError):
        read(b"1 2.0 0\n2 1.0 1\n")
