import json
import subprocess
import sys

import pytest

from tests.shared_data import REAL, ROOT, SAMPLES, needs


def call(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=ROOT, input=stdin, capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def document(*arguments: str) -> dict:
    return json.loads(call("diagnose", *arguments, "--format", "json").stdout)


def test_json_follows_the_contract_and_is_all_of_standard_output():
    report = document(str(SAMPLES / "overfit.csv"))
    assert report["schema"] == "goldilocks/1"
    assert report["failed"] == []
    run = report["runs"][0]
    assert run.keys() >= {
        "name", "method", "source", "rows", "first_step", "last_step", "import_notes", "headline",
        "verdicts", "recommendation",
    }  # fmt: skip
    assert run["source"].keys() >= {"path", "job_id", "format", "sha256"}
    assert run["headline"].keys() >= {"label", "statement", "confidence"}
    assert run["recommendation"].keys() >= {
        "action", "step", "model", "tied_steps", "expected_regret", "statement", "candidates",
    }  # fmt: skip
    for verdict in run["verdicts"]:
        assert verdict.keys() >= {
            "rule", "status", "label", "probability", "statement", "evidence", "steps", "advice",
            "source",
        }  # fmt: skip


def test_the_same_input_gives_the_same_bytes():
    path = str(SAMPLES / "noisy_tiny_batch.csv")
    first = call("diagnose", path, "--format", "json").stdout
    assert first == call("diagnose", path, "--format", "json").stdout


def test_text_names_the_headline_the_step_and_the_evidence():
    output = call("diagnose", str(SAMPLES)).stdout.decode()
    assert "OVERFIT_SEVERE" in output
    assert "step 200" in output
    assert "Validation over training loss" in output


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["diagnose", str(SAMPLES / "overfit.csv")], 0),
        (["diagnose", str(SAMPLES / "overfit.csv"), "--fail-on", "fail"], 1),
        (["diagnose", str(SAMPLES / "overfit.csv"), "--fail-on", "warn"], 1),
        (["diagnose", str(SAMPLES / "no_validation.csv"), "--fail-on", "fail"], 0),
        (["diagnose", str(SAMPLES / "no_validation.csv"), "--fail-on", "warn"], 1),
        (["diagnose", str(SAMPLES / "healthy.csv"), "--fail-on", "warn"], 0),
        (["diagnose", "no-such-file.csv"], 2),
        (["diagnose", str(SAMPLES / "README.md"), str(SAMPLES / "healthy.csv")], 2),
        (["diagnose", str(SAMPLES / "healthy.csv"), "--no-such-option"], 2),
        (["diagnose"], 2),
        ([], 2),
        (["formats"], 0),
    ],
)
def test_exit_codes_follow_the_contract(arguments, exit_code):
    assert call(*arguments).returncode == exit_code


def test_what_cannot_be_read_is_reported_beside_the_others():
    report = document(str(SAMPLES / "README.md"), str(SAMPLES / "healthy.csv"))
    assert len(report["runs"]) == 1
    assert report["failed"][0]["source"].endswith("README.md")
    assert report["failed"][0]["error"]


def test_standard_input_is_read():
    result = call("diagnose", "-", "--format", "json", stdin=(SAMPLES / "healthy.csv").read_bytes())
    assert json.loads(result.stdout)["runs"][0]["name"] == "stdin"


def test_a_glob_and_a_folder_find_the_same_runs():
    by_glob = document(str(SAMPLES / "*.csv"))
    by_folder = document(str(SAMPLES))
    names = [run["name"] for run in by_glob["runs"]]
    assert names == [run["name"] for run in by_folder["runs"]]
    assert len(names) >= 5


def test_the_report_can_be_written_to_a_file(tmp_path):
    out = tmp_path / "report.json"
    path = str(SAMPLES / "healthy.csv")
    result = call("diagnose", path, "--format", "json", "--out", str(out))
    assert result.stdout == b""
    assert json.loads(out.read_text())["runs"]
    nowhere = call("diagnose", path, "--out", str(tmp_path / "none" / "x"))
    assert nowhere.returncode == 2
    assert b"Cannot write" in nowhere.stderr


def test_formats_lists_every_header():
    output = call("formats").stdout.decode()
    for name in ("openai-results", "openai-legacy-results", "azure-results", "checkpoints"):
        assert name in output


@needs(REAL)
def test_every_real_file_is_reported_or_named_with_its_reason():
    report = document(str(REAL))
    reported = {run["source"]["path"] for run in report["runs"]}
    failed = {failure["source"] for failure in report["failed"]}
    assert reported | failed == {str(path) for path in REAL.iterdir()}
    assert not reported & failed


def test_a_stricter_preset_finds_what_ours_lets_pass():
    path = str(SAMPLES / "noisy_tiny_batch.csv")
    ours, strict = (
        {
            v["rule"]: v["probability"]
            for v in document(path, "--preset", preset)["runs"][0]["verdicts"]
        }
        for preset in ("goldilocks", "strict")
    )
    assert strict["overfitting"] > ours["overfitting"]


def test_a_preset_that_does_not_exist_is_refused_with_the_ones_that_do():
    called = call("diagnose", str(SAMPLES), "--preset", "lenient")
    assert called.returncode == 2
    assert b"microsoft" in called.stderr


def test_limits_of_a_file_are_judged_by(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("[thresholds]\nlow_train_loss = 0.9\n")
    path = str(SAMPLES / "overfit.csv")
    ours, mine = document(path), document(path, "--thresholds", str(file))
    found = [
        {v["rule"]: v["status"] for v in report["runs"][0]["verdicts"]}["low_train_loss"]
        for report in (ours, mine)
    ]
    assert found == ["pass", "warn"]


def test_a_file_without_limits_is_refused(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("[thresholds]\nratio_mld = 1\n")
    result = call("diagnose", str(SAMPLES / "healthy.csv"), "--thresholds", str(file))
    assert result.returncode == 2
    assert b"no threshold 'ratio_mld'" in result.stderr
    assert call("diagnose", "x.csv", "--thresholds", "nowhere.toml").returncode == 2


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("html", "<!doctype html>"), ("markdown", "# Goldilocks"), ("csv", "name,method")],
)
def test_reports_are_written_in_every_form(form, beginning, tmp_path):
    out = tmp_path / "report"
    path = str(SAMPLES / "underfit.csv")
    result = call("diagnose", path, "nowhere.csv", "--format", form, "--out", str(out))
    assert result.returncode == 2
    assert result.stdout == b""
    assert b"Not read: nowhere.csv" in result.stderr
    text = out.read_text()
    assert text.startswith(beginning)
    assert "underfit" in text
    assert "nowhere.csv" in text
