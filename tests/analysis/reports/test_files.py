"""Report files: self-contained, escaped, complete, and the same bytes each time."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import analysis
from analysis import Failure, Upload, diagnose, read_uploads
from analysis.reports.contents import redacted
from analysis.reports.document import document_of
from analysis.reports.html import html_of
from analysis.reports.markdown import markdown_of
from analysis.reports.table import HEADER, csv_of
from analysis.run import Checkpoint, Origin
from analysis.thresholds import PRESETS
from tests.analysis.curve.runs import named_run, report_on
from tests.shared_data import SAMPLES

WRITERS = {"html": html_of, "markdown": markdown_of, "csv": csv_of, "json": document_of}
HOSTILE = '<script>alert(1)</script>![x](http://evil.example/p.png)"><img src=x onerror=y>|`*_'
VOID = {"meta", "br", "img", "link"}


class Reader(HTMLParser):
    """Reads a file's tags and text, and fails on tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def parsed(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def sample(name: str):
    files = (SAMPLES / f"{name}.csv", SAMPLES / f"{name}.checkpoints.json")
    readings = read_uploads([Upload(path.name, path.read_bytes()) for path in files])
    return diagnose(readings.runs[0])


def hostile():
    run = replace(
        named_run("saved"),
        name=HOSTILE,
        origin=Origin(path=HOSTILE, format="frame", sha256="ab" * 32),
        checkpoints=tuple(Checkpoint(step, HOSTILE) for step in (100, 200, 300)),
    )
    return diagnose(run)


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", ["overfit", "hacked", "not validated", "short"])
def test_the_same_run_gives_the_same_bytes(form, name):
    again = diagnose(named_run(name))
    assert WRITERS[form]([report_on(name)], []) == WRITERS[form]([again], [])


def test_the_page_loads_and_runs_nothing():
    reader = parsed(html_of([sample("overfit"), sample("hacked_grader")]))
    assert not {"script", "link", "img", "iframe", "object", "a"} & set(reader.tags)
    named = {name for name, _ in reader.attributes}
    assert not {name for name in named if name.startswith("on")} | (named & {"src", "href"})
    assert any("default-src 'none'" in (value or "") for _, value in reader.attributes)
    assert "url(" not in html_of([sample("overfit")])


def test_the_page_holds_figures_evidence_decision_and_provenance():
    report = sample("overfit")
    page = html_of([report])
    words = " ".join(parsed(page).text)
    assert page.count("<svg") == 2
    assert page.count("<desc>") == 2
    for needed in (
        "Severe overfitting",
        report.headline.statement,
        "Deploy: step 200",
        report.recommendation.statement,
        "Runner-up: step ",
        report.run.origin.sha256,
        "every threshold at its default",
        "What to change next, one thing at a time",
        "Lower n_epochs",
        f"Goldilocks {analysis.__version__}",
    ):
        assert needed in words
    for verdict in report.verdicts:
        assert verdict.statement in words


@pytest.mark.parametrize("form", WRITERS)
def test_limits_that_differ_are_in_the_file(form):
    report = diagnose(named_run("overfit"), PRESETS["strict"])
    said = WRITERS[form]([report], [])
    if form == "csv":
        return
    assert re.search(r'ratio\\?_mild"?(: | = )1\.1', said)


def test_hostile_text_is_shown_and_does_nothing():
    page = html_of([hostile()], [Failure(HOSTILE, HOSTILE)])
    reader = parsed(page)
    assert "script" not in reader.tags
    assert "img" not in reader.tags
    assert HOSTILE in "".join(reader.text)


def test_hostile_text_is_no_markup_in_markdown():
    text = markdown_of([hostile()], [Failure(HOSTILE, "x | y")])
    loose = re.sub(r"`[^`]*`", "", re.sub(r"\\.", "", text))
    assert "<" not in loose
    assert "](" not in loose
    assert "![" not in loose
    assert "://" not in loose
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) in {3, 4, 5}


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(name):
    report = diagnose(replace(named_run("healthy"), name=name))
    rows = list(csv.DictReader(io.StringIO(csv_of([report]))))
    assert rows[0]["name"] == f"'{name}"


def test_the_table_has_a_row_for_each_run_and_failure():
    reports = [sample("overfit"), sample("no_validation")]
    rows = list(csv.DictReader(io.StringIO(csv_of(reports, [Failure("bad.csv", "is empty")]))))
    assert [row["headline"] for row in rows] == ["overfit_severe", "no_validation", ""]
    assert rows[0]["step"] == "200"
    assert rows[1]["step"] == ""
    assert rows[2] == dict.fromkeys(HEADER, "") | {"source": "bad.csv", "error": "is empty"}


def test_the_document_names_schema_and_limits():
    document = json.loads(document_of([diagnose(named_run("overfit"), PRESETS["strict"])], []))
    assert document["schema"] == "goldilocks/1"
    assert document["thresholds"]["ratio_mild"] == 1.1


@pytest.mark.parametrize("form", WRITERS)
def test_redacted_reports_hold_no_names_and_ids(form):
    named = hostile()
    report = replace(named, run=replace(named.run, name="secret-project"))
    (hidden,) = redacted([report])
    said = WRITERS[form]([hidden], [])
    assert "secret" not in said
    assert "evil" not in said
    assert "Run 1" in said
    assert hidden.recommendation.step == report.recommendation.step
    assert "ab" * 32 in said


def test_figures_say_in_words_what_they_draw():
    page = html_of([sample("hacked_grader")])
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert len(captions) == 2
    assert captions[0].startswith("Reward over 160 steps. Training reward: first 0.2")
    assert captions[0].endswith("Step 70 is marked as recommended.")
