"""What cannot be seen is taken out of names wherever a run comes from, and out of every export."""

import csv
import io

import pytest

from analysis import Checkpoint, diagnose, run_from_frame
from analysis.reports.html import html_of
from analysis.reports.markdown import markdown_of
from analysis.reports.table import csv_of
from analysis.screening.output import csv_of as screening_csv
from analysis.visible import visible
from tests.builders import falling, make_frame

UNSEEN = "\u202e\u202d\u2066\u2069\u200f\u200b\ufeff\x00\x07\x1b\x7f\x85\u2028\n\t"


def spoofed():
    name = f"a{UNSEEN}b"
    frame = make_frame(train_loss=falling(2.0, 0.5, 40)).assign(**{f"x{UNSEEN}y": 1.0})
    return run_from_frame(
        frame,
        name=name,
        checkpoints=[Checkpoint(40, f"m{UNSEEN}n")],
        hyperparameters={f"h{UNSEEN}": f"v{UNSEEN}", "n": 2.0},
    )


def test_letters_of_every_script_stay_and_marks_of_direction_go():
    assert visible("שלום Ñandú 漢字 🥣") == "שלום Ñandú 漢字 🥣"
    assert visible(UNSEEN).strip() == ""


def test_a_run_holds_nothing_that_cannot_be_seen():
    run = spoofed()
    texts = [run.name, run.checkpoints[0].model, *run.frame.columns, *run.hyperparameters]
    texts.append(run.hyperparameters[next(iter(run.hyperparameters))])
    assert not set(UNSEEN) & set("".join(texts))
    assert run.hyperparameters["n"] == 2.0


@pytest.mark.parametrize("writer", [html_of, markdown_of, csv_of])
def test_no_export_holds_what_cannot_be_seen(writer):
    written = writer([diagnose(spoofed())])
    assert not (set(UNSEEN) - {"\n"}) & set(written)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\u202e=", "\t=", "\uff1d", "\uff20"])
def test_no_cell_of_an_export_begins_like_a_formula(start):
    name = f"{start}cmd|'/C calc'!A1"
    report = diagnose(run_from_frame(make_frame(train_loss=falling(2.0, 0.5, 40)), name=name))
    tables = csv_of([report]), screening_csv([{"name": name, "headline": "x"}]).decode()
    for table in tables:
        (row,) = csv.DictReader(io.StringIO(table))
        assert row["name"].startswith("'")
