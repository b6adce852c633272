"""Workspace: a session in one file, so that it can be put away and opened again.

A zip of the files as they were loaded, beside JSON, TOML and CSV: nothing in it is ever run, and no
key is ever in it. The same session gives the same bytes.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import analysis
from analysis.errors import SourceError
from analysis.limits import thresholds_of, to_toml
from analysis.sources.expanding import BROKEN, TooLargeError, opened_zip
from analysis.sources.mapping import NO_MAPPING, ColumnMapping, mapping_of
from analysis.sources.uploads import Upload
from analysis.thresholds import GOLDILOCKS, Thresholds

SCHEMA = "goldilocks-workspace/1"
INDEX, LIMITS, MAPPING = "workspace.json", "thresholds.toml", "mapping.toml"
FILES, EVALUATIONS = "files", "evaluations"
DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold: a file's bytes tell no time
MAX_BYTES = 1_000_000_000  # unpacked; our choice, five times the largest upload
MAX_MEMBERS = 10_000
_MISSHAPEN = (json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError, KeyError)


@dataclass(frozen=True)
class Workspace:
    """What a session holds.

    Attributes
    ----------
    uploads : tuple of Upload
        The files its runs were read from.
    runs : tuple of str
        Identities of the runs that were open; others in the files were removed.
    thresholds : Thresholds
        The limits it judges by.
    mapping : ColumnMapping
        What its unknown columns mean.
    answer_tokens : mapping of str to float
        Length of the answers by run, where the user gave it.
    view : mapping of str to str
        What was chosen: run, step and view, as in a link.
    evaluations : mapping of str to bytes
        The user's own evaluations, as CSV by name.
    """

    uploads: tuple[Upload, ...]
    runs: tuple[str, ...]
    thresholds: Thresholds = GOLDILOCKS
    mapping: ColumnMapping = NO_MAPPING
    answer_tokens: Mapping[str, float] = field(default_factory=dict)
    view: Mapping[str, str] = field(default_factory=dict)
    evaluations: Mapping[str, bytes] = field(default_factory=dict)


def to_bytes(workspace: Workspace) -> bytes:
    """Return a workspace as the bytes of its file."""
    entries = {
        f"{FILES}/{place}{_suffix(upload.name)}": upload
        for place, upload in enumerate(workspace.uploads)
    }
    index = {
        "schema": SCHEMA,
        "version": analysis.__version__,
        "files": {entry: upload.name for entry, upload in entries.items()},
        "runs": list(workspace.runs),
        "answer_tokens": dict(workspace.answer_tokens),
        "view": dict(workspace.view),
        "evaluations": sorted(workspace.evaluations),
    }
    members = {
        INDEX: json.dumps(index, indent=1, ensure_ascii=False).encode(),
        LIMITS: to_toml(workspace.thresholds).encode(),
        MAPPING: workspace.mapping.to_toml().encode(),
        **{entry: upload.content for entry, upload in entries.items()},
        **{
            f"{EVALUATIONS}/{place}.csv": workspace.evaluations[name]
            for place, name in enumerate(sorted(workspace.evaluations))
        },
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def is_workspace(content: bytes) -> bool:
    """Return whether a file is a workspace, by what it holds."""
    try:
        with opened_zip(content) as archive:
            return {INDEX, LIMITS} <= set(archive.namelist())
    except (*BROKEN, TooLargeError):
        return False


def workspace_of(content: bytes, where: str = "workspace") -> Workspace:
    """Return the workspace in a file.

    Raises
    ------
    SourceError
        If it is none, is damaged, or unpacks to more than could have been saved.
    """
    try:
        with opened_zip(content) as archive:
            _check_size(archive, where)
            return _read(archive, where)
    except (*BROKEN, *_MISSHAPEN) as error:
        raise _damaged(where) from error


def _read(archive: zipfile.ZipFile, where: str) -> Workspace:
    index = json.loads(archive.read(INDEX).decode())
    if index.get("schema") != SCHEMA:
        raise SourceError(
            f"The workspace has the schema {str(index.get('schema'))[:40]!r}",
            where=where,
            remedy="Open it with the version that saved it",
        )
    names: Mapping[str, Any] = index["files"]
    evaluations = [str(name) for name in index.get("evaluations", [])]
    return Workspace(
        uploads=tuple(Upload(str(name), archive.read(entry)) for entry, name in names.items()),
        runs=tuple(str(run) for run in index["runs"]),
        thresholds=thresholds_of(archive.read(LIMITS), where=f"{where}: {LIMITS}"),
        mapping=mapping_of(archive.read(MAPPING), where=f"{where}: {MAPPING}"),
        answer_tokens={
            str(run): float(tokens)
            for run, tokens in index.get("answer_tokens", {}).items()
            if isinstance(tokens, (int, float))
        },
        view={str(name): str(value) for name, value in index.get("view", {}).items()},
        evaluations={
            name: archive.read(f"{EVALUATIONS}/{place}.csv")
            for place, name in enumerate(evaluations)
        },
    )


def _check_size(archive: zipfile.ZipFile, where: str) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
        raise SourceError(
            "The workspace unpacks to more than any session holds",
            where=where,
            remedy="Drop its files one by one",
        )


def _damaged(where: str) -> SourceError:
    return SourceError(
        "The file is no workspace, or is damaged", where=where, remedy="Save the session again"
    )


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) <= 8 else ".bin"
