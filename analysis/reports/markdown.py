"""Reports as Markdown, for issues, wikis and pull requests; figures are given in words."""

import re
from collections.abc import Iterable, Sequence

from analysis.report import Report
from analysis.reports.contents import STATUS_WORDS, Contents, Finding, contents_of
from analysis.sources.reading import Failure
from analysis.visible import visible

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&!@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LEADING = re.compile(r"^(\s*\d*)([-+=.)](?=\s|$))")


def markdown_of(reports: Sequence[Report], failures: Sequence[Failure] = ()) -> str:
    """Return every report, then every failure, as Markdown that ends with a line end."""
    blocks = ["# Goldilocks: which checkpoint is just right"]
    blocks.extend(_run(contents_of(report)) for report in reports)
    if failures:
        lines = [f"- {_text(f.source)}: {_text(f.error)}" for f in failures]
        blocks.append("\n".join(["## Not read", "", *lines]))
    return "\n\n".join(blocks) + "\n"


def _run(contents: Contents) -> str:
    parts = [
        f"## {_text(contents.name)}",
        _text(contents.subtitle),
        f"**{_text(contents.label)}.** {_text(contents.headline)} ({_text(contents.sure)})",
        f"### {_text(contents.action)}",
        _text(contents.decision),
        f"Model: `{visible(contents.model).replace('`', '')}`" if contents.model else "",
        _text(contents.runner_up),
        _table(("Step", "Why", "Chance to be best", "Expected regret"), contents.candidates),
        "### The curves in words",
        "\n".join(f"- {_text(figure.text)}" for figure in contents.figures),
        "### What was found" if contents.findings else "",
        *(_finding(finding) for finding in contents.findings),
        "### What to change next, one thing at a time" if contents.changes else "",
        "\n".join(_change(*change) for change in contents.changes),
        "### Every other check",
        _table(("Check", "Result", "In words"), contents.quiet),
        "### Where this comes from",
        _table(("What", "Value"), contents.provenance),
        "\n".join(f"- {_text(note)}" for note in contents.notes),
    ]
    return "\n\n".join(part for part in parts if part)


def _change(text: str, why: str) -> str:
    return f"1. {_text(text)} *{_text(why)}*"


def _finding(finding: Finding) -> str:
    sure = f" ({_text(finding.sure)})" if finding.sure else ""
    word = STATUS_WORDS[finding.status]
    parts = [
        f"#### {word}: {_text(finding.title)}{sure}",
        _text(finding.statement),
        _table(("Evidence", "Value", "Normal"), finding.evidence),
        "\n".join(f"- {_text(advice)}." for advice in finding.advice),
        f"This verdict turns if {_text(finding.flips)}." if finding.flips else "",
        f"Rule after: {_text(finding.source)}",
    ]
    return "\n\n".join(part for part in parts if part)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(_text(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(header)} |", "|" + " --- |" * len(header), *lines])


def _text(text: str) -> str:
    """Return a text that Markdown shows as it is: no markup, no link, one line."""
    return _LEADING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", visible(text)))
