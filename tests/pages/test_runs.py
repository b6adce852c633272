from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import Report, diagnose, run_from_frame
from analysis.run import Origin
from analysis.screening.judging import row_of
from analysis.screening.output import csv_of
from tests.builders import falling, make_frame, noisy, sparse, turning
from tests.pages.app import button, open_app, texts
from tests.shared_data import ROOT


@cache
def judged(kind: str) -> Report:
    well = kind == "healthy"
    valid = falling(2.0, 0.9, 100) if well else turning(0.8, 0.6, 100)
    frame = make_frame(
        train_loss=noisy(falling(2.0, 0.85 if well else 0.5, 100), 0.03, 1),
        valid_loss=sparse(noisy(valid, 0.02, 2), 5),
    )
    return diagnose(run_from_frame(frame, n_epochs=3))


def report(number: int, **knobs: float | str) -> Report:
    """Return one of the judged runs under another name, identity and setting."""
    judgement = judged("healthy" if number % 3 else "overfit")
    identity = f"{number:012d}"
    settings = knobs or {"n_epochs": float(1 + number % 4), "batch_size": 8.0, "seed": number}
    run = replace(
        judgement.run, name=f"run {number}", hyperparameters=settings,
        origin=Origin(path=f"{number}.csv", sha256=identity),
    )  # fmt: skip
    curves = replace(judgement.curves, run=run)
    return replace(judgement, run=run, curves=curves)


def page(reports: list[Report]) -> AppTest:
    app = open_app()
    app.session_state["reports"] = {r.run.origin.sha256: r for r in reports}
    app.switch_page("pages/runs.py")
    return app.run()


def tick(app: AppTest, *places: int) -> AppTest:
    app.session_state["runs--"] = {"selection": {"rows": list(places), "columns": [], "cells": []}}
    return app.run()


def test_without_runs_the_page_offers_the_samples_and_a_screening():
    app = page([])
    assert not app.exception
    assert "No run yet" in texts(app)
    assert app.expander[0].label.startswith("Thousands of runs")


@pytest.mark.parametrize("n_runs", [1, 25, 300])
def test_every_run_has_its_row(n_runs):
    app = page([report(number) for number in range(n_runs)])
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) == n_runs
    assert {"Run", "Verdict", "Curve", "epochs"} <= set(table)
    assert any(name.endswith("↓ best") for name in table)
    assert "Problem" not in table["Verdict"].iloc[0]
    assert table["Verdict"].iloc[0][0].startswith("✕")


def test_words_and_verdicts_filter_the_rows():
    app = page([report(number) for number in range(25)])
    app.text_input(key="runs-words").set_value("n_epochs=2").run()
    assert len(app.dataframe[0].value) == 6
    app.text_input(key="runs-words").set_value("run 17").run()
    assert list(app.dataframe[0].value["Run"]) == ["run 17"]
    app.text_input(key="runs-words").set_value("").run()
    app.button_group(key="runs-labels").set_value([judged("healthy").headline.label]).run()
    assert len(app.dataframe[0].value) == 16
    app.text_input(key="runs-words").set_value("no such run").run()
    assert "No run matches" in texts(app)


def test_ticked_runs_are_compared():
    app = tick(page([report(number) for number in range(6)]), 0, 2)
    assert not app.exception
    button(app, "Compare 2 runs").click().run()
    assert "Which is better, and is it real?" in texts(app)
    held = app.session_state["choices"]["candidates"]
    assert [slot.run_id for slot in held] == [f"{n:012d}" for n in (0, 1)]


def test_one_ticked_run_is_opened():
    app = tick(page([report(number) for number in range(6)]), 1)
    button(app, "Open").click().run()
    assert app.session_state["run"] == "000000000003"


def test_the_sweep_tells_what_was_changed_alone():
    runs = [
        report(1, n_epochs=1.0, batch_size=8.0), report(2, n_epochs=3.0, batch_size=8.0),
        report(4, n_epochs=3.0, batch_size=8.0, seed=2.0),
        report(5, n_epochs=9.0, batch_size=64.0),
    ]  # fmt: skip
    app = page(runs)
    said = texts(app)
    assert "epochs: 3 runs differ in it alone" in said.replace("\\", "")
    assert "batch size: never changed alone" in said
    assert "Differ from every other run in several settings: run 5" in said
    assert "Runs of one setting scatter by" in said
    assert app.get("vega_lite_chart")


def test_without_hyperparameters_the_sweep_says_how_to_get_them():
    runs = [replace(r, run=replace(r.run, hyperparameters={})) for r in (report(1), report(2))]
    assert "do not say their hyperparameters" in texts(page(runs))


def test_a_table_of_a_screening_is_opened_beside_the_runs():
    content = csv_of([row_of(report(number)) for number in range(40)])
    app = page([report(1)])
    app.file_uploader[0].set_value([("runs.csv", content, "text/csv")]).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 41
    button(app, "Put 40 runs of the table away").click().run()
    assert len(app.dataframe[0].value) == 1


def test_a_file_that_is_no_table_of_a_screening_is_refused_with_a_remedy():
    app = page([report(1)])
    content = pd.DataFrame({"step": np.arange(3)}).to_csv().encode()
    app.file_uploader[0].set_value([("x.csv", content, "text/csv")]).run()
    assert "no table of a screening" in texts(app)


def test_many_runs_on_the_overview_point_to_this_page():
    app = page([report(number) for number in range(25)])
    app.switch_page("app.py")
    app.run()
    assert any(link.proto.page.endswith("runs") for link in app.get("page_link"))
    assert "All 25 runs in one table" in str([link.proto.label for link in app.get("page_link")])
    assert (ROOT / "pages/runs.py").exists()


def test_what_all_names_begin_with_does_not_fill_the_column():
    names = ("support-bot-lr1-seed1", "support-bot-lr1-seed2", "support-bot-lr2-seed1")
    runs = [report(number) for number in (1, 2, 3)]
    named = [replace(r, run=replace(r.run, name=n)) for r, n in zip(runs, names, strict=True)]
    app = page(named)
    assert not app.exception
    assert set(app.dataframe[0].value["Run"]) == {"…lr1-seed1", "…lr1-seed2", "…lr2-seed1"}
    assert set(page(runs).dataframe[0].value["Run"]) == {"run 1", "run 2", "run 3"}
