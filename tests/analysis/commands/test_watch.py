import json
import shlex
import subprocess
import sys
import threading
import time

import pytest

from analysis.errors import SourceError
from analysis.sources.api.calls import calling
from analysis.sources.api.connection import Limits, connect
from analysis.watching.feeds import JobFeed, Sight
from analysis.watching.keeping import MAX_FAULTS, Fault, kept
from analysis.watching.watched import Settings
from tests.analysis.commands.test_fetch import environment
from tests.servers.fine_tuning import OPENAI_KEY, Platform, Reply, error, serving
from tests.servers.payloads import as_openai_sends, events, openai_job, results
from tests.shared_data import ROOT, SAMPLES

JOB = "ftjob-1"
IMPATIENT = Limits(connect=2.0, read=0.3, answer=0.5, size=1 << 20)


@pytest.fixture
def platform():
    with serving(Platform(jobs=[openai_job(JOB, "queued")])) as served:
        yield served


def succeed(platform: Platform) -> None:
    platform.jobs = [openai_job(JOB)]
    platform.files[f"file-of-{JOB}"] = as_openai_sends(results())


def command(platform: Platform, *arguments: str) -> list[str]:
    return [
        sys.executable, "-W", "error", "-m", "analysis", "watch", "--provider", "openai",
        "--base-url", platform.url, "--job", JOB, "--every", "0.05", *arguments,
    ]  # fmt: skip


def watch(*arguments: str, **variables: str):
    return subprocess.run(
        arguments, cwd=ROOT, env=environment(**(variables or {"OPENAI_API_KEY": OPENAI_KEY})),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_a_job_is_watched_through_faults_to_its_end_and_told_once(platform, tmp_path):
    told = tmp_path / "told.jsonl"
    code = f"import sys; open({str(told)!r}, 'a').write(sys.stdin.read() + '\\n')"
    call = shlex.join([sys.executable, "-c", code])

    def run_the_job() -> None:
        def wait_for(n_calls: int) -> None:
            goal = len(platform.seen) + n_calls
            while len(platform.seen) < goal:
                time.sleep(0.02)

        wait_for(4)
        platform.jobs = [openai_job(JOB, "running")]
        for n_steps in (5, 40, 80):
            platform.events[JOB] = events(90)[-n_steps:]
            wait_for(4)
        platform.fault("jobs", error(500), times=4)
        wait_for(8)
        succeed(platform)

    job = threading.Thread(target=run_the_job, daemon=True)
    job.start()
    result = watch(*command(platform, "--exec", call))
    job.join()
    assert result.returncode == 1, result.stderr
    assert result.stdout == ""
    assert OPENAI_KEY[8:16] not in result.stderr
    for words in ("queued", "too early", "fault of its own", "succeeded"):
        assert words in result.stderr
    alerts = [json.loads(line) for line in told.read_text().splitlines()]
    assert [alert["status"] for alert in alerts] == ["fail"]
    assert alerts[0]["job"] == JOB
    assert alerts[0]["final"]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_job_that_does_not_succeed_ends_with_1(platform, status):
    platform.jobs = [openai_job(JOB, status)]
    result = watch(*command(platform))
    assert result.returncode == 1
    assert status in result.stderr


def test_a_wrong_key_ends_at_once_with_2(platform):
    result = watch(*command(platform), OPENAI_API_KEY="sk-wrong-0123456789")
    assert result.returncode == 2
    assert "key was not accepted" in result.stderr
    assert "sk-wrong" not in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--webhook", "http://example.com/x"],
        ["--exec", "'open"],
        ["--every", "0"],
        ["--file", "x.csv"],
    ],
)
def test_words_that_are_off_are_refused_before_anything_is_asked(platform, words):
    assert watch(*command(platform, *words)).returncode == 2
    assert platform.seen == []


def test_a_file_is_watched_until_it_is_quiet(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes((SAMPLES / "healthy.csv").read_bytes())
    result = watch(
        sys.executable, "-m", "analysis", "watch", "--file", str(path), "--every", "0.1",
        "--quiet", "0.5",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "so far" in result.stderr
    assert "so far" not in result.stderr.splitlines()[-1]


def test_timeouts_are_waited_out(platform):
    platform.fault("jobs", Reply(silent=True), times=2)
    succeed(platform)
    waits = []
    connection = connect("openai", platform.url, OPENAI_KEY)
    with calling(connection, limits=IMPATIENT) as caller:
        news = list(kept(JobFeed(caller, JOB), JOB, 1.0, waits.append, Settings()))
    assert [type(item) for item in news[:2]] == [Fault, Fault]
    assert waits == [2.0, 4.0]
    assert news[-1].look.ended


class Deaf:
    """A feed that never answers."""

    def look(self) -> Sight:
        raise SourceError("Nothing")


def test_patience_ends_and_the_wait_does_not_grow_for_ever():
    waits = []
    with pytest.raises(SourceError, match="Nothing"):
        list(kept(Deaf(), JOB, 1.0, waits.append, Settings()))
    assert len(waits) == MAX_FAULTS
    assert max(waits) == 600.0
