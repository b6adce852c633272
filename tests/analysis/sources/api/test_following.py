import pytest

from analysis import SourceError, read_uploads
from analysis.sources.api.following import follow
from tests.servers.fine_tuning import Platform, error
from tests.servers.payloads import as_openai_sends, checkpoints, events, openai_job, results

JOB = "ftjob-1"


def running(platform: Platform, n_steps: int) -> None:
    """Let a job have logged so many steps."""
    platform.jobs = [openai_job(JOB, "running")]
    platform.events[JOB] = events(300)[-n_steps:]


def test_a_second_look_asks_only_for_new_events(platform, caller):
    running(platform, 250)
    first = follow(caller, JOB)
    assert len(first.events) == 250
    platform.seen.clear()
    running(platform, 260)
    second = follow(caller, JOB, first)
    assert len(second.events) == 260
    assert [path.rsplit("/", 1)[-1] for path in platform.paths()] == [JOB, "events", "checkpoints"]


def test_a_look_without_news_asks_for_two_things(platform, caller):
    running(platform, 20)
    first = follow(caller, JOB)
    platform.seen.clear()
    second = follow(caller, JOB, first)
    assert second.events == first.events
    assert [path.rsplit("/", 1)[-1] for path in platform.paths()] == [JOB, "events"]


def test_checkpoints_that_fail_are_asked_for_again(platform, caller):
    running(platform, 20)
    platform.fault("checkpoints", error(403))
    first = follow(caller, JOB)
    assert "checkpoints" in first.problems[0]
    platform.mend()
    platform.checkpoints[JOB] = checkpoints(JOB, (10,))
    second = follow(caller, JOB, first)
    assert len(second.checkpoints) == 1
    assert second.problems == ()


def test_events_that_break_off_are_asked_for_from_the_start_again(platform, caller):
    running(platform, 150)
    platform.fault_from_page(2, error(403))
    with pytest.raises(SourceError):
        follow(caller, JOB)


def test_the_end_brings_the_result_file_once(platform, caller):
    running(platform, 20)
    first = follow(caller, JOB)
    platform.jobs = [openai_job(JOB)]
    platform.files[f"file-of-{JOB}"] = as_openai_sends(results())
    last = follow(caller, JOB, first)
    assert last.complete
    (run,) = read_uploads(last.uploads()).runs
    assert run.last_step == 120
    platform.seen.clear()
    follow(caller, JOB, last)
    assert not any("content" in path for path in platform.paths())
