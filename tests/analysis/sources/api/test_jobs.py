import pytest

from analysis import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import connect
from analysis.sources.api.jobs import Change, change_job, job_document, list_jobs, listed
from analysis.sources.api.progress import Progress
from tests.servers.fine_tuning import OPENAI_KEY, Reply, error
from tests.servers.payloads import azure_job, openai_job


def many(count: int) -> list[dict]:
    return [openai_job(f"ftjob-{n}", "failed") for n in range(count)]


def ids(listing) -> list[str]:
    return [item["id"] for item in listing.items]


def test_all_pages_are_listed_in_the_platforms_order(platform, caller):
    platform.jobs = many(250)
    listing = list_jobs(caller)
    assert ids(listing) == [f"ftjob-{n}" for n in range(250)]
    assert listing.problem is None
    assert [request.query.get("after") for request in platform.seen] == [
        None, "ftjob-99", "ftjob-199",
    ]  # fmt: skip
    assert {request.query["limit"] for request in platform.seen} == {"100"}


def test_documents_come_as_they_were_sent(platform, caller):
    platform.jobs = [openai_job(error={}, extra={"deep": [1, None, -1, 1.5]}), azure_job()]
    assert list(list_jobs(caller).items) == platform.jobs


@pytest.mark.parametrize("count", [0, 1, 100, 101, 250])
def test_pages_that_do_not_say_whether_more_come_end_all_the_same(platform, caller, count):
    platform.jobs, platform.has_more = many(count), False
    assert len(ids(list_jobs(caller))) == count
    assert len(platform.seen) == -(-count // 100) + 1


def test_pages_that_repeat_end(platform, caller):
    platform.jobs, platform.repeating, platform.has_more = many(150), True, False
    assert len(ids(list_jobs(caller))) == 100
    assert len(platform.seen) == 2


def test_a_list_without_end_is_cut_and_said(platform, caller):
    platform.endless = True
    listing = list_jobs(caller, cap=350)
    assert len(listing.items) == 350
    assert "goes on after 350" in str(listing.problem)
    assert len(platform.seen) == 4


def test_a_page_that_fails_leaves_the_ones_before_it(platform, caller):
    platform.jobs = many(250)
    platform.fault_from_page(3, error(400, "odd"))
    listing = list_jobs(caller)
    assert len(listing.items) == 200
    assert "refused" in str(listing.problem)
    platform.fault_from_page(1, error(400, "odd"))
    with pytest.raises(SourceError):
        list_jobs(caller)


def test_a_list_that_is_stopped_keeps_what_it_has(platform):
    platform.jobs = many(500)
    progress = Progress(lambda message: "200 so far" in message and progress.stop())
    connection = connect(Provider.OPENAI, platform.url, OPENAI_KEY)
    with calling(connection, progress) as caller:
        listing = list_jobs(caller)
    assert len(listing.items) == 200
    assert "Stopped" in str(listing.problem)


@pytest.mark.parametrize(
    "body",
    [b'{"data": null, "has_more": false}', b'{"data": [1, "a", null, {}, {"id": 3}]}', b"{}"],
)
def test_items_without_an_id_are_left_out(platform, caller, body):
    platform.fault("jobs", Reply(200, body))
    assert list_jobs(caller).items == ()


@pytest.mark.parametrize(
    ("document", "name", "method", "status"),
    [
        (openai_job(), "tickets", "SFT", "succeeded"),
        (openai_job(user_provided_suffix=None), "tickets", "SFT", "succeeded"),
        (openai_job(status="paused", user_provided_suffix=None), "", "SFT", "paused"),
        (openai_job(method={"type": "reinforcement"}), "tickets", "RFT", "succeeded"),
        (openai_job(method={"type": "dpo"}), "tickets", "DPO", "succeeded"),
        (openai_job(method={"type": "new"}), "tickets", "new", "succeeded"),
        (azure_job(), "tickets", "SFT", "succeeded"),
        (azure_job(status="pending"), "", "SFT", "pending"),
        ({"id": "x", "status": None, "created_at": "soon", "method": 3}, "", "SFT", "unknown"),
    ],
)
def test_a_list_shows_name_method_and_status_of_any_job(document, name, method, status):
    shown = listed(document)
    assert (shown.name, shown.method, shown.status) == (name, method, status)


@pytest.mark.parametrize("job_id", ["", "  ", "../files", "a/b", "ftjob-1?x=1", "x" * 200, "ü"])
def test_what_is_no_id_is_refused_before_any_call(platform, caller, job_id):
    with pytest.raises(SourceError, match="no id"):
        job_document(caller, job_id)
    assert platform.seen == []


def test_blanks_around_an_id_are_taken_off(platform, caller):
    platform.jobs = [openai_job("ftjob-1")]
    assert job_document(caller, " ftjob-1\n")["id"] == "ftjob-1"


@pytest.mark.parametrize(
    ("change", "status"),
    [(Change.CANCEL, "cancelled"), (Change.PAUSE, "paused"), (Change.RESUME, "running")],
)
def test_a_job_that_runs_can_be_changed(platform, caller, change, status):
    platform.jobs = [openai_job("ftjob-1", "running")]
    assert change_job(caller, "ftjob-1", change)["status"] == status
    assert platform.seen[0].method == "POST"
    assert platform.seen[0].path.endswith(f"/ftjob-1/{change}")


def test_a_job_that_has_ended_cannot_be_changed(platform, caller):
    platform.jobs = [openai_job("ftjob-1")]
    with pytest.raises(SourceError, match="already succeeded"):
        change_job(caller, "ftjob-1", Change.CANCEL)


def test_a_change_is_asked_for_once(platform, caller):
    platform.jobs = [openai_job("ftjob-1", "running")]
    platform.fault("cancel", error(503, "away", Retry_After="0"))
    with pytest.raises(SourceError):
        change_job(caller, "ftjob-1", Change.CANCEL)
    assert len(platform.seen) == 1
