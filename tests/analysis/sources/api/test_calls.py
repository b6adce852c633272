from email.utils import formatdate

import pytest

from analysis import SourceError
from analysis.sources.api.address import Provider
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import connect
from analysis.sources.api.explanations import AccessError
from analysis.sources.api.jobs import job_document, list_jobs
from tests.servers.fine_tuning import AZURE_KEY, OPENAI_KEY, PAGE, Reply, error
from tests.servers.payloads import openai_job


def refusal(caller) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list_jobs(caller)
    assert caught.value.remedy
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "bad", "invalid_api_key"), "key was not accepted"),
        (error(403, "Missing scopes: api.fine_tuning.jobs.read"), "read access to Fine-tuning"),
        (error(404, "Resource not found"), "nothing under this address"),
        (error(409, "busy"), "state of the job"),
        (error(400, "odd"), "refused the call"),
        (error(418, "teapot"), "status 418"),
        (error(422, "odd"), "refused the call"),
        (error(429, "slow down", Retry_After="61"), "in 61 seconds"),
        (error(429, "slow down", Retry_After="600"), "in 10 minutes"),
        (error(429, "slow down", Retry_After="nan", retry_after_ms="240000"), "in 4 minutes"),
        (error(429, "no money", "insufficient_quota", Retry_After="0"), "plan and billing"),
        (error(503, "away", Retry_After="600"), "in 10 minutes"),
    ],
)
def test_each_refusal_says_what_to_do_and_asks_no_more(platform, caller, reply, words):
    platform.fault("jobs", reply)
    assert words in str(refusal(caller))
    assert len(platform.seen) == 1


def test_a_date_to_retry_after_is_understood(platform, caller):
    platform.fault("jobs", error(429, "", Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"))
    assert "minutes" in str(refusal(caller))
    platform.mend()
    platform.fault("jobs", error(429, "", Retry_After=formatdate(0, usegmt=True)), times=1)
    assert list_jobs(caller).items == ()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_waited_for_and_told(platform, caller, status):
    told = []
    caller.progress._tell = told.append
    platform.jobs = [openai_job()]
    platform.fault("jobs", error(status, "a moment", Retry_After="0"), times=2)
    assert len(list_jobs(caller).items) == 1
    assert len(platform.seen) == 3
    assert any("wait" in message for message in told)


def test_a_fault_that_stays_is_said_after_three_times(platform, caller):
    platform.fault("jobs", error(500, "broken", Retry_After="0"))
    assert "fault of its own (status 500)" in str(refusal(caller))
    assert len(platform.seen) == 3


def test_a_connection_that_drops_once_is_tried_again(platform, caller):
    platform.jobs = [openai_job()]
    platform.fault("jobs", Reply(200, b'{"object": "list"}', cut_after=5), times=1)
    assert len(list_jobs(caller).items) == 1


def test_a_connection_that_keeps_dropping_is_said(platform, caller):
    platform.fault("jobs", Reply(200, b'{"object": "list"}', cut_after=5))
    assert "broke off" in str(refusal(caller))


@pytest.mark.parametrize(("declared", "words"), [(5, "none that"), (500, "broke off")])
def test_a_length_that_is_not_the_bodys_is_never_taken_for_an_answer(
    platform, caller, declared, words
):
    platform.fault("jobs", Reply(200, b'{"object": "list", "data": []}', declared=declared))
    assert words in str(refusal(caller))


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply(dribble=True)])
def test_a_server_that_holds_us_is_left(platform, hurried, reply):
    platform.fault("jobs", reply)
    assert "did not answer in time" in str(refusal(hurried))
    assert len(platform.seen) == 1


def test_an_answer_that_is_too_large_is_left(platform, hurried):
    platform.fault("jobs", Reply(200, b" " * (1 << 21)))
    assert "did not answer in time" in str(refusal(hurried))


def test_a_server_that_is_not_there_is_said():
    connection = connect(Provider.OPENAI, "http://127.0.0.1:9", OPENAI_KEY)
    with calling(connection) as caller:
        assert "cannot be reached (127.0.0.1)" in str(refusal(caller))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, PAGE, content_type="text/html; charset=utf-8"),
        Reply(200, PAGE),
        Reply(200, b"\n  <html>"),
        Reply(404, PAGE, content_type="text/html"),
    ],
)
def test_a_web_page_is_no_api_and_is_not_quoted(platform, caller, reply):
    platform.fault("jobs", reply)
    said = str(refusal(caller))
    assert "address" in said
    assert "html" not in said.lower()


def test_the_portal_in_place_of_the_api_names_the_right_address(platform):
    with calling(connect(Provider.AZURE, f"{platform.url}/portal", AZURE_KEY)) as caller:
        said = str(refusal(caller))
    assert "no API" in said
    assert "openai.azure.com" in said


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"{", b"\xff", b"[" * 100_000])
def test_an_answer_of_another_shape_is_refused(platform, caller, body):
    platform.fault("jobs", Reply(200, body))
    assert "none that the fine-tuning API gives" in str(refusal(caller))


def test_an_echo_of_the_key_is_hidden_whole_masked_or_in_part(platform, caller):
    echo = f"{OPENAI_KEY} / sk-pr***r678 / {OPENAI_KEY[9:19]} / Bearer {OPENAI_KEY}"
    platform.fault("jobs", error(401, f"Incorrect API key: {echo}", "invalid_api_key"))
    failure = refusal(caller)
    said = str(failure) + repr(failure)
    assert OPENAI_KEY[9:19] not in said
    assert "r678" not in said
    assert "Incorrect API key" in said


def test_the_platforms_words_are_kept_short(platform, caller):
    platform.fault("jobs", error(400, "word " * 1000))
    assert len(str(refusal(caller))) < 500


def test_an_answer_that_is_another_job_is_refused(platform, caller):
    platform.fault("jobs/ftjob-1", Reply(200, b'{"id": "ftjob-2"}'))
    with pytest.raises(SourceError, match="not the job"):
        job_document(caller, "ftjob-1")


def test_after_a_wish_to_stop_nothing_is_called(platform, caller):
    caller.progress.stop()
    with pytest.raises(AccessError, match="Stopped"):
        list_jobs(caller)
    assert platform.seen == []
