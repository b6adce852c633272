"""Reports as one HTML file: no scripts, no links to anything, readable offline and on paper.

Every text is escaped; the page's own policy forbids loading or running anything.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from analysis.report import Report
from analysis.reports.contents import Contents, Finding, contents_of
from analysis.reports.figures import STYLE as FIGURE_STYLE
from analysis.reports.figures import Figure
from analysis.sources.reading import Failure
from analysis.visible import visible

STYLE = Path(__file__).with_name("style.css")
TITLE = "Goldilocks: which checkpoint is just right"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_of(reports: Sequence[Report], failures: Sequence[Failure] = ()) -> str:
    """Return every report, then every failure, as one self-contained HTML file."""
    articles = "\n".join(_article(contents_of(report)) for report in reports)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{TITLE}</title>\n<style>\n{_style()}</style>\n</head>\n"
        f"<body>\n<h1>{TITLE}</h1>\n{articles}\n{_failed(failures)}</body>\n</html>\n"
    )


def _style() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (STYLE, FIGURE_STYLE))


def _article(contents: Contents) -> str:
    status = contents.status.value
    parts = [
        f"<h2>{_text(contents.name)}</h2>",
        _paragraph(contents.subtitle, "soft"),
        f'<p class="verdict"><span class="status {status}">{_text(contents.label)}.</span> '
        f"{_text(contents.headline)}</p>",
        _paragraph(f"How sure: {contents.sure}.", "soft"),
        _decision(contents),
        *(_figure(figure) for figure in contents.figures),
        "<h3>What was found</h3>" if contents.findings else "",
        *(_finding(finding) for finding in contents.findings),
        "<h3>What to change next, one thing at a time</h3>" if contents.changes else "",
        _table(("Change, the first to try first", "Why"), contents.changes),
        "<h3>Every other check</h3>",
        _table(("Check", "Result", "In words"), contents.quiet),
        "<h3>Where this comes from</h3>",
        _table(("", ""), contents.provenance),
        _list(contents.notes),
    ]
    return "<article>\n" + "\n".join(part for part in parts if part) + "\n</article>"


def _decision(contents: Contents) -> str:
    model = f"<p>Model: <code>{_text(contents.model)}</code></p>" if contents.model else ""
    table = _table(("Step", "Why", "Chance to be best", "Expected regret"), contents.candidates)
    return (
        f'<div class="decision"><p><strong>{_text(contents.action)}</strong></p>'
        f"{_paragraph(contents.decision)}{model}{_paragraph(contents.runner_up)}{table}</div>"
    )


def _figure(figure: Figure) -> str:
    return f"<figure>{figure.svg}<figcaption>{_text(figure.text)}</figcaption></figure>"


def _finding(finding: Finding) -> str:
    sure = f' <span class="soft">{_text(finding.sure)}</span>' if finding.sure else ""
    flips = f"This verdict turns if {finding.flips}." if finding.flips else ""
    return (
        f'<section class="finding"><h4><span class="status {finding.status.value}">'
        f"{_text(finding.title)}</span>{sure}</h4>{_paragraph(finding.statement)}"
        f"{_table(('Evidence', 'Value', 'Normal'), finding.evidence)}"
        f"{_list([f'{advice}.' for advice in finding.advice])}"
        f"{_paragraph(flips, 'soft')}{_paragraph(f'Rule after: {finding.source}', 'soft')}"
        "</section>"
    )


def _failed(failures: Sequence[Failure]) -> str:
    if not failures:
        return ""
    rows = [(failure.source, failure.error) for failure in failures]
    return f"<article>\n<h2>Not read</h2>\n{_table(('Source', 'Why'), rows)}\n</article>\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[f"<td>{_text(cell)}</td>" for cell in row] for row in rows]
    if not cells:
        return ""
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    named = "".join(f'<th scope="col">{_text(name)}</th>' for name in header)
    head = f"<thead><tr>{named}</tr></thead>" if any(header) else ""
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _list(items: Iterable[str]) -> str:
    lines = "".join(f"<li>{_text(item)}</li>" for item in items)
    return f"<ul>{lines}</ul>" if lines else ""


def _paragraph(text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f"<p{marked}>{_text(text)}</p>" if text else ""


def _text(text: str) -> str:
    """Return a text as HTML shows it: no markup, nothing that does not print."""
    return escape(visible(text))
