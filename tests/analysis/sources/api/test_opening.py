import json

import pytest

from analysis import SourceError, Upload, read, read_uploads
from analysis.sources.api.job_files import NAMES
from analysis.sources.api.opening import open_job, open_jobs
from analysis.sources.archive import archive_bytes, archive_of
from tests.servers.fine_tuning import PAGE, Reply, error
from tests.servers.payloads import (
    as_openai_sends,
    azure_job,
    checkpoints,
    document,
    events,
    openai_job,
    results,
)
from tests.shared_data import EXAMPLES, needs

DONE = "ftjob-done1"


@pytest.fixture
def stocked(platform):
    """A platform with one job that succeeded, and everything it left."""
    platform.jobs = [openai_job(DONE)]
    platform.files = {f"file-of-{DONE}": as_openai_sends(results())}
    platform.checkpoints = {DONE: checkpoints(DONE)}
    platform.events = {DONE: events(250)}
    return platform


def contents(job) -> dict[str, bytes]:
    return {
        upload.name.removeprefix(f"jobs/{job.job_id}/"): upload.content for upload in job.uploads
    }


def test_a_job_opens_as_its_documents_and_its_result_file_byte_for_byte(stocked, caller):
    job = open_job(caller, DONE, all_events=True)
    found = contents(job)
    assert set(found) == {
        "job.json", "events.json", "checkpoints.json", f"results/file-of-{DONE}.csv",
    }  # fmt: skip
    assert document(found["job.json"]) == stocked.jobs[0]
    assert document(found["events.json"]) == {"object": "list", "data": stocked.events[DONE]}
    assert document(found["checkpoints.json"])["data"] == stocked.checkpoints[DONE]
    assert found[f"results/file-of-{DONE}.csv"] == as_openai_sends(results())
    assert all(NAMES.fullmatch(upload.name) for upload in job.uploads)
    assert job.problems == ()
    assert job.complete


@pytest.mark.usefixtures("stocked")
def test_the_result_file_of_a_live_job_reads_as_a_run(caller):
    job = open_job(caller, DONE)
    run = read(contents(job)[f"results/file-of-{DONE}.csv"])[0]
    assert len(run.frame) == 120


@pytest.mark.parametrize(("validation_file", "wanted"), [(None, False), ("file-valid", True)])
def test_events_are_fetched_where_they_say_more_than_the_result_file(
    stocked, caller, validation_file, wanted
):
    stocked.jobs[0]["validation_file"] = validation_file
    assert ("events.json" in contents(open_job(caller, DONE))) == wanted
    stocked.files[f"file-of-{DONE}"] = b"step,train_loss,full_valid_loss\n1,2,2\n"
    assert "events.json" not in contents(open_job(caller, DONE))
    stocked.files[f"file-of-{DONE}"] = b"\x00\xff"
    assert ("events.json" in contents(open_job(caller, DONE))) == wanted
    stocked.files.clear()
    assert "events.json" in contents(open_job(caller, DONE))


def test_a_live_job_and_its_archive_give_the_same_run(stocked, caller):
    stocked.events[DONE] = events(120)
    live = read_uploads(open_job(caller, DONE).uploads)
    full = open_job(caller, DONE, all_events=True)
    archived = read_uploads([Upload("a.zip", archive_bytes(archive_of("openai", [full])))])
    assert live.failures == archived.failures == ()
    one, other = live.runs[0], archived.runs[0]
    assert one.frame.equals(other.frame)
    assert (one.name, one.job, one.checkpoints) == (other.name, other.job, other.checkpoints)
    assert (one.job.job_id, one.last_step) == (DONE, 120)
    assert one.checkpoints[-1].model == stocked.jobs[0]["fine_tuned_model"]


@pytest.mark.parametrize(
    "status", ["validating_files", "queued", "pending", "running", "paused", "failed", "cancelled"]
)
@pytest.mark.parametrize("make", [openai_job, azure_job])
def test_a_job_in_any_state_opens_with_what_it_has(platform, caller, make, status):
    platform.jobs = [make("ftjob-1", status)]
    platform.events = {"ftjob-1": events(12)}
    job = open_job(caller, "ftjob-1")
    assert len(document(contents(job)["events.json"])["data"]) == 13
    assert "checkpoints.json" not in contents(job)  # there are none
    assert job.problems == ()
    assert job.status == status
    assert job.complete == (status in {"failed", "cancelled"})


@pytest.mark.parametrize(
    ("part", "missing"),
    [("/events", "events.json"), ("/checkpoints", "checkpoints.json"),
     ("/files", f"results/file-of-{DONE}.csv")],
)  # fmt: skip
@pytest.mark.parametrize(
    "reply",
    [error(403, "no"), error(404, "gone"), Reply(200, PAGE, content_type="text/html"),
     error(429, "", "insufficient_quota")],
)  # fmt: skip
def test_a_part_that_fails_leaves_the_rest_and_is_named(stocked, caller, part, missing, reply):
    stocked.fault(part, reply)
    job = open_job(caller, DONE, all_events=True)
    assert missing not in contents(job)
    assert len(contents(job)) == 3
    assert len(job.problems) == 1
    assert not job.complete
    name, reason = next(job.failures())
    assert name.startswith(f"{DONE}: ")
    assert reason


def test_events_whose_second_page_fails_are_kept_as_far_as_they_came(stocked, caller):
    stocked.fault_from_page(2, error(400, "odd"))
    job = open_job(caller, DONE, all_events=True)
    assert len(document(contents(job)["events.json"])["data"]) == 100
    assert [problem.part for problem in job.problems] == ["events"]


def test_an_empty_result_file_is_a_problem_not_a_run(stocked, caller):
    stocked.files[f"file-of-{DONE}"] = b" \n"
    job = open_job(caller, DONE)
    assert "empty" in job.problems[0].text
    assert "events.json" in contents(job)


@pytest.mark.parametrize(
    ("named", "n_problems"),
    [(None, 0), ([], 0), ("file-1", 0), ([{"id": f"file-of-{DONE}"}], 0), (["../../etc"], 1),
     ([None, 3, "file-none"], 3)],
)  # fmt: skip
def test_odd_lists_of_result_files_are_survived(stocked, caller, named, n_problems):
    stocked.jobs = [openai_job(DONE, result_files=named)]
    job = open_job(caller, DONE)
    assert all(NAMES.fullmatch(upload.name) for upload in job.uploads)
    assert "job.json" in contents(job)
    assert len(job.problems) == n_problems


def test_numbers_that_json_does_not_know_survive(platform, caller):
    platform.jobs = [openai_job("ftjob-1", "running")]
    body = b'{"data": [{"id": "e", "data": {"train_loss": NaN, "step": 1.0}}], "has_more": false}'
    platform.fault("/events", Reply(200, body))
    data = contents(open_job(caller, "ftjob-1"))["events.json"]
    assert b"NaN" in data
    assert json.loads(data)["data"][0]["data"]["step"] == 1.0


def test_a_job_that_is_not_there_cannot_be_opened(caller):
    with pytest.raises(SourceError, match="No such job"):
        open_job(caller, "ftjob-none")


def test_many_jobs_open_and_one_that_fails_does_not_stop_them(stocked, caller):
    stocked.jobs.append(openai_job("ftjob-2", "running"))
    jobs = list(open_jobs(caller, [DONE, "ftjob-none", " ftjob-2", DONE, "../x"]))
    assert [job.job_id for job in jobs] == [DONE, "ftjob-none", "ftjob-2", "../x"]
    assert [bool(job.uploads) for job in jobs] == [True, False, True, False]
    assert [bool(job.problems) for job in jobs] == [False, True, False, True]
    assert (caller.progress.part, caller.progress.share) == ("Job 4 of 4", 1.0)


def test_after_a_key_is_refused_the_rest_is_not_asked_for(stocked, caller):
    stocked.key = "another"
    jobs = list(open_jobs(caller, [f"ftjob-{n}" for n in range(50)]))
    assert len(stocked.seen) == 1
    assert len(jobs) == 50
    assert all("not accepted" in job.problems[0].text for job in jobs)


def test_a_wish_to_stop_ends_after_the_job_at_hand(stocked, caller):
    caller.progress._tell = lambda message: DONE in message and caller.progress.stop()
    first, second = open_jobs(caller, [DONE, "ftjob-2"])
    assert "Stopped" in first.problems[0].text
    assert "Stopped" in second.problems[0].text
    assert stocked.seen == []


def test_what_an_earlier_fetch_had_is_never_lost(stocked, caller):
    full = open_job(caller, DONE, all_events=True)
    stocked.seen.clear()
    assert list(open_jobs(caller, [DONE], known={DONE: full})) == [full]
    assert stocked.seen == []

    stocked.jobs[0]["status"] = "running"
    before = open_job(caller, DONE, all_events=True)
    stocked.fault("/events", error(404, "gone"))
    after = next(open_jobs(caller, [DONE], known={DONE: before}))
    assert contents(after).keys() == contents(before).keys()
    assert [problem.part for problem in after.problems] == ["events"]
    stocked.fault(f"jobs/{DONE}", error(404, "gone"))
    lost = next(open_jobs(caller, [DONE], known={DONE: after}))
    assert contents(lost) == contents(after)
    assert lost.status == "running"
    assert [problem.part for problem in lost.problems] == ["job"]


@needs(EXAMPLES)
@pytest.mark.parametrize(
    ("job", "checkpoint_list", "event_list", "result"),
    [
        ("openai_job_sft", "openai_checkpoints_sft", "openai_events_sft_all",
         "openai_result_sft.base64.txt"),
        ("openai_job_rft_running", "openai_checkpoints_rft", "openai_events_rft_all", None),
        ("azure_job_sft_succeeded", "azure_checkpoints_sft", "azure_events_sft",
         "azure_result_sft.csv"),
        ("azure_job_sft_pending", "azure_checkpoints_sft", "azure_events_sft", None),
    ],
)  # fmt: skip
def test_payloads_as_documented_come_through_unchanged(
    platform, caller, job, checkpoint_list, event_list, result
):
    def example(name):
        return document((EXAMPLES / f"{name}.json").read_bytes())

    platform.jobs = [example(job)]
    job_id = platform.jobs[0]["id"]
    platform.checkpoints = {job_id: example(checkpoint_list)["data"]}
    platform.events = {job_id: example(event_list)["data"]}
    if result:
        platform.files = {platform.jobs[0]["result_files"][0]: (EXAMPLES / result).read_bytes()}
    opened = open_job(caller, job_id, all_events=True)
    found = contents(opened)
    assert opened.problems == ()
    assert document(found["job.json"]) == platform.jobs[0]
    assert document(found["events.json"])["data"] == platform.events[job_id]
    assert document(found["checkpoints.json"])["data"] == platform.checkpoints[job_id]
    assert len(found) == (4 if result else 3)
