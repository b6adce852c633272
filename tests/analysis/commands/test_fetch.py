import json
import os
import signal
import subprocess
import sys
import zipfile

import pytest

from analysis.sources.archive import read_archive
from tests.servers.fine_tuning import AZURE_KEY, OPENAI_KEY, Platform, error, serving
from tests.servers.payloads import (
    as_openai_sends,
    azure_job,
    checkpoints,
    events,
    openai_job,
    results,
)
from tests.shared_data import ROOT

KEYS = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}


def stocked(platform: Platform, n_jobs: int) -> Platform:
    platform.jobs = [openai_job(f"ftjob-{n}") for n in range(n_jobs)]
    for job in platform.jobs:
        platform.files[f"file-of-{job['id']}"] = as_openai_sends(results())
        platform.checkpoints[job["id"]] = checkpoints(job["id"])
        platform.events[job["id"]] = events(30)
    return platform


@pytest.fixture
def platform():
    with serving(stocked(Platform(), 3)) as served:
        yield served


def environment(**variables: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "AZURE_"))}
    return kept | variables


def command(platform: Platform, *arguments: str, provider: str = "openai") -> list[str]:
    return [
        sys.executable, "-W", "error", "-m", "analysis", "fetch", "--provider", provider,
        "--base-url", platform.url, *arguments,
    ]  # fmt: skip


def fetch(platform: Platform, *arguments: str, provider: str = "openai", **variables: str):
    known = variables or {KEYS[provider]: platform.key}
    return subprocess.run(
        command(platform, *arguments, provider=provider),
        cwd=ROOT, env=environment(**known), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_all_jobs_come_with_everything_they_left(platform, tmp_path):
    out = tmp_path / "all.zip"
    result = fetch(platform, "--all", "--out", str(out))
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert "3 jobs looked at, 0 problems" in result.stderr
    archive = read_archive(out.read_bytes())
    assert list(archive.jobs) == ["ftjob-0", "ftjob-1", "ftjob-2"]
    assert all(job.complete and len(job.uploads) == 4 for job in archive.jobs.values())
    assert archive.jobs["ftjob-0"].uploads[-1].content == as_openai_sends(results())


def test_the_key_is_nowhere_in_archive_or_messages(platform, tmp_path):
    platform.fault("ftjob-1/events", error(403, f"key {OPENAI_KEY} of {OPENAI_KEY[8:30]}"))
    out = tmp_path / "all.zip"
    result = fetch(platform, "--all", "--out", str(out))
    assert result.returncode == 2
    with zipfile.ZipFile(out) as packed:
        unpacked = b"".join(packed.read(name) for name in packed.namelist()).decode()
    for text in (result.stderr, result.stdout, unpacked):
        assert OPENAI_KEY[8:16] not in text
        assert platform.url not in unpacked


def test_a_second_call_keeps_what_is_whole_and_fetches_the_rest(platform, tmp_path):
    out = tmp_path / "a.zip"
    platform.fault("ftjob-1/checkpoints", error(404, "gone"))
    platform.jobs[2]["status"] = "running"
    assert fetch(platform, "--all", "--out", str(out)).returncode == 2
    platform.mend()
    platform.jobs[2]["status"] = "succeeded"
    platform.seen.clear()
    assert fetch(platform, "--all", "--out", str(out)).returncode == 0
    assert not [path for path in platform.paths() if "ftjob-0" in path]
    assert [path for path in platform.paths() if "ftjob-1" in path]
    assert [path for path in platform.paths() if "ftjob-2" in path]
    assert all(job.complete for job in read_archive(out.read_bytes()).jobs.values())

    once = out.read_bytes()
    platform.seen.clear()
    assert fetch(platform, "--all", "--out", str(out)).returncode == 0
    assert out.read_bytes() == once
    assert len(platform.seen) == 1


def test_jobs_of_earlier_calls_stay(platform, tmp_path):
    out = tmp_path / "a.zip"
    assert fetch(platform, "ftjob-0", "--out", str(out)).returncode == 0
    assert fetch(platform, "ftjob-1", "--out", str(out)).returncode == 0
    assert list(read_archive(out.read_bytes()).jobs) == ["ftjob-0", "ftjob-1"]


def test_a_job_that_is_not_there_is_named_and_the_others_are_kept(platform, tmp_path):
    out = tmp_path / "a.zip"
    result = fetch(platform, "ftjob-0", "ftjob-none", "--out", str(out))
    assert result.returncode == 2
    assert "Not fetched: ftjob-none: job: " in result.stderr
    archive = read_archive(out.read_bytes())
    assert archive.jobs["ftjob-0"].complete
    assert not archive.jobs["ftjob-none"].uploads


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_call_leaves_an_archive_that_says_what_it_lacks(tmp_path, how):
    out = tmp_path / "a.zip"
    with serving(stocked(Platform(), 9)) as platform:
        platform.hold("ftjob-6/events")
        running = subprocess.Popen(
            command(platform, "--all", "--out", str(out)),
            cwd=ROOT, env=environment(OPENAI_API_KEY=OPENAI_KEY), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not any("ftjob-6/events" in path for path in platform.paths()):
            assert running.poll() is None
        running.send_signal(how)
        rest = running.communicate(timeout=60)[1]
        assert running.returncode == (2 if how != signal.SIGKILL else -signal.SIGKILL)
        archive = read_archive(out.read_bytes())
        whole = [job.job_id for job in archive.jobs.values() if job.complete]
        assert len(whole) == (6 if how != signal.SIGKILL else 4)
        assert len(archive.jobs) == 9
        assert "Traceback" not in rest
        assert how == signal.SIGKILL or [item.name for item in tmp_path.iterdir()] == ["a.zip"]

        platform.mend()
        platform.release()
        platform.seen.clear()
        assert fetch(platform, "--all", "--out", str(out)).returncode == 0
        assert not [path for path in platform.paths() if "ftjob-0" in path]
        assert all(job.complete for job in read_archive(out.read_bytes()).jobs.values())


def test_a_call_stopped_while_it_lists_writes_nothing(platform, tmp_path):
    out = tmp_path / "a.zip"
    platform.hold("fine_tuning/jobs")
    running = subprocess.Popen(
        command(platform, "--all", "--out", str(out)),
        cwd=ROOT, env=environment(OPENAI_API_KEY=OPENAI_KEY), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "Calling" in running.stderr.readline()
    while not platform.seen:
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    rest = running.communicate(timeout=60)[1]
    assert running.returncode == 2
    assert rest == "Stopped before anything was fetched\n"
    assert not out.exists()


def test_azure_takes_its_key_and_address_from_the_environment(tmp_path):
    out = tmp_path / "a.zip"
    with serving(Platform(key=AZURE_KEY, jobs=[azure_job()])) as platform:
        platform.files = {"file-of-ftjob-0a1": results()}
        platform.checkpoints = {"ftjob-0a1": checkpoints("ftjob-0a1")}
        arguments = command(platform, "--all", "--out", str(out), provider="azure")
        result = subprocess.run(
            [word for word in arguments if word not in {"--base-url", platform.url}],
            cwd=ROOT, capture_output=True, text=True, check=False,
            env=environment(AZURE_OPENAI_API_KEY=AZURE_KEY, AZURE_OPENAI_ENDPOINT=platform.url),
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        assert f"Calling {platform.url}/openai/v1/" in result.stderr
        assert {request.path.split("/fine")[0].split("/files")[0] for request in platform.seen} == {
            "/openai/v1"
        }
        assert fetch(
            platform, "--all", "--out", str(tmp_path / "b.zip"), "--api-version",
            "2025-04-01-preview", provider="azure",
        ).returncode == 0  # fmt: skip
        assert platform.seen[-1].headers["api-key"] == AZURE_KEY
    manifest = json.loads(zipfile.ZipFile(out).read("manifest.json"))
    assert manifest["provider"] == "azure"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--out", "x.zip"], "Name the jobs"),
        (["--all", "ftjob-1", "--out", "x.zip"], "Name the jobs"),
        (["--all"], "--out"),
        (["../x", "--out", "x.zip"], "no id"),
        (["--all", "--out", "none/x.zip"], "--out"),
        (["--all", "--out", "README.md"], "Something else is there"),
    ],
)
def test_a_call_whose_words_are_off_is_refused(platform, arguments, word):
    result = fetch(platform, *arguments)
    assert result.returncode == 2
    assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert not (ROOT / "x.zip").exists()


def test_without_a_key_in_the_environment_the_call_says_which(platform):
    result = fetch(platform, "--all", "--out", "x.zip", PATH_UNUSED="")
    assert result.returncode == 2
    assert "Set OPENAI_API_KEY" in result.stderr
    assert platform.seen == []


def test_a_refused_key_writes_no_archive(platform, tmp_path):
    out = tmp_path / "a.zip"
    result = fetch(platform, "--all", "--out", str(out), OPENAI_API_KEY="sk-wrong-key-000")
    assert result.returncode == 2
    assert "not accepted" in result.stderr
    assert "wrong-key" not in result.stderr
    assert not out.exists()


def test_an_archive_of_the_other_provider_is_not_mixed(platform, tmp_path):
    out = tmp_path / "a.zip"
    assert fetch(platform, "--all", "--out", str(out)).returncode == 0
    result = fetch(platform, "--all", "--out", str(out), provider="azure")
    assert result.returncode == 2
    assert "jobs of openai" in result.stderr


def test_the_help_says_that_openai_ends_and_where_keys_come_from():
    result = subprocess.run(
        [sys.executable, "-m", "analysis", "fetch", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "2027-01-06" in result.stdout
    assert "OPENAI_API_KEY" in result.stdout
    assert "--key" not in result.stdout
