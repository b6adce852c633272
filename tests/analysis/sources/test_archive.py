import io
import json
import os
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import SourceError, Upload, read_uploads
from analysis.sources.api.job_files import JobFiles, Problem
from analysis.sources.archive import archive_bytes, archive_of, read_archive, write_archive
from tests.servers.payloads import results


def job(job_id: str, status: str = "succeeded", **parts) -> JobFiles:
    uploads = (
        Upload(f"jobs/{job_id}/results/file-{job_id}.csv", results()),
        Upload(f"jobs/{job_id}/job.json", b'{"id": "x"}'),
    )
    return JobFiles(job_id, status, uploads, **parts)


FULL = job("ftjob-b")
PARTIAL = job("ftjob-a", problems=(Problem("events", "The key may not do that"),))
ARCHIVE = archive_of(
    "openai", [FULL, PARTIAL, JobFiles("ftjob-c", None, (), (Problem("job", "x"),))]
)


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def repacked(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def without_order(found):
    return {
        job_id: (one.status, one.problems, sorted(one.uploads, key=lambda upload: upload.name))
        for job_id, one in found.jobs.items()
    }


def test_what_goes_into_an_archive_comes_out_of_it():
    found = read_archive(archive_bytes(ARCHIVE))
    assert found.provider == "openai"
    assert without_order(found) == without_order(ARCHIVE)
    assert [one.complete for one in found.jobs.values()] == [False, True, False]


def test_the_same_jobs_give_the_same_bytes_in_any_order():
    assert archive_bytes(archive_of("openai", reversed(ARCHIVE.jobs.values()))) == archive_bytes(
        ARCHIVE
    )
    with zipfile.ZipFile(io.BytesIO(archive_bytes(ARCHIVE))) as packed:
        assert packed.namelist() == sorted(packed.namelist())
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_says_what_is_there_and_what_is_not():
    manifest = json.loads(entries(archive_bytes(ARCHIVE))["manifest.json"])
    assert manifest["format"] == "goldilocks-archive/1"
    assert manifest["provider"] == "openai"
    first = manifest["jobs"][0]
    assert (first["id"], first["status"], first["complete"]) == ("ftjob-a", "succeeded", False)
    assert first["problems"] == [{"part": "events", "problem": "The key may not do that"}]
    assert first["files"][1]["size"] == len(results())
    assert len(first["files"][1]["sha256"]) == 64


def test_an_archives_result_files_read_as_runs():
    archive = read_archive(archive_bytes(archive_of("openai", [FULL])))
    assert [run.last_step for run in read_uploads(archive.uploads).runs] == [120]


def test_a_file_that_was_changed_is_left_out_and_named():
    files = entries(archive_bytes(ARCHIVE))
    files["jobs/ftjob-b/job.json"] = b"{}"
    del files["jobs/ftjob-a/job.json"]
    found = read_archive(repacked(files))
    assert [len(one.uploads) for one in found.jobs.values()] == [1, 1, 0]
    assert not any(one.complete for one in found.jobs.values())
    assert found.jobs["ftjob-b"].problems[-1].part == "job.json"


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "jobs/ftjob-b/../../x", "jobs/ftjob-a/job.json", "jobs/ftjob-b/x"],
)
def test_names_that_lead_elsewhere_are_left_out(name):
    files = entries(archive_bytes(archive_of("openai", [FULL])))
    manifest = json.loads(files["manifest.json"])
    content = files["jobs/ftjob-b/job.json"]
    manifest["jobs"][0]["files"][0]["name"] = name
    found = read_archive(
        repacked({**files, name: content, "manifest.json": json.dumps(manifest).encode()})
    )
    assert [upload.name for upload in found.uploads] == [FULL.uploads[0].name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 but no more",
        b"step,train_loss\n1,2\n",
        repacked({"a.txt": b"x"}),
        repacked({"manifest.json": b"{"}),
        repacked({"manifest.json": b"[]"}),
        repacked({"manifest.json": b'{"format": "other/1", "jobs": []}'}),
        archive_bytes(ARCHIVE)[:-40],
    ],
)
def test_what_is_no_archive_is_refused_with_what_to_do(content):
    with pytest.raises(SourceError) as caught:
        read_archive(content)
    assert caught.value.remedy


def test_a_zip_that_claims_to_be_huge_is_not_unpacked():
    content = bytearray(archive_bytes(ARCHIVE))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(SourceError, match="too large"):
        read_archive(bytes(content))


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_broken_byte_is_noticed_or_harmless(at, value):
    content = bytearray(archive_bytes(archive_of("openai", [FULL])))
    content[at % len(content)] = value
    try:
        found = read_archive(bytes(content))
    except SourceError as error:
        said = error.remedy
    else:
        ours = {upload.name: upload.content for upload in FULL.uploads}
        said = all(ours.get(upload.name) == upload.content for upload in found.uploads)
    assert said


def test_an_archive_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.zip"
    write_archive(path, ARCHIVE)
    assert path.read_bytes() == archive_bytes(ARCHIVE)
    assert [item.name for item in tmp_path.iterdir()] == ["a.zip"]
    before = path.read_bytes()
    broken = replace(FULL, uploads=(Upload("jobs/ftjob-b/job.json", None),))
    with pytest.raises(TypeError):
        write_archive(path, archive_of("openai", [broken]))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.zip"]  # noqa: PTH208


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path):
    with pytest.raises(SourceError, match="--out"):
        write_archive(tmp_path / "none" / "a.zip", ARCHIVE)
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(SourceError, match="--out"):
        write_archive(tmp_path / "folder.zip", ARCHIVE)
    assert [item.name for item in tmp_path.iterdir()] == ["folder.zip"]
