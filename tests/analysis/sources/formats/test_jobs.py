import pytest

from analysis import Method
from tests.analysis.sources.packed import as_json, as_lines, failures, the_run

ID = "ftjob-EXAMPLE0001"
RESULT = b"step,train_loss,train_accuracy\n1,2.0,0.5\n2,1.5,0.6\n3,1.0,0.7\n"


def job(**changes) -> dict:
    """Return a finished SFT job in the API's shape."""
    return {
        "object": "fine_tuning.job",
        "id": ID,
        "model": "gpt-4.1-mini-2025-04-14",
        "created_at": 1773000000,
        "finished_at": 1773003600,
        "fine_tuned_model": "ft:gpt-4.1-mini-2025-04-14:org:tickets:EXAMPLE1",
        "organization_id": "org-EXAMPLE",
        "result_files": ["file-EXAMPLEresult01"],
        "status": "succeeded",
        "hyperparameters": {"n_epochs": 3, "batch_size": 4, "learning_rate_multiplier": 1.8},
        "trained_tokens": 412380,
        "error": {},
        "user_provided_suffix": "tickets",
        "seed": 105,
        "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}},
    } | changes


def with_result(document: object):
    """Return the run of a job and its result file, joined by the file's id."""
    return the_run({"job.json": as_json(document), "file-EXAMPLEresult01.csv": RESULT})


def test_a_job_gives_its_run_a_name_a_method_and_what_it_was_tuned_with():
    run = with_result(job())
    assert run.name == "tickets (LE0001)"
    assert run.method is Method.SFT
    assert run.n_epochs == 3
    assert run.hyperparameters == {
        "n_epochs": 3.0, "batch_size": 4.0, "learning_rate_multiplier": 1.8, "seed": 105.0,
    }  # fmt: skip
    assert run.origin.job_id == ID
    assert run.job.provider == "openai"
    assert run.job.problem is None
    assert not run.job.unfinished


@pytest.mark.parametrize(
    ("changes", "provider"),
    [
        ({}, "openai"),
        ({"fine_tuned_model": "gpt-4o-mini-2024-07-18.ft-0009"}, "azure"),
        ({"fine_tuned_model": None}, "openai"),
        ({"fine_tuned_model": None, "organization_id": None}, "azure"),
    ],
)
def test_the_platform_is_told_by_the_models_name_or_the_organisation(changes, provider):
    assert with_result(job(**changes)).job.provider == provider


@pytest.mark.parametrize("unknown", ["auto", -1, None, True, [], {}, float("nan"), float("inf")])
def test_what_is_not_yet_decided_is_no_hyperparameter(unknown):
    run = with_result(job(hyperparameters={"n_epochs": unknown}, method=None, seed=unknown))
    assert "n_epochs" not in run.hyperparameters
    assert run.n_epochs is None


@pytest.mark.parametrize("kind", [3, None, ["dpo"], {"dpo": 1}, "unheard-of"])
def test_a_method_of_a_strange_type_is_read_from_the_columns(kind):
    assert with_result(job(method={"type": kind})).method is Method.SFT


def test_the_methods_own_hyperparameters_come_before_the_jobs():
    own = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1, "n_epochs": 2}}}
    run = with_result(job(method=own))
    assert run.method is Method.DPO
    assert run.hyperparameters["beta"] == 0.1
    assert run.n_epochs == 2


def test_every_type_may_be_wrong_and_the_job_is_still_read():
    wrong = job(
        status=3, model=[], created_at="x", finished_at={}, trained_tokens=[1], error="broken",
        hyperparameters=[1], method="dpo", organization_id=7, user_provided_suffix=2,
    )  # fmt: skip
    run = with_result(wrong)
    assert run.job.status is None
    assert run.job.created_at is None
    assert run.hyperparameters == {"seed": 105.0}


def test_a_failed_job_without_metrics_says_why_it_failed():
    failed = job(status="failed", error={"code": "bad_file", "message": "Line 3 is no JSON"})
    (error,) = failures({"job.json": as_json(failed)})
    assert "its status is failed" in error
    assert "Line 3 is no JSON" in error


def test_a_pending_job_of_azure_with_nulls_everywhere_waits_for_its_metrics():
    pending = {
        "id": ID, "object": "fine_tuning.job", "status": "pending", "error": None,
        "fine_tuned_model": None, "organization_id": None, "result_files": None,
        "hyperparameters": {"n_epochs": -1, "batch_size": -1},
    }  # fmt: skip
    (error,) = failures({"job.json": as_json(pending)})
    assert "pending" in error


@pytest.mark.parametrize(
    "listed",
    [
        lambda jobs: as_json({"object": "list", "data": jobs, "has_more": False}),
        as_json,
        as_lines,
    ],
    ids=["page", "list", "lines"],
)
def test_a_list_of_jobs_is_each_job(listed):
    files = {
        "jobs.json": listed([job(), job(id="ftjob-OTHER0002", result_files=[])]),
        "file-EXAMPLEresult01.csv": RESULT,
    }
    (error,) = failures(files)
    assert "ftjob-OTHER0002" in error


def test_of_two_records_of_a_job_the_one_that_ended_counts():
    earlier = job(status="running", finished_at=None, fine_tuned_model=None)
    files = {
        "a.json": as_json(earlier), "b.json": as_json(job()), f"{ID}/result.csv": RESULT,
    }  # fmt: skip
    assert the_run(files).job.status == "succeeded"
