import io
import json
import shutil

import pandas as pd
import pytest

from tests.analysis.commands.test_command_line import call
from tests.shared_data import SAMPLES


def test_json_is_the_document_of_diagnose_for_many_runs():
    screened = json.loads(call("screen", str(SAMPLES), "--format", "json", "--workers", "1").stdout)
    diagnosed = json.loads(call("diagnose", str(SAMPLES), "--format", "json").stdout)
    assert screened["schema"] == diagnosed["schema"] == "goldilocks/1"
    for ours, theirs in zip(screened["runs"], diagnosed["runs"], strict=True):
        assert {k: v for k, v in ours.items() if k != "screening"} == theirs


@pytest.mark.parametrize("workers", ["1", "2"])
def test_any_number_of_workers_gives_the_same_bytes(workers, tmp_path):
    out = tmp_path / "out.csv"
    call("screen", str(SAMPLES), "--format", "csv", "--workers", workers, "--out", str(out))
    alone = call("screen", str(SAMPLES), "--format", "csv", "--workers", "1").stdout
    assert out.read_bytes() == alone


@pytest.mark.parametrize("output_format", ["json", "csv", "parquet"])
def test_called_again_only_what_changed_is_judged_again(output_format, tmp_path):
    folder, out = tmp_path / "runs", tmp_path / f"out.{output_format}"
    shutil.copytree(SAMPLES, folder)
    words = ("screen", str(folder), "--format", output_format, "--workers", "1", "--out", str(out))
    call(*words)
    first = out.read_bytes()
    call(*words)
    assert out.read_bytes() == first
    (folder / "overfit.csv").write_bytes((SAMPLES / "healthy.csv").read_bytes())
    (folder / "overfit.checkpoints.json").unlink()
    call(*words)
    assert out.read_bytes() != first


def test_the_table_names_every_run_and_what_to_do():
    output = call("screen", str(SAMPLES), "--workers", "1").stdout.decode()
    assert "overfit_severe" in output
    assert "deploy" in output


def test_one_bad_file_is_reported_and_passed_over(tmp_path):
    (tmp_path / "good.csv").write_bytes((SAMPLES / "healthy.csv").read_bytes())
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01")
    result = call("screen", str(tmp_path), "--format", "json", "--workers", "1")
    document = json.loads(result.stdout)
    assert result.returncode == 2
    assert len(document["runs"]) == 1
    assert "bad.csv" in document["failed"][0]["source"]
    assert b"bad.csv" in result.stderr


@pytest.mark.parametrize(("level", "code"), [("warn", 1), ("fail", 1), (None, 0)])
def test_fail_on_sets_the_exit_code(level, code):
    extra = ("--fail-on", level) if level else ()
    result = call("screen", str(SAMPLES / "overfit.csv"), "--workers", "1", *extra)
    assert result.returncode == code


def test_a_spreadsheet_never_gets_a_formula(tmp_path):
    file = tmp_path / "=cmd.csv"
    file.write_bytes((SAMPLES / "healthy.csv").read_bytes())
    table = call("screen", str(file), "--format", "csv", "--workers", "1").stdout
    assert pd.read_csv(io.BytesIO(table))["name"][0] == "'=cmd"


def test_an_output_of_another_kind_is_not_overwritten(tmp_path):
    out = tmp_path / "notes.json"
    out.write_text("mine")
    result = call("screen", str(SAMPLES), "--format", "json", "--out", str(out), "--workers", "1")
    assert result.returncode == 2
    assert out.read_text() == "mine"


def test_a_path_that_is_not_there_does_not_take_the_others_with_it():
    result = call("screen", "nowhere.csv", str(SAMPLES / "overfit.csv"), "--format", "json")
    document = json.loads(result.stdout)
    assert result.returncode == 2
    assert [run["name"] for run in document["runs"]] == ["overfit"]
    assert document["failed"][0]["source"] == "nowhere.csv"
