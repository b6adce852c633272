import json

import pytest

from analysis import Method, Upload, read_uploads
from tests.analysis.sources.packed import as_json, codes, failures, opened, the_run, zipped

JOB = "ftjob-EXAMPLE0001"
RESULT = b"step,train_loss,train_accuracy\n1,2.0,0.5\n2,1.5,0.6\n3,1.0,0.7\n"
OTHER = b"step,train_loss,train_accuracy\n1,9.0,0.1\n2,8.5,0.2\n3,8.0,0.3\n"


def job(**changes) -> bytes:
    return as_json(
        {
            "object": "fine_tuning.job", "id": JOB, "status": "succeeded", "model": "m",
            "result_files": ["file-abc"], "user_provided_suffix": "tickets",
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
        } | changes
    )  # fmt: skip


def events(*steps: int, total: int | None = 90, told: str = "", named: bool = False) -> bytes:
    rows = [line.split(b",") for line in RESULT.splitlines()[1:]]
    listed = [
        {
            "object": "fine_tuning.job.event", "id": f"e{step}", "created_at": 1773000000 + step,
            "level": "info", "message": told or f"Step {step}",
            "data": {"step": step, "train_loss": float(rows[step - 1][1])}
            | ({"total_steps": total} if total else {}),
        } | ({"fine_tuning_job_id": JOB} if named else {})
        for step in reversed(steps)
    ]  # fmt: skip
    return as_json({"object": "list", "data": listed})


def saved(*steps: int, named: bool = True, loss: float | None = None) -> bytes:
    listed = [
        {
            "object": "fine_tuning.job.checkpoint", "step_number": step,
            "fine_tuned_model_checkpoint": f"ft:m:o::x{step}",
            "metrics": {"step": step} | ({"train_loss": loss} if loss else {}),
        } | ({"fine_tuning_job_id": JOB} if named else {})
        for step in steps
    ]  # fmt: skip
    return as_json({"object": "list", "data": listed})


def assert_whole(run) -> None:
    assert run.name == "tickets (LE0001)"
    assert run.method is Method.SFT
    assert run.origin.job_id == JOB
    assert run.frame["train_loss"].tolist() == [2.0, 1.5, 1.0]
    assert run.frame["train_mean_token_accuracy"].tolist() == [0.5, 0.6, 0.7]
    assert [c.step for c in run.checkpoints] == [3]
    assert run.n_epochs == 3


def test_all_that_lies_in_a_jobs_folder_is_one_run():
    files = {
        "job.json": job(), "events.json": events(1, 2, 3), "result.csv": RESULT,
        "checkpoints.json": saved(3, named=False),
    }  # fmt: skip
    archive = zipped({f"jobs/{JOB}/{name}": content for name, content in files.items()})
    assert_whole(the_run({"goldilocks.zip": archive}))


def test_files_whose_names_spell_the_jobs_id_are_one_run():
    files = {
        "job.json": job(), f"{JOB}-events.json": events(1, 2, 3), f"{JOB}_result.csv": RESULT,
        "checkpoints.json": saved(3),
    }  # fmt: skip
    assert_whole(the_run(files))


def test_a_result_file_is_found_by_its_id_and_the_others_by_the_jobs():
    files = {
        "a.json": job(), "b.json": saved(3), "file-abc.csv": RESULT, "other.csv": OTHER,
        "e.json": events(1, named=True),
    }  # fmt: skip
    runs = opened(files)
    assert_whole(runs[0])
    assert [run.name for run in runs[1:]] == ["other"]


def test_events_that_name_no_job_belong_to_the_table_that_holds_their_values():
    files = {"e.json": events(1, 2), "result.csv": RESULT, "other.csv": OTHER}
    first, second = opened(files)
    assert first.origin.format == "openai-results"
    assert "wall_time" in first.frame
    assert "wall_time" not in second.frame


def test_a_job_its_checkpoints_events_and_result_saved_by_hand_are_one_run():
    files = {
        "my job.json": job(), "my events.json": events(1, 2, 3), "my checkpoints.json": saved(3),
        "my results.csv": RESULT,
    }  # fmt: skip
    assert_whole(the_run(files))


def test_events_that_name_the_result_file_of_a_job_join_that_job():
    told = events(1, 2, 3, told="Completed results file: file-abc")
    run = the_run({"a.json": job(), "b.json": told})
    assert run.origin.job_id == JOB


def test_events_that_fit_two_copies_of_a_table_stay_a_run_of_their_own():
    assert len(opened({"e.json": events(1, 2), "a.csv": RESULT, "b.csv": RESULT})) == 3


def test_a_table_and_its_events_are_read_in_any_order():
    files = [("e.json", events(1, 2)), ("result.csv", RESULT)]
    (one,), (other,) = opened(dict(files)), opened(dict(reversed(files)))
    assert one.frame.equals(other.frame[one.frame.columns])


def test_a_running_job_has_passed_the_share_of_its_epochs_that_its_steps_have():
    files = {"job.json": job(status="running"), "e.json": events(1, 2, 3, total=90, named=True)}
    run = the_run(files)
    assert run.n_epochs == pytest.approx(0.1)
    assert run.job.unfinished


@pytest.mark.parametrize("status", ["failed", "cancelled", "paused", "pending"])
def test_a_job_that_did_not_succeed_keeps_what_it_logged(status):
    files = {"job.json": job(status=status), "e.json": events(1, named=True)}
    run = the_run(files)
    assert run.job.status == status
    assert len(run.frame) == 1


def test_without_a_number_of_steps_a_running_job_s_epochs_are_not_known():
    files = {"job.json": job(status="running"), "e.json": events(1, total=None, named=True)}
    assert the_run(files).n_epochs is None


def test_checkpoints_fill_the_steps_that_the_curve_did_not_log():
    run = the_run({"r.csv": RESULT, "c.json": saved(3, named=False, loss=1.0)})
    assert "checkpoints" in codes(run)
    assert run.frame["train_loss"].tolist() == [2.0, 1.5, 1.0]


def test_a_list_that_contradicts_every_run_is_not_joined():
    readings = read_uploads(
        [Upload("r.csv", RESULT), Upload("c.json", saved(3, named=False, loss=7))]
    )
    assert [run.checkpoints for run in readings.runs] == [(), readings.runs[1].checkpoints]
    assert readings.runs[1].frame["train_loss"].tolist() == [7]


def test_a_job_with_two_files_of_its_result_s_id_joins_neither():
    readings = read_uploads(
        [Upload("j.json", job()), Upload("x/file-abc.csv", RESULT), Upload("y/file-abc.csv", OTHER)]
    )
    assert len(readings.runs) == 2
    assert "comes without metrics" in readings.failures[0].error


def test_a_part_without_any_number_does_not_take_its_run_with_it():
    empty = json.loads(events(1, named=True))
    empty["data"][0]["data"] = {"step": "none", "train_loss": "none"}
    run = the_run({f"{JOB}/r.csv": RESULT, "e.json": as_json(empty)})
    assert "not_joined" in codes(run)
    assert run.frame["train_loss"].tolist() == [2.0, 1.5, 1.0]


def test_parts_none_of_which_holds_a_number_say_so():
    empty = json.loads(events(1, named=True))
    empty["data"][0]["data"] = {"step": "none", "train_loss": "none"}
    other = {f"{JOB}/x.csv": b"step,train_loss\nx,y\n", "e.json": as_json(empty)}
    assert "belong together" in failures(other)[0]


def test_every_file_of_a_run_leaves_its_hash():
    run = the_run({"e.json": events(1, 2), "result.csv": RESULT})
    assert len({run.origin.sha256, *run.origin.joined}) == 2
