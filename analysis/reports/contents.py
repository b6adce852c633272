"""What a report file says of one run, before it is set in HTML or Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

import analysis
from analysis.advice.next_steps import next_changes
from analysis.advice.platform import platform_of
from analysis.limits import changed, preset_of
from analysis.recommendation import Candidate
from analysis.report import Report
from analysis.reports.figures import Figure, figures_of
from analysis.run import Checkpoint, Origin
from analysis.schema import Method
from analysis.verdict import Evidence, Status, Verdict
from analysis.wording import action_words, label_words, number, probability, regret

STATUS_WORDS = {
    Status.FAIL: "Problem",
    Status.WARN: "Look closer",
    Status.PASS: "Fine",
    Status.NOT_APPLICABLE: "Not logged",
    Status.INSUFFICIENT_DATA: "Cannot tell",
}


@dataclass(frozen=True)
class Finding:
    """A verdict in words.

    Attributes
    ----------
    title, statement, sure : str
        What was found, in a sentence, and how sure that is.
    status : Status
        How it is to be taken.
    evidence : tuple of (str, str, str)
        Name, value and what is normal.
    advice : tuple of str
        What to do, the cheapest first.
    flips, source : str
        What would turn it, and where the rule comes from.
    """

    title: str
    status: Status
    statement: str
    sure: str
    evidence: tuple[tuple[str, str, str], ...]
    advice: tuple[str, ...]
    flips: str
    source: str


@dataclass(frozen=True)
class Contents:
    """Everything a report file says of one run.

    Attributes
    ----------
    name, subtitle : str
        The run, and what it is.
    status : Status
        How the headline is to be taken.
    label, headline, sure : str
        The headline's label in words, its sentence and its probability.
    action, decision, runner_up, model : str
        What to do, why, what comes second, and the name to deploy by; empty when unknown.
    candidates : tuple of rows
        Step, role, chance to be best, regret.
    findings : tuple of Finding
        What warns or fails.
    quiet : tuple of (str, str, str)
        Rule, status and statement of everything else.
    changes : tuple of (str, str)
        What to change next, the first to try first, and why.
    figures : tuple of Figure
        The curves.
    provenance : tuple of (str, str)
        Where the data come from, the limits, the versions.
    notes : tuple of str
        What the import did.
    """

    name: str
    subtitle: str
    status: Status
    label: str
    headline: str
    sure: str
    action: str
    decision: str
    runner_up: str
    model: str
    candidates: tuple[tuple[str, str, str, str], ...]
    findings: tuple[Finding, ...]
    quiet: tuple[tuple[str, str, str], ...]
    changes: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    provenance: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def contents_of(report: Report) -> Contents:
    """Return what a report file says of a run."""
    run, said = report.run, report.recommendation
    found = set(map(id, report.findings))
    quiet = [verdict for verdict in report.verdicts if id(verdict) not in found]
    return Contents(
        name=run.name,
        subtitle=f"{run.method.upper()}, {run.last_step:,} steps, {len(run.frame):,} rows logged",
        status=report.headline.status,
        label=label_words(report.headline.label),
        headline=report.headline.statement,
        sure=probability(report.headline.confidence),
        action=action_words(said.action, said.step),
        decision=said.statement,
        runner_up=_runner_up(report),
        model=said.model or "",
        candidates=tuple(_candidate(c, run.method) for c in said.candidates),
        findings=tuple(_finding(verdict) for verdict in report.findings),
        quiet=tuple((label_words(v.rule), STATUS_WORDS[v.status], v.statement) for v in quiet),
        changes=tuple(
            (f"{change.text}. {change.specifics}".rstrip(), change.why)
            for change in next_changes(report, platform_of(run))
        ),
        figures=figures_of(report),
        provenance=_provenance(report),
        notes=tuple(note.message for note in run.notes),
    )


def redacted(reports: Sequence[Report]) -> tuple[Report, ...]:
    """Return the reports without names and ids: of runs, files, jobs and models.

    The hash of the data stays. Notes of the import go, since they may quote a file.
    """
    return tuple(_without_names(report, place) for place, report in enumerate(reports, 1))


def _without_names(report: Report, place: int) -> Report:
    origin = report.run.origin
    run = replace(
        report.run,
        name=f"Run {place}",
        checkpoints=tuple(Checkpoint(c.step) for c in report.run.checkpoints),
        job=None,
        origin=Origin(format=origin.format, sha256=origin.sha256),
        notes=(),
    )
    said = report.recommendation
    nameless = tuple(replace(candidate, model=None) for candidate in said.candidates)
    recommendation = replace(said, model=None, candidates=nameless)
    return replace(report, run=run, recommendation=recommendation)


def _runner_up(report: Report) -> str:
    choices = report.recommendation.choices
    if choices is None or len(choices.steps) < 2:
        return ""
    second = int(np.argsort(choices.regret, kind="stable")[1])
    lost = regret(float(choices.regret[second]), in_reward=report.run.method is Method.RFT)
    chance = float(choices.probability_best[second])
    return (
        f"Runner-up: step {int(choices.steps[second]):,}, expected to give away {lost}; it is the "
        f"best choice with a probability of {chance:.0%}."
    )


def _candidate(candidate: Candidate, method: Method) -> tuple[str, str, str, str]:
    chance, lost = candidate.probability_best, candidate.expected_regret
    return (
        f"{candidate.step:,}",
        candidate.role,
        "" if chance is None else f"{chance:.0%}",
        "" if lost is None else regret(lost, in_reward=method is Method.RFT),
    )


def _finding(verdict: Verdict) -> Finding:
    band = f", {verdict.label.replace('_', ' ')}" if verdict.label else ""
    return Finding(
        title=f"{label_words(verdict.rule)}{band}",
        status=verdict.status,
        statement=verdict.statement,
        sure="" if verdict.probability is None else probability(verdict.probability),
        evidence=tuple(_evidence(item) for item in verdict.evidence),
        advice=verdict.advice,
        flips=verdict.flips,
        source=verdict.source,
    )


def _evidence(item: Evidence) -> tuple[str, str, str]:
    def shown(value: float) -> str:
        return number(value, digits=3, as_share=item.as_share)

    interval = ""
    if item.low is not None and item.high is not None:
        interval = f" ({shown(item.low)} to {shown(item.high)})"
    return item.label, f"{shown(item.value)}{interval}", item.normal


def _provenance(report: Report) -> tuple[tuple[str, str], ...]:
    origin = report.run.origin
    rows: list[tuple[str, Any]] = [
        ("Source", origin.path),
        ("Job", origin.job_id),
        ("Read as", origin.format),
        ("SHA-256 of the data", origin.sha256),
        ("Also read", ", ".join(origin.joined)),
        ("Limits", _limits(report)),
        ("Versions", f"Goldilocks {analysis.__version__}, NumPy {np.__version__}, "
                     f"pandas {pd.__version__}"),
    ]  # fmt: skip
    return tuple((name, str(value)) for name, value in rows if value)


def _limits(report: Report) -> str:
    preset = preset_of(report.thresholds)
    differ = changed(report.thresholds)
    if not differ:
        return "goldilocks: every threshold at its default"
    shown = ", ".join(f"{name} = {value:g}" for name, value in differ.items())
    return f"{preset or 'own'}: {shown}; all others at their defaults"
