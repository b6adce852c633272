import io
import struct
import tarfile
import zipfile

import pytest

from analysis import SourceError, Upload, read, read_uploads
from analysis.sources import expanding
from analysis.sources.expanding import Budget, expanded, is_archive
from tests.analysis.sources.packed import failures, gzipped, opened, tarred, the_run, zipped

CSV = b"step,train_loss,train_accuracy\n1,2.0,0.5\n2,1.0,0.6\n"


@pytest.mark.parametrize(
    "packed",
    [
        zipped({"a.csv": CSV}),
        gzipped(CSV),
        tarred({"a.csv": CSV}),
        gzipped(tarred({"deep/down/a.csv": CSV})),
        zipped({"a.csv.gz": gzipped(CSV)}),
        zipped({"b.zip": zipped({"a.csv": CSV})}),
        gzipped(gzipped(CSV)),
    ],
    ids=["zip", "gz", "tar", "tar.gz", "gz in zip", "zip in zip", "gz in gz"],
)
def test_a_packed_file_is_the_same_run(packed):
    assert is_archive(packed)
    assert the_run({"packed": packed}).frame.equals(read(CSV)[0].frame)


def test_a_gzipped_file_is_named_without_its_ending():
    assert the_run({"fit.csv.gz": gzipped(CSV)}).name == "fit"


def test_files_of_a_mac_and_folders_are_passed_over():
    files = {"__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0", "folder/": b"", "a.csv": CSV}
    assert the_run({"a.zip": zipped(files)}).notes[-1].code != "passed_over"


def test_a_models_files_beside_the_metrics_are_noted_not_failures():
    files = {
        "checkpoint-2/config.json": b'{"hidden_size": 8}',
        "checkpoint-2/model.safetensors": b"\0\1\2",
        "checkpoint-2/README.md": b"# a model\n",
        "metrics.csv": CSV,
    }
    run = the_run({"a.zip": zipped(files)})
    note = next(note for note in run.notes if note.code == "passed_over")
    assert note.count == 3


def test_a_broken_metric_file_in_an_archive_is_a_failure_and_the_others_are_read():
    broken = b"step,train_loss,x\n1,2\n2,3\n3,4\n"
    readings = read_uploads([Upload("a.zip", zipped({"a.csv": CSV, "b.csv": broken}))])
    assert len(readings.runs) == 1
    assert "another number of cells" in readings.failures[0].error


def test_a_member_whose_bytes_are_damaged_does_not_take_the_others_with_it():
    content = bytearray(zipped({"a.csv": CSV * 50, "b.csv": CSV}))
    content[40:60] = b"\xff" * 20
    readings = read_uploads([Upload("a.zip", bytes(content))])
    assert len(readings.runs) == 1
    assert "broken in the archive" in readings.failures[0].error


def test_an_encrypted_member_is_named_and_the_others_are_read():
    content = bytearray(zipped({"secret.csv": CSV, "open.csv": CSV}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    readings = read_uploads([Upload("a.zip", bytes(content))])
    assert len(readings.runs) == 1
    assert "secret.csv" in readings.failures[0].error
    assert "encrypted" in readings.failures[0].error


@pytest.mark.parametrize(
    "name", ["../up.csv", "/root.csv", "a/../../up.csv", "C:\\up.csv", "..\\x"]
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_path_that_leads_outside_is_refused_and_the_others_are_read(name, pack):
    readings = read_uploads([Upload("a", pack({name: CSV, "a.csv": CSV}))])
    assert len(readings.runs) == 1
    assert "leads outside" in readings.failures[0].error


def test_links_in_a_tar_are_not_followed():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "link.csv"), (tarfile.LNKTYPE, "hard.csv")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert "holds no metric files" in failures({"a.tar": buffer.getvalue()})[0]


@pytest.mark.parametrize(
    "bomb",
    [
        gzipped(bytes(1 << 25)),
        zipped({"a.csv": bytes(1 << 26)}),
        gzipped(tarred({"a.csv": bytes(1 << 25)})),
        zipped({"b.gz": gzipped(bytes(1 << 25))}),
    ],
    ids=["gz", "zip", "tar.gz", "gz in zip"],
)
def test_what_grows_a_thousand_times_is_refused(bomb):
    assert "expands beyond the limits" in failures({"bomb": bomb})[0]


def test_all_members_together_may_not_exceed_the_budget():
    upload = Upload("a.zip", zipped({f"{i}.csv": CSV for i in range(4)}))
    with pytest.raises(SourceError, match="expands beyond the limits"):
        list(expanded(upload, Budget(size=3 * len(CSV))))
    with pytest.raises(SourceError, match="expands beyond the limits"):
        list(expanded(upload, Budget(members=3)))
    assert len(list(expanded(upload, Budget(size=4 * len(CSV), members=4)))) == 4


def test_a_table_of_contents_without_end_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(expanding, "MAX_ENTRIES", 3)
    upload = Upload("a.zip", zipped({f"{i}.csv": CSV for i in range(4)}))
    with pytest.raises(SourceError, match="expands beyond the limits"):
        list(expanded(upload))


def test_archives_nested_without_end_are_refused():
    content = CSV
    for _ in range(5):
        content = zipped({"inner.zip": content})
    assert "nest more than 3 deep" in failures({"a.zip": content})[0]


def test_a_zip_within_itself_by_overlapping_entries_counts_each_of_them():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", CSV)
    content = buffer.getvalue()
    entry = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    twice = content[entry:end] * 3
    tail = bytearray(content[end:])
    tail[8:16] = struct.pack("<HHI", 3, 3, len(twice))
    upload = Upload("a.zip", content[:entry] + twice + bytes(tail))
    with pytest.raises(SourceError, match="expands beyond the limits"):
        list(expanded(upload, Budget(members=2)))


@pytest.mark.parametrize(
    "broken", [b"PK\x03\x04", b"\x1f\x8b", gzipped(CSV)[:-9], zipped({"a": CSV})[:60]]
)
def test_a_broken_archive_says_so(broken):
    assert "broken" in failures({"a": broken})[0]


@pytest.mark.parametrize(
    "empty", [zipped({}), zipped({"notes.md": b"# nothing"}), zipped({"f/": b""})]
)
def test_an_archive_without_metrics_says_so_once(empty):
    (error,) = failures({"a.zip": empty})
    assert "holds no metric files" in error
    with pytest.raises(
        SourceError, match=r"holds no metric files\. Pack the metric files themselves\.$"
    ):
        read(empty)


def test_the_good_files_before_a_broken_end_are_kept():
    whole = tarred({"a.csv": CSV, "b.csv": CSV * 40})
    assert len(read_uploads([Upload("a.tar", whole[:1700])]).runs) == 1


@pytest.mark.parametrize("inner", [b"PK\x03\x04", b"\x1f\x8b", gzipped(gzipped(gzipped(CSV)))])
def test_a_broken_archive_within_another_does_not_take_its_neighbours_with_it(inner):
    readings = read_uploads([Upload("a.zip", zipped({"inner.csv": inner, "a.csv": CSV}))])
    assert [run.name for run in readings.runs] == ["a"]
    assert "a.zip/inner.csv" in readings.failures[0].error


def test_an_archive_of_archives_keeps_paths_apart():
    inner = zipped({"a.csv": CSV})
    runs = opened(
        {"o.zip": zipped({"x/i.zip": inner, "y/i.zip": inner.replace(b"a.csv", b"b.csv")})}
    )
    assert [run.name for run in runs] == ["a", "b"]
    assert runs[0].origin.path == "o.zip/x/i.zip/a.csv"
