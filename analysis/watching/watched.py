"""Watched: a job under watch, from one sight of it to the next."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from analysis.diagnose import diagnose
from analysis.report import Report
from analysis.run import Run
from analysis.sources.mapping import NO_MAPPING, ColumnMapping
from analysis.sources.reading import read_uploads
from analysis.thresholds import GOLDILOCKS, Thresholds
from analysis.up_to import up_to
from analysis.usable_steps import BASE_MODEL_STEP
from analysis.watching.feeds import Sight
from analysis.watching.look import Look
from analysis.watching.standing import Phase, Standing, after
from analysis.wording import counted

EARLIER = (0.8, 0.9)  # shares of what is logged at the first look at which it is looked at as well


@dataclass(frozen=True)
class Settings:
    """What a verdict depends on beside the job.

    Attributes
    ----------
    thresholds : Thresholds
        Limits of the rules.
    mapping : ColumnMapping
        What columns mean.
    """

    thresholds: Thresholds = GOLDILOCKS
    mapping: ColumnMapping = NO_MAPPING


@dataclass(frozen=True, eq=False)
class Watched:
    """A job under watch.

    Attributes
    ----------
    name : str
        The job's id, or the file's path.
    look : Look
        What the last look showed.
    standing : Standing
        What is said of it.
    digest : str
        Hash of the metrics that were last judged; empty before there were any.
    problem : str
        Why what is there cannot be read; empty where it can, or there is nothing yet.
    """

    name: str
    look: Look = field(default_factory=Look)
    standing: Standing = field(default_factory=Standing)
    digest: str = ""
    problem: str = ""


def seen(watched: Watched, sight: Sight, settings: Settings = Settings()) -> Watched:
    """Return a watched job after a sight of it; without news, only status and end can change.

    A job of which much is logged at the first sight is judged as if it had been watched before:
    what is said does not depend on when one came.
    """
    digest = _digest(sight)
    if digest == watched.digest:
        look = replace(watched.look, status=sight.status, ended=sight.ended)
        return replace(watched, look=look, standing=after(watched.standing, look))
    run, planned, problem = _read(sight, settings)
    ended = sight.ended or (sight.status is None and _is_through(run, planned))
    if run is None:
        look = replace(watched.look, status=sight.status, ended=ended)
        standing = after(watched.standing, look)
        return Watched(watched.name, look, standing, digest, problem)
    report = diagnose(run, settings.thresholds)
    look = Look(sight.status, ended, report, planned)
    standing = watched.standing
    if standing.phase is Phase.WAITING and not ended:
        standing = _caught_up(report, look, settings)
    return Watched(watched.name, look, after(standing, look), digest)


def _caught_up(report: Report, look: Look, settings: Settings) -> Standing:
    """Return what would be said had the job been looked at before."""
    standing = Standing()
    for share in EARLIER:
        step = int(report.run.last_step * share)
        if step <= BASE_MODEL_STEP:
            continue
        try:
            part = up_to(report.run, step)
        except ValueError:  # nothing was logged by then
            continue
        earlier = diagnose(part, settings.thresholds)
        standing = after(standing, replace(look, report=earlier))
    return standing


def _read(sight: Sight, settings: Settings) -> tuple[Run | None, int | None, str]:
    """Return the run, the steps that are planned, and why there is no run."""
    if not sight.uploads:
        return None, None, ""
    readings = read_uploads(sight.uploads, settings.mapping)
    planned = max((part.total_steps for part in readings.parts if part.total_steps), default=None)
    if len(readings.runs) > 1:
        problem = f"{counted(len(readings.runs), 'run')} in one file: watch one file for each run"
        return None, planned, problem
    if readings.runs:
        return readings.runs[0], planned, ""
    # A job without metrics is only waiting; a file that nobody can read is a problem.
    unread = [failure.error for failure in readings.failures if not failure.waits]
    return None, planned, next(iter(unread), "")


def _is_through(run: Run | None, planned: int | None) -> bool:
    return run is not None and planned is not None and run.last_step >= planned


def _digest(sight: Sight) -> str:
    """Return a hash of the metrics, without the job's own record: its status is no evidence."""
    parts = [sha256(u.content).hexdigest() for u in sight.uploads if not _is_record(u.name)]
    # An ended job's run is told its end: what is to be done with it depends on that.
    return sha256("\n".join([*parts, str(sight.ended)]).encode()).hexdigest() if parts else ""


def _is_record(name: str) -> bool:
    return name.startswith("jobs/") and name.endswith("/job.json")
