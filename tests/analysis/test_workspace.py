"""Workspace: what is saved comes back, and what is no workspace is refused."""

import io
import json
import zipfile

import pytest

from analysis import GOLDILOCKS, SourceError, Upload
from analysis.limits import with_limits
from analysis.sources.mapping import ColumnMapping
from analysis.workspace import (
    INDEX,
    SCHEMA,
    Workspace,
    is_workspace,
    to_bytes,
    workspace_of,
)

FULL = Workspace(
    uploads=(
        Upload("a/../../b.csv", b"step,train_loss\n1,2\n"),
        Upload("same.csv", b"1"),
        Upload("same.csv", b"2"),
        Upload("no suffix", b"\x00\xff"),
    ),
    runs=("abc", "def"),
    thresholds=with_limits(GOLDILOCKS, {"ratio_mild": 1.3}),
    mapping=ColumnMapping({"my loss": "train_loss"}, count_rows=True),
    answer_tokens={"abc": 2.5},
    view={"run": "abc", "step": "100"},
    evaluations={"scores": b"score\n0.5\n"},
)


def rewritten(**changes: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(to_bytes(FULL))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if changes.get(name, b"") is not None:
                new.writestr(name, changes.get(name, old.read(name)))
    return buffer.getvalue()


def test_what_is_saved_comes_back():
    content = to_bytes(FULL)
    assert is_workspace(content)
    assert workspace_of(content) == FULL
    assert workspace_of(to_bytes(Workspace((), ()))) == Workspace((), ())


def test_the_same_session_gives_the_same_bytes():
    assert to_bytes(FULL) == to_bytes(workspace_of(to_bytes(FULL)))


def test_entries_are_numbers_whatever_the_files_are_called():
    with zipfile.ZipFile(io.BytesIO(to_bytes(FULL))) as archive:
        names = set(archive.namelist())
    assert {"files/0.csv", "files/1.csv", "files/2.csv", "files/3.bin"} < names
    assert not [name for name in names if ".." in name]


@pytest.mark.parametrize("content", [b"", b"PK", b"step,train_loss\n1,2\n"])
def test_other_files_are_no_workspaces(content):
    assert not is_workspace(content)
    with pytest.raises(SourceError, match="no workspace"):
        workspace_of(content)


def test_an_archive_of_metrics_is_no_workspace():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("results.csv", "step,train_loss\n1,2\n")
    assert not is_workspace(buffer.getvalue())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({INDEX: b"{"}, "damaged"),
        ({INDEX: b"[]"}, "damaged"),
        ({INDEX: json.dumps({"schema": SCHEMA}).encode()}, "damaged"),
        ({INDEX: json.dumps({"schema": "goldilocks-workspace/9"}).encode()}, "has the schema"),
        (
            {INDEX: json.dumps({"schema": SCHEMA, "files": {"x": "y"}, "runs": []}).encode()},
            "damaged",
        ),
        ({"thresholds.toml": b"[thresholds]\nnone = 1\n"}, "no threshold 'none'"),
        ({"mapping.toml": b"["}, "no TOML"),
    ],
)
def test_a_damaged_workspace_is_a_clear_error(changes, words):
    with pytest.raises(SourceError, match=words):
        workspace_of(rewritten(**changes))


def test_a_broken_entry_is_a_clear_error():
    content = bytearray(to_bytes(Workspace((Upload("a.csv", b"x" * 500),), ())))
    place = content.index(b"files/0.csv") + len(b"files/0.csv")
    content[place : place + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(SourceError, match="damaged"):
        workspace_of(bytes(content))
