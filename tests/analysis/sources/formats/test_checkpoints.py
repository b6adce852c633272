import pytest

from analysis import Upload, read_uploads
from tests.analysis.sources.packed import as_json, as_lines, failures, opened, the_run

RESULT = b"step,train_loss,train_accuracy\n30,2.0,0.5\n60,1.5,0.6\n90,1.0,0.7\n"


def checkpoint(step: object, job: str = "ftjob-A1", **changes) -> dict:
    """Return a checkpoint in the API's shape."""
    return {
        "object": "fine_tuning.job.checkpoint",
        "id": f"ftckpt_{step}",
        "fine_tuned_model_checkpoint": f"ft:gpt:org::X{step}:ckpt-step-{step}",
        "fine_tuning_job_id": job,
        "metrics": {"step": step, "train_loss": 1.0},
        "step_number": step,
    } | changes


def page(*items: dict) -> bytes:
    return as_json({"object": "list", "data": list(items), "has_more": False})


def test_checkpoints_alone_are_a_run_of_the_saved_steps_though_listed_newest_first():
    run = the_run({"list.json": page(checkpoint(90), checkpoint(30))})
    assert run.frame["step"].tolist() == [30, 90]
    assert [c.step for c in run.checkpoints] == [30, 90]
    assert run.checkpoints[0].model == "ft:gpt:org::X30:ckpt-step-30"
    assert run.origin.job_id == "ftjob-A1"


def test_metrics_beyond_the_documented_ones_are_kept():
    rewards = {"step": 20.0, "train_mean_reward": 0.63, "completion_tokens_mean": 3150}
    run = the_run({"list.json": page(checkpoint(20, metrics=rewards))})
    assert run.method == "rft"
    assert run.frame["completion_tokens_mean"].tolist() == [3150]


def test_the_checkpoints_of_two_jobs_are_two_runs():
    runs = opened({"list.json": page(checkpoint(30), checkpoint(30, job="ftjob-B2"))})
    assert [run.origin.job_id for run in runs] == ["ftjob-A1", "ftjob-B2"]


@pytest.mark.parametrize("whole", [page, lambda *items: as_lines(items), as_json])
def test_a_page_lines_and_a_single_checkpoint_are_the_same(whole):
    assert len(the_run({"list.json": whole(checkpoint(30))}).checkpoints) == 1


@pytest.mark.parametrize("metrics", [None, {}, [], "none", {"step": 30.0, "train_loss": None}])
def test_a_list_without_metrics_joins_the_run_that_has_its_steps(metrics):
    listed = page(checkpoint(30, metrics=metrics, fine_tuning_job_id=None))
    run = the_run({"result.csv": RESULT, "list.json": listed})
    assert [c.step for c in run.checkpoints] == [30]
    assert len(run.frame) == 3


@pytest.mark.parametrize("step", [None, "x", 2.5, -1, float("nan"), 1e300, [30], True])
def test_a_checkpoint_without_a_whole_step_is_refused(step):
    (error,) = failures({"list.json": page(checkpoint(step))})
    assert "no whole step_number" in error


def test_a_step_spelt_as_a_float_is_that_step():
    assert the_run({"list.json": page(checkpoint(90.0))}).checkpoints[0].step == 90


def test_tinkers_checkpoints_join_the_log_they_lie_beside():
    saved = as_lines(
        {
            "name": f"{step:06}",
            "step": step,
            "state_path": "tinker://a/w",
            "sampler_path": f"t{step}",
        }
        for step in (0, 1)
    )
    log = as_lines({"step": step, "mean_reward": 0.1 * step, "time/step_s": 9.0} for step in (0, 1))
    run = the_run({"metrics.jsonl": log, "checkpoints.jsonl": saved})
    assert [c.model for c in run.checkpoints] == ["t0", "t1"]


def test_a_list_that_fits_two_copies_of_a_run_is_given_to_neither():
    listed = page(checkpoint(30, metrics=None, fine_tuning_job_id=None))
    readings = read_uploads(
        [Upload("a.csv", RESULT), Upload("b.csv", RESULT), Upload("list.json", listed)]
    )
    assert [run.checkpoints for run in readings.runs] == [(), ()]
    assert "belongs to no single run" in readings.failures[0].error
