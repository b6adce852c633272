"""Reports as plain text for a terminal."""

from collections.abc import Iterable
from textwrap import fill

from analysis.recommendation import Candidate
from analysis.report import Report
from analysis.schema import Method
from analysis.sources.reading import Failure
from analysis.verdict import Evidence, Status, Verdict
from analysis.wording import number, probability, regret

WIDTH = 100
WORDS = {
    Status.PASS: "ok",
    Status.WARN: "WARN",
    Status.FAIL: "FAIL",
    Status.NOT_APPLICABLE: "not logged",
    Status.INSUFFICIENT_DATA: "too little data",
}


def text_of(reports: Iterable[Report], failures: Iterable[Failure]) -> str:
    """Return every report, then every failure, as text that ends with a line end."""
    blocks = [_report(report) for report in reports]
    blocks.extend(_wrapped(f"NOT READ  {f.source}: {f.error}", "  ") for f in failures)
    return "\n\n".join(blocks) + "\n"


def _report(report: Report) -> str:
    run = report.run
    steps = f"{len(run.frame):,} logged steps, {report.run.method.upper()}, {run.origin.format}"
    sure = probability(report.headline.confidence)
    lines = [
        f"{run.name}  ({steps})",
        _wrapped(
            f"  {report.headline.label.upper()}: {report.headline.statement} ({sure})", "    "
        ),
        _wrapped(
            f"  {report.recommendation.action.upper()}: {report.recommendation.statement}", "    "
        ),
        *(f"    {_candidate(c, report.run.method)}" for c in report.recommendation.candidates),
    ]
    for verdict in report.findings:
        lines.extend(_finding(verdict))
    quiet = [v for v in report.verdicts if v not in report.findings]
    lines.extend(_wrapped(f"  {WORDS[v.status]:<5} {v.rule}: {v.statement}", "    ") for v in quiet)
    lines.extend(_wrapped(f"  note  {note.message}", "    ") for note in run.notes)
    return "\n".join(lines)


def _candidate(candidate: Candidate, method: Method) -> str:
    parts = [f"step {candidate.step:,}: {candidate.role}"]
    if candidate.expected_regret is not None:
        lost = regret(candidate.expected_regret, in_reward=method is Method.RFT)
        parts.append(f"expected regret {lost}")
    if candidate.probability_best is not None:
        parts.append(f"best with probability {candidate.probability_best:.0%}")
    if candidate.model:
        parts.append(candidate.model)
    return ", ".join(parts)


def _finding(verdict: Verdict) -> list[str]:
    sure = f" ({probability(verdict.probability)})" if verdict.probability is not None else ""
    lines = [
        _wrapped(f"  {WORDS[verdict.status]:<5} {verdict.rule}: {verdict.statement}{sure}", "    ")
    ]
    lines.extend(f"        {_evidence(item)}" for item in verdict.evidence)
    lines.extend(_wrapped(f"        - {advice}", "          ") for advice in verdict.advice)
    lines.append(_wrapped(f"        source: {verdict.source}", "          "))
    return lines


def _evidence(item: Evidence) -> str:
    normal = f" (normal: {item.normal})" if item.normal else ""
    return f"{item.label}: {number(item.value, digits=3, as_share=item.as_share)}{normal}"


def _wrapped(text: str, indent: str) -> str:
    return fill(text, WIDTH, subsequent_indent=indent, drop_whitespace=True, break_long_words=False)
