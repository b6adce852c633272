"""Reading: paths and uploads to runs, by content, one bad file never taking the good ones."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from analysis.canonical import ImportNote, count_of
from analysis.errors import SourceError
from analysis.run import Run
from analysis.sources.expanding import expanded, is_archive
from analysis.sources.joining import runs_of
from analysis.sources.mapping import NO_MAPPING, ColumnMapping, UnknownTableError
from analysis.sources.part import Part
from analysis.sources.recognition import NoMetricsError, parts_of
from analysis.sources.uploads import Upload, name_of, printable, upload_of

# Files in an archive or folder that are worth a word when they hold no metrics.
METRIC_SUFFIXES = frozenset({".csv", ".tsv", ".jsonl", ".json", ".parquet", ".tfevents"})
MAX_NAMED = 4  # files named in one note


@dataclass(frozen=True)
class Failure:
    """An input that could not be read, and why.

    Attributes
    ----------
    source : str
        Path or name as the user gave it.
    error : str
        What is wrong and what to do.
    unmapped : Upload or None
        The input, where naming its columns would make it readable.
    table : UnknownTableError or None
        Its columns and first rows, likewise.
    waits : bool
        Whether it was read and only lacks the file it belongs to.
    """

    source: str
    error: str
    unmapped: Upload | None = None
    table: UnknownTableError | None = None
    waits: bool = False


@dataclass(frozen=True)
class Readings:
    """What came of several inputs.

    Attributes
    ----------
    runs : tuple of Run
        In the order of the inputs, with distinct names.
    failures : tuple of Failure
        The inputs that gave no run.
    parts : tuple of Part
        What was read, so that files that come later can be joined to it.
    """

    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]
    parts: tuple[Part, ...] = ()


def read(
    source: str | Path | bytes, name: str | None = None, mapping: ColumnMapping = NO_MAPPING
) -> list[Run]:
    """Return the runs in one file.

    Parameters
    ----------
    source : str, Path or bytes
        A path, or the file's content.
    name : str, optional
        Name for the run; by default what the file says, or the file name's stem.
    mapping : ColumnMapping, optional
        What columns mean, where their names do not say.

    Raises
    ------
    SourceError
        If the file cannot be opened or is no metric file that is known.
    """
    upload = Upload(name or "run", source) if isinstance(source, bytes) else upload_of(Path(source))
    if not is_archive(upload.content):
        runs, failed = runs_of(parts_of(upload, mapping))
        if not runs:
            raise failed[0][1] if failed else SourceError(_EMPTY, remedy=_PACK)
    else:
        readings = read_uploads([upload], mapping)
        runs = list(readings.runs)
        if not runs:
            raise SourceError(readings.failures[0].error.removesuffix("."))
    return [replace(runs[0], name=name_of(name))] if name and len(runs) == 1 else runs


def read_uploads(
    uploads: Iterable[Upload], mapping: ColumnMapping = NO_MAPPING, earlier: Iterable[Part] = ()
) -> Readings:
    """Return every run in the uploads, those that belong together joined.

    Parameters
    ----------
    uploads : iterable of Upload
        Files and archives.
    mapping : ColumnMapping, optional
        What columns mean, where their names do not say.
    earlier : iterable of Part, optional
        What was read before, to be joined with; a file that comes again replaces itself.
    """
    known = {_identity(part): part for part in earlier}
    failures: list[Failure] = []
    for upload in uploads:
        found, failed = _parts_in(upload, mapping)
        known.update({_identity(part): part for part in found})
        failures.extend(failed)
    runs, strays = runs_of(known.values())
    failures.extend(Failure(path, str(error), waits=True) for path, error in strays)
    return Readings(with_distinct_names(runs), tuple(failures), tuple(known.values()))


def with_distinct_names(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs with their folder before a name that several have, else with a number."""
    runs = tuple(runs)
    shared = Counter(run.name for run in runs)
    seen: Counter[str] = Counter()
    distinct = []
    for run in runs:
        folder = PurePosixPath(run.origin.path or "").parent.name
        told = printable(f"{folder}/{run.name}") if folder and shared[run.name] > 1 else ""
        name = told or run.name
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        distinct.append(run if name == run.name else replace(run, name=name))
    return tuple(distinct)


def _identity(part: Part) -> tuple[str, str, str | None, str | None]:
    return part.piece.sha256, part.piece.path, part.within, part.key


_EMPTY, _PACK = "It holds no metric files", "Pack the metric files themselves"


def _parts_in(upload: Upload, mapping: ColumnMapping) -> tuple[list[Part], list[Failure]]:
    """Return the parts in a file or archive; other files beside metrics are noted, not failures."""
    parts: list[Part] = []
    failures: list[Failure] = []
    passed_over: list[str] = []
    packed = is_archive(upload.content)
    try:
        for member in expanded(upload) if packed else _alone(upload):
            if isinstance(member, SourceError):
                failures.append(Failure(upload.name, str(member)))
                continue
            try:
                parts.extend(parts_of(member, mapping))
            except SourceError as error:
                if packed and _is_beside(member, error):
                    passed_over.append(PurePosixPath(member.name).name)
                else:
                    failures.append(_failure(member, error))
    except SourceError as error:
        failures.append(Failure(upload.name, str(error)))
    if passed_over and parts:
        parts[0] = replace(parts[0], notes=(*parts[0].notes, _passed_over(passed_over)))
    elif not parts and not failures:
        failures.append(Failure(upload.name, str(SourceError(_EMPTY, remedy=_PACK))))
    return parts, failures


def _is_beside(member: Upload, error: SourceError) -> bool:
    """Return whether a file in an archive lies there beside the metrics, such as a model's."""
    suffix = PurePosixPath(member.name).suffix.lower()
    return isinstance(error, NoMetricsError) or suffix not in METRIC_SUFFIXES


def _alone(upload: Upload) -> Iterator[Upload | SourceError]:
    yield upload


def _failure(upload: Upload, error: SourceError) -> Failure:
    table = error if isinstance(error, UnknownTableError) else None
    return Failure(upload.name, str(error), upload if table else None, table)


def _passed_over(names: list[str]) -> ImportNote:
    shown = ", ".join(printable(name) for name in names[:MAX_NAMED])
    more = ", …" if len(names) > MAX_NAMED else ""
    message = f"{count_of(len(names), 'other file')} in the archive without metrics: {shown}{more}"
    return ImportNote("passed_over", message, len(names))
