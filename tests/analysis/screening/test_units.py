from pathlib import Path

import pytest

from analysis import SourceError
from analysis.screening.units import units_of, uploads_of


def touch(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("step,train_loss\n1,2\n")


def names_of(folder: Path, *paths: str) -> list[list[str]]:
    units = units_of(paths or [str(folder)])
    return [[str(Path(path).relative_to(folder)) for path in unit.paths] for unit in units]


def test_a_checkpoint_list_is_judged_with_the_file_it_is_named_after(tmp_path):
    touch(tmp_path, "a.csv", "a.checkpoints.json", "b.csv", "b_checkpoints.json", "c.csv")
    assert names_of(tmp_path) == [
        ["a.checkpoints.json", "a.csv"], ["b.csv", "b_checkpoints.json"], ["c.csv"],
    ]  # fmt: skip


def test_a_jobs_folder_is_one_unit(tmp_path):
    touch(tmp_path, "jobs/ftjob-1/job.json", "jobs/ftjob-1/results/file-1.csv", "jobs/x2/job.json")
    assert names_of(tmp_path) == [
        ["jobs/ftjob-1/job.json", "jobs/ftjob-1/results/file-1.csv"], ["jobs/x2/job.json"],
    ]  # fmt: skip


def test_the_tags_of_a_tensorboard_run_and_the_files_of_an_mlflow_run_are_one_unit(tmp_path):
    touch(
        tmp_path, "run-a-tag-train_loss.csv", "run-a-tag-val_loss.csv", "run-b-tag-train_loss.csv",
        "mlruns/0/r1/metrics/train/loss", "mlruns/0/r1/metrics/eval_loss", "mlruns/0/r1/params/lr",
    )  # fmt: skip
    assert names_of(tmp_path) == [
        [
            "mlruns/0/r1/metrics/eval_loss",
            "mlruns/0/r1/metrics/train/loss",
            "mlruns/0/r1/params/lr",
        ],
        ["run-a-tag-train_loss.csv", "run-a-tag-val_loss.csv"],
        ["run-b-tag-train_loss.csv"],
    ]


def test_a_glob_and_a_file_named_twice_give_each_file_once(tmp_path):
    touch(tmp_path, "a.csv", "b.csv")
    assert names_of(tmp_path, f"{tmp_path}/*.csv", f"{tmp_path}/a.csv") == [["a.csv"], ["b.csv"]]


def test_nothing_there_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="No file here"):
        units_of([str(tmp_path / "none*")])


def test_object_storage_is_listed_and_read_by_its_address(tmp_path):
    touch(tmp_path, "x/a.csv", "x/b.csv")
    units = units_of([f"file://{tmp_path}/x"])
    assert [Path(unit.name).name for unit in units] == ["a.csv", "b.csv"]
    assert uploads_of(units[0])[0].content.startswith(b"step")


def test_a_storage_that_cannot_be_read_says_so():
    with pytest.raises(SourceError, match="storage cannot be read"):
        units_of(["nosuchstorage://bucket/x.csv"])
