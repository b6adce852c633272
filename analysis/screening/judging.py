"""Judging one unit: a pure function of its files and the settings, the same on any machine."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

import analysis
from analysis.diagnose import diagnose
from analysis.errors import SourceError
from analysis.report import Report
from analysis.schema import METRICS, Direction, Method
from analysis.screening.units import Unit, uploads_of
from analysis.sources.mapping import NO_MAPPING, ColumnMapping
from analysis.sources.reading import read_uploads
from analysis.sources.uploads import Upload
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.verdict import Status

BEST_AND_LAST = (
    "train_loss",
    "valid_loss",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
    "train_mean_reward",
    "full_valid_mean_reward",
)


@dataclass(frozen=True)
class Settings:
    """What a verdict depends on beside the files.

    Attributes
    ----------
    thresholds : Thresholds
        Every limit.
    method : str
        ``auto``, or the method every run is taken for.
    mapping : ColumnMapping
        What columns mean.
    """

    thresholds: Thresholds = GOLDILOCKS
    method: str = "auto"
    mapping: ColumnMapping = NO_MAPPING

    @property
    def digest(self) -> str:
        """A short hash of all of it and of the version, to know a verdict that still holds."""
        parts = [analysis.__version__, self.method, asdict(self.thresholds), asdict(self.mapping)]
        text = json.dumps(parts, sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Judged:
    """What came of one unit.

    Attributes
    ----------
    unit : str
        The path it goes by.
    digest : str
        Hash of its files and the settings; empty when they could not be opened.
    entries : tuple of dict
        The runs' reports, as in the JSON of ``diagnose``.
    rows : tuple of dict
        One flat row per run, for tables.
    failures : tuple of dict
        What could not be read: ``source`` and ``error``.
    kept : bool
        Whether an earlier screening judged the same content with the same settings.
    """

    unit: str
    digest: str = ""
    entries: tuple[dict[str, Any], ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    failures: tuple[dict[str, str], ...] = ()
    kept: bool = False


@dataclass(frozen=True)
class Task:
    """One unit's work.

    Attributes
    ----------
    unit : Unit
        The files.
    settings : Settings
        How to judge them.
    known : str
        Digest under which an earlier screening knows the unit; empty when it does not.
    full : bool
        Whether the reports are wanted beside the rows.
    """

    unit: Unit
    settings: Settings = field(default_factory=Settings)
    known: str = ""
    full: bool = True


def judge(task: Task) -> Judged:
    """Return the verdicts on a unit; what cannot be read is among its failures."""
    unit = task.unit
    try:
        uploads = uploads_of(unit)
    except SourceError as error:
        return Judged(unit.name, failures=({"source": unit.name, "error": str(error)},))
    digest = _digest(uploads, task.settings)
    if digest == task.known:
        return Judged(unit.name, digest, kept=True)
    readings = read_uploads(uploads, task.settings.mapping)
    reports = []
    for run in readings.runs:
        method = task.settings.method
        judged = run if method == "auto" else replace(run, method=Method(method))
        reports.append(diagnose(judged, task.settings.thresholds))
    return Judged(
        unit.name,
        digest,
        entries=tuple(report.to_dict() for report in reports) if task.full else (),
        rows=tuple(row_of(report) for report in reports),
        failures=tuple({"source": f.source, "error": f.error} for f in readings.failures),
    )


def row_of(report: Report) -> dict[str, Any]:
    """Return a report as one flat row of a table."""
    run, choice = report.run, report.recommendation
    statuses = {verdict.status for verdict in report.verdicts}
    worst = next((s for s in (Status.FAIL, Status.WARN, Status.PASS) if s in statuses), None)
    return {
        "name": run.name,
        "path": run.origin.path,
        "method": run.method.value,
        "base_model": run.job.base_model if run.job else None,
        "rows": len(run.frame),
        "last_step": run.last_step,
        "headline": report.headline.label,
        "status": report.headline.status.value,
        "confidence": round(report.headline.confidence, 4),
        "statement": report.headline.statement,
        "worst": worst.value if worst else None,
        "found": " ".join(verdict.rule for verdict in report.findings),
        "action": choice.action.value,
        "step": choice.step,
        "model": choice.model,
        "expected_regret": choice.expected_regret,
        **_values(report),
        **{f"hyperparameters/{name}": value for name, value in run.hyperparameters.items()},
    }


def _values(report: Report) -> Mapping[str, float]:
    values = {}
    for name in BEST_AND_LAST:
        logged = report.run.frame[name].dropna() if report.run.has(name) else None
        if logged is None or logged.empty:
            continue
        lower = METRICS[name].direction is Direction.LOWER
        values[f"{name}/best"] = float(logged.min() if lower else logged.max())
        values[f"{name}/last"] = float(logged.iloc[-1])
    return values


def _digest(uploads: list[Upload], settings: Settings) -> str:
    parts = [settings.digest, *(f"{u.name}:{sha256(u.content).hexdigest()}" for u in uploads)]
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
